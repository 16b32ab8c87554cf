import type { DeletedObject } from '../event.ts'
import type { HttpOrigin } from '../http/call.ts'
import type { ClerkState } from '../state.ts'
import { deleteMembership } from './delete-membership.ts'
import { findOrganization } from './find-organization.ts'

/** Deletes an organization with its memberships and invitations, and tells of the memberships first. */
export function deleteOrganization(
  state: ClerkState,
  idOrSlug: string,
  http: HttpOrigin = null,
): DeletedObject {
  const { id, slug } = findOrganization(state, idOrSlug)
  for (const { user_id } of state.membershipsByOrganization.find(id))
    deleteMembership(state, id, user_id, http)
  for (const invitation of state.invitationsByOrganization.find(id)) state.dropInvitation(invitation.id)
  state.dropOrganization(id)
  const deleted: DeletedObject = { object: 'organization', id, deleted: true, slug }
  state.emit('organization.deleted', deleted, http)
  return deleted
}
