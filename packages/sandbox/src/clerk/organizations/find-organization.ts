import { ClerkRefusal } from '../clerk-error.ts'
import { organizationNotFound } from '../http/param-error.ts'
import type { ClerkMembership, ClerkOrganization, ClerkRole } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** Finds an organization by id or slug. @throws ClerkRefusal 404 when there is none. */
export function findOrganization(state: ClerkState, idOrSlug: string): ClerkOrganization {
  const organization = state.organization(idOrSlug)
  if (organization === undefined) throw organizationNotFound()
  return organization
}

/** @throws ClerkRefusal 404 when the user is not a member. */
export function findMembership(state: ClerkState, organizationId: string, userId: string): ClerkMembership {
  const membership = state.membership(organizationId, userId)
  if (membership === undefined) {
    throw new ClerkRefusal(
      404,
      'resource_not_found',
      'not found',
      `No organization membership was found for user ${userId} in organization ${organizationId}`,
    )
  }
  return membership
}

/** Finds a role by its key, with or without `org:`. @throws ClerkRefusal 404 when there is none. */
export function findRole(state: ClerkState, key: string): ClerkRole {
  const role = state.role(key) ?? state.role(`org:${key}`)
  if (role === undefined) {
    throw new ClerkRefusal(404, 'resource_not_found', 'Role not found', `No role was found with key ${key}`, {
      param_name: 'role',
    })
  }
  return role
}
