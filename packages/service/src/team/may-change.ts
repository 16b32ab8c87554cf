import type { GivenRole, Role } from './role.ts'
import { isAbove, isAtLeast } from './role.ts'
import type { TeamErrorCode } from './team-error.ts'

/** Why one member may not do something to another; `null`: they may. */
export type Objection = Extract<TeamErrorCode, 'own-role' | 'owner-stays' | 'role-too-low'> | null

interface Pair {
  readonly actor: { readonly personId: string; readonly role: Role }
  readonly target: { readonly personId: string; readonly role: Role }
}

/**
 * Whether a member may give another one a role: nobody changes their own, nobody changes the owner, one changes those
 * below oneself, and gives no more than one has. Which roles may change roles at all is said by the policy of routes.
 */
export function objectionToRole({ actor, target }: Pair, role: GivenRole): Objection {
  return objectionToTouching({ actor, target }) ?? (isAtLeast(actor.role, role) ? null : 'role-too-low')
}

/** Whether a member may remove another one, or act on how they sign in. */
export function objectionToTouching({ actor, target }: Pair): Objection {
  if (actor.personId === target.personId) return 'own-role'
  if (target.role === 'owner') return 'owner-stays'
  return isAbove(actor.role, target.role) ? null : 'role-too-low'
}
