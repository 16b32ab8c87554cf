import { ClerkRefusal } from '../clerk-error.ts'
import type { HttpOrigin } from '../http/call.ts'
import { type ClerkOrganization, makeOrganization, slugOf } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { findUser } from '../users/find-user.ts'
import { createMembership } from './create-membership.ts'

export interface NewOrganization extends Partial<Omit<ClerkOrganization, 'id' | 'object' | 'name'>> {
  readonly name: string
}

/**
 * Makes an organization and tells `organization.created`. Its creator, where one is named, becomes a member in the
 * instance's creator role.
 *
 * @throws ClerkRefusal 422 when the slug is taken, 404 when the creator is unknown.
 * @example
 * createOrganization(state, { name: 'Acme', created_by: 'user_1' })
 */
export function createOrganization(
  state: ClerkState,
  fields: NewOrganization,
  http: HttpOrigin = null,
): ClerkOrganization {
  if (fields.created_by !== undefined) findUser(state, fields.created_by)
  if (fields.slug !== undefined) refuseTakenSlug(state, fields.slug, null)
  const organization = makeOrganization({
    max_allowed_memberships: state.settings.max_allowed_memberships,
    admin_delete_enabled: state.settings.admin_delete_enabled,
    ...fields,
    slug: fields.slug ?? freeSlug(state, fields.name),
    id: state.ids.next('org'),
    created_at: fields.created_at ?? state.now(),
    updated_at: state.now(),
  })
  state.putOrganization(organization)
  state.emit('organization.created', organization, http)
  if (organization.created_by !== undefined) {
    const { creator_role } = state.settings
    createMembership(state, organization.id, { user_id: organization.created_by, role: creator_role }, http)
  }
  return organization
}

/** @throws ClerkRefusal 422 when another organization has the slug. */
export function refuseTakenSlug(state: ClerkState, slug: string, self: string | null): void {
  if (state.organizationsBySlug.find(slug).some(({ id }) => id !== self)) {
    throw new ClerkRefusal(
      422,
      'form_identifier_exists',
      'That slug is taken. Please try another.',
      'That slug is taken. Please try another.',
      { param_name: 'slug' },
    )
  }
}

/** The name's slug, or the first of `slug-2`, `slug-3`, ... that is free. */
function freeSlug(state: ClerkState, name: string): string {
  const slug = slugOf(name)
  let candidate = slug
  for (let number = 2; state.organizationsBySlug.has(candidate); number += 1) candidate = `${slug}-${number}`
  return candidate
}
