import { useSuspenseQuery } from '@tanstack/react-query'
import type { AnswerOf } from '../api/operation.ts'
import type { Role } from '../api/policy.ts'
import { queryOf } from '../api/query.ts'

/** The person who is signed in. */
export type Me = Extract<AnswerOf<'GET /api/v1/me'>, { kind: 'person' }>

export const meQuery = queryOf('GET /api/v1/me')
export const projectsQuery = queryOf('GET /api/v1/projects')

/** Who is signed in. Pages behind the sign-in have it read before they are shown. */
export function useMe(): Me {
  const { data } = useSuspenseQuery({ ...meQuery, staleTime: 60_000 })
  if (data.kind !== 'person') throw new Error('The dashboard is for people, and an API key is signed in.')
  return data
}

/** The role in a workspace; `null`: none. */
export function useRole(workspaceId: string | undefined): Role | null {
  return useMe().workspaces.find((workspace) => workspace.workspaceId === workspaceId)?.role ?? null
}
