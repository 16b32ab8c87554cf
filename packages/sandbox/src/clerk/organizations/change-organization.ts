import type { HttpOrigin } from '../http/call.ts'
import { changedMetadata, type MetadataChange } from '../metadata.ts'
import type { ClerkOrganization } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { refuseTakenSlug } from './create-organization.ts'
import { findOrganization } from './find-organization.ts'

/**
 * Changes fields of an organization and tells `organization.updated`.
 *
 * @throws ClerkRefusal 404 when there is none, 422 when the slug is taken.
 */
export function changeOrganization(
  state: ClerkState,
  id: string,
  fields: Partial<Omit<ClerkOrganization, 'id' | 'object'>>,
  http: HttpOrigin = null,
): ClerkOrganization {
  const before = findOrganization(state, id)
  if (fields.slug !== undefined) refuseTakenSlug(state, fields.slug, before.id)
  const organization: ClerkOrganization = { ...before, ...fields, updated_at: state.now() }
  state.putOrganization(organization)
  state.emit('organization.updated', organization, http)
  return organization
}

/** Merges into (`PATCH`) or replaces (`PUT`) an organization's metadata. */
export function changeOrganizationMetadata(
  state: ClerkState,
  id: string,
  change: MetadataChange,
  how: 'merge' | 'replace',
  http: HttpOrigin = null,
): ClerkOrganization {
  const organization = findOrganization(state, id)
  return changeOrganization(state, organization.id, changedMetadata(organization, change, how), http)
}
