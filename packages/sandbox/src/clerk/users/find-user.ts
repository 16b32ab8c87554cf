import { notFound } from '../http/param-error.ts'
import type { ClerkUser } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** @throws ClerkRefusal 404 when there is no such user. */
export function findUser(state: ClerkState, id: string): ClerkUser {
  const user = state.users.get(id)
  if (user === undefined) throw notFound('user', id)
  return user
}
