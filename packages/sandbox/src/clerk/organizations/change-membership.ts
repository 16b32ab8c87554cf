import type { HttpOrigin } from '../http/call.ts'
import { changedMetadata, type MetadataChange } from '../metadata.ts'
import type { ClerkMembership, ClerkMembershipWire } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { findMembership, findOrganization, findRole } from './find-organization.ts'

/** Gives a member another role and tells `organizationMembership.updated`. */
export function changeMembershipRole(
  state: ClerkState,
  organizationId: string,
  userId: string,
  roleKey: string,
  http: HttpOrigin = null,
): ClerkMembershipWire {
  const { id } = findOrganization(state, organizationId)
  const role = findRole(state, roleKey)
  return put(state, { ...findMembership(state, id, userId), role: role.key }, http)
}

/** Merges into a membership's metadata and tells `organizationMembership.updated`. */
export function patchMembershipMetadata(
  state: ClerkState,
  organizationId: string,
  userId: string,
  change: MetadataChange,
  http: HttpOrigin = null,
): ClerkMembershipWire {
  const membership = findMembership(state, findOrganization(state, organizationId).id, userId)
  return put(state, { ...membership, ...changedMetadata(membership, change, 'merge') }, http)
}

function put(state: ClerkState, changed: ClerkMembership, http: HttpOrigin): ClerkMembershipWire {
  const membership = { ...changed, updated_at: state.now() }
  state.putMembership(membership)
  const wire = state.membershipWire(membership)
  state.emit('organizationMembership.updated', wire, http)
  return wire
}
