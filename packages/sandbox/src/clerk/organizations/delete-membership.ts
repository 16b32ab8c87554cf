import type { HttpOrigin } from '../http/call.ts'
import type { ClerkMembershipWire } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { findMembership, findOrganization } from './find-organization.ts'

/** Ends a membership. `organizationMembership.deleted` carries the whole of it, unlike other deletions. */
export function deleteMembership(
  state: ClerkState,
  organizationId: string,
  userId: string,
  http: HttpOrigin = null,
): ClerkMembershipWire {
  const { id } = findOrganization(state, organizationId)
  const membership = findMembership(state, id, userId)
  const wire = state.membershipWire(membership)
  state.dropMembership(membership.id)
  state.emit('organizationMembership.deleted', wire, http)
  return wire
}
