import type { Role } from '../team/role.ts'
import type { KeyScope } from './principal.ts'

export interface PolicyRow {
  /** The least role of a person; `anybody` is signed in and needs no role here; `nobody` needs no sign-in. */
  readonly role: Role | 'anybody' | 'nobody'
  /** What an API key needs; `never`: no key will do. */
  readonly key: KeyScope | 'never'
  /** The person has to have confirmed a short time ago who they are. */
  readonly fresh?: true
}

const viewer = { role: 'viewer', key: 'read' } as const
/** Runs checks and deals with incidents. */
const member = { role: 'member', key: 'read+repair' } as const
const repairer = { role: 'admin', key: 'read+repair' } as const
const admin = { role: 'admin', key: 'never' } as const
/** Touches secrets or what can write: confirmed a short time ago. */
const freshAdmin = { role: 'admin', key: 'never', fresh: true } as const
const freshOwner = { role: 'owner', key: 'never', fresh: true } as const
const anybody = { role: 'anybody', key: 'never' } as const
const nobody = { role: 'nobody', key: 'never' } as const

/**
 * Who may do what: every route of the API and the least that it asks for. There is no other list. A route that is not
 * in it cannot be made, and a request that no row allows is refused.
 */
export const policy = {
  'GET /api/v1/me': { role: 'anybody', key: 'read' },

  'GET /api/v1/projects': { role: 'anybody', key: 'read' },
  'GET /api/v1/projects/{projectId}': viewer,
} as const satisfies Readonly<Record<`${Method} /${string}`, PolicyRow>>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RouteKey = keyof typeof policy

export const policyRows: Readonly<Record<RouteKey, PolicyRow>> = policy

void [member, repairer, admin, freshAdmin, freshOwner, anybody, nobody]
