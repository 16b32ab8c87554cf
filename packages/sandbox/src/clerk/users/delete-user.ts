import type { DeletedObject } from '../event.ts'
import type { HttpOrigin } from '../http/call.ts'
import { deleteMembership } from '../organizations/delete-membership.ts'
import type { ClerkState } from '../state.ts'
import { findUser } from './find-user.ts'

/**
 * Deletes a user with its memberships and sessions, and tells of them. What is left of the user in the answer and in
 * `user.deleted` is its id and external id.
 */
export function deleteUser(state: ClerkState, id: string, http: HttpOrigin = null): DeletedObject {
  const user = findUser(state, id)
  for (const membership of state.membershipsByUser.find(id)) {
    deleteMembership(state, membership.organization_id, id, http)
  }
  for (const session of state.sessionsByUser.find(id)) {
    state.putSession({ ...session, status: 'removed', updated_at: state.now() })
  }
  state.dropUser(id)
  const deleted: DeletedObject = {
    object: 'user',
    id,
    deleted: true,
    ...(user.external_id !== null && { external_id: user.external_id }),
  }
  state.emit('user.deleted', deleted, http)
  return deleted
}
