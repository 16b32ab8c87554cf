import { ClerkRefusal } from '../clerk-error.ts'
import type { HttpOrigin } from '../http/call.ts'
import { type ClerkMembership, type ClerkMembershipWire, makeMembership } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { findUser } from '../users/find-user.ts'
import { findOrganization, findRole } from './find-organization.ts'

/**
 * Makes a user a member and tells `organizationMembership.created`.
 *
 * @throws ClerkRefusal 404 for an unknown organization, user or role, 422 when the user is a member already, 403 when
 *   the organization is full.
 */
export function createMembership(
  state: ClerkState,
  organizationId: string,
  fields: Pick<ClerkMembership, 'user_id' | 'role'> & Partial<ClerkMembership>,
  http: HttpOrigin = null,
): ClerkMembershipWire {
  const organization = findOrganization(state, organizationId)
  const user = findUser(state, fields.user_id)
  const role = findRole(state, fields.role)
  if (state.membership(organization.id, user.id) !== undefined) {
    throw new ClerkRefusal(
      422,
      'already_a_member_in_organization',
      'already a member',
      `User ${user.id} is already a member of the organization.`,
    )
  }
  const { max_allowed_memberships: max } = organization
  if (max > 0 && state.membershipsByOrganization.count(organization.id) >= max) {
    throw new ClerkRefusal(
      403,
      'organization_membership_quota_exceeded',
      'organization membership quota exceeded',
      `You have reached your limit of ${max} organization memberships, including outstanding invitations.`,
    )
  }
  const membership = makeMembership({
    ...fields,
    id: state.ids.next('orgmem'),
    organization_id: organization.id,
    role: role.key,
    created_at: state.now(),
  })
  state.putMembership(membership)
  const wire = state.membershipWire(membership)
  state.emit('organizationMembership.created', wire, http)
  return wire
}
