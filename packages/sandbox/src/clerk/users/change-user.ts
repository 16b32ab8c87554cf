import type { HttpOrigin } from '../http/call.ts'
import type { ClerkUser } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { findUser } from './find-user.ts'

/**
 * Changes fields of a user and tells `user.updated`.
 *
 * @throws ClerkRefusal 404 when there is no such user.
 * @example
 * changeUser(state, 'user_1', { banned: true })
 */
export function changeUser(
  state: ClerkState,
  id: string,
  fields: Partial<Omit<ClerkUser, 'id' | 'object'>>,
  http: HttpOrigin = null,
): ClerkUser {
  const user: ClerkUser = { ...findUser(state, id), ...fields, updated_at: state.now() }
  state.putUser(user)
  state.emit('user.updated', user, http)
  return user
}
