import { useParams } from '@tanstack/react-router'
import { useMe } from '../../session/me.ts'

export const roleWords = { viewer: 'Viewer', member: 'Member', admin: 'Admin', owner: 'Owner' } as const

/** The roles that can be given, each with what it may do. */
export const givenRoles = [
  ['viewer', 'Looks at everything, changes nothing.'],
  ['member', 'Deals with incidents and has things checked.'],
  ['admin', 'Approves repairs, and decides how projects work.'],
] as const
export type GivenRole = (typeof givenRoles)[number][0]

/** The workspace in the address, with the role that the person has in it. */
export function useWorkspace() {
  const { workspaceId = '' } = useParams({ strict: false })
  const found = useMe().workspaces.find((workspace) => workspace.workspaceId === workspaceId)
  return { workspaceId, name: found?.name ?? 'Unknown workspace', role: found?.role ?? null }
}
