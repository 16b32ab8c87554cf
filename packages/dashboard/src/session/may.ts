import { isAtLeast, policy, type Role, type RouteKey } from '../api/policy.ts'
import { useRole } from './me.ts'
import { useProject } from './project.ts'

export interface May {
  readonly may: boolean
  /** Why not, as `Button` and `MenuItem` take it; `null`: one may. */
  readonly reason: string | null
}

/** Whether a role may use a route, by the table that the service itself asks. */
export function mayUse(key: RouteKey, role: Role | null): May {
  const { role: needed } = policy[key]
  if (needed === 'nobody' || needed === 'anybody') return { may: true, reason: null }
  if (role !== null && isAtLeast(role, needed)) return { may: true, reason: null }
  return {
    may: false,
    reason: `This needs the role ${needed}; yours is ${role ?? 'none'}. Ask an admin or the owner of the workspace.`,
  }
}

/**
 * Whether the person may use a route in the project that is open, or in the workspace that is given.
 *
 * @example
 * const approve = useMay('POST /api/v1/projects/{projectId}/repairs/approve')
 * <Button unless={approve.reason}>Approve</Button>
 */
export function useMay(key: RouteKey, workspaceId?: string): May {
  const project = useProject()
  return mayUse(key, useRole(workspaceId ?? project?.workspaceId))
}
