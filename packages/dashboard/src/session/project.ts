import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ItemOf } from '../api/operation.ts'
import { projectsQuery } from './me.ts'

export type Project = ItemOf<'GET /api/v1/projects'>

/** The projects that the person can reach. */
export function useProjects(): readonly Project[] {
  return useSuspenseQuery({ ...projectsQuery, staleTime: 30_000 }).data.items
}

/** The project that is open; `null`: the page is about none, or about one that is out of reach. */
export function useProject(): Project | null {
  const { projectId } = useParams({ strict: false })
  return useProjects().find(({ id }) => id === projectId) ?? null
}

/** The id of the project in the address. For pages under `/projects/:projectId`. */
export function useProjectId(): string {
  const { projectId } = useParams({ strict: false })
  if (projectId === undefined) throw new Error('This page is about a project, and its address names none.')
  return projectId
}

const remembered = 'trueup.project'

/** The project that was open last in this browser. */
export function lastProject(): string | null {
  return localStorage.getItem(remembered)
}

export function rememberProject(projectId: string): void {
  localStorage.setItem(remembered, projectId)
}
