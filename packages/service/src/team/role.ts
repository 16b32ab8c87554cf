/** What a person may do in a workspace: each role may all that those before it may. */
export const roles = ['viewer', 'member', 'admin', 'owner'] as const
export type Role = (typeof roles)[number]

/** The roles that an invite or a change of role can give. A workspace gets its owner by being handed over. */
export const givenRoles = ['viewer', 'member', 'admin'] as const
export type GivenRole = (typeof givenRoles)[number]

/** Whether a role may what another may, and more or the same. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}

/** Whether a role may more than another. */
export function isAbove(role: Role, other: Role): boolean {
  return roles.indexOf(role) > roles.indexOf(other)
}
