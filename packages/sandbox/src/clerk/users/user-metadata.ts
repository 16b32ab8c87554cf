import type { HttpOrigin } from '../http/call.ts'
import { changedMetadata, type MetadataChange } from '../metadata.ts'
import type { ClerkUser } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { changeUser } from './change-user.ts'
import { findUser } from './find-user.ts'

/**
 * Merges into a user's metadata, as `PATCH /v1/users/{id}/metadata`: deep, `null` removes a key.
 *
 * @throws ClerkRefusal 404 when there is no such user, 422 when a field would exceed 8 KB.
 * @example
 * patchUserMetadata(state, 'user_1', { public_metadata: { plan: 'pro' } })
 */
export function patchUserMetadata(
  state: ClerkState,
  id: string,
  change: MetadataChange,
  http: HttpOrigin = null,
): ClerkUser {
  return changeUser(state, id, changedMetadata(findUser(state, id), change, 'merge'), http)
}

/** Replaces the named fields of a user's metadata whole, as `PUT /v1/users/{id}/metadata`. */
export function replaceUserMetadata(
  state: ClerkState,
  id: string,
  change: MetadataChange,
  http: HttpOrigin = null,
): ClerkUser {
  return changeUser(state, id, changedMetadata(findUser(state, id), change, 'replace'), http)
}
