import { describe, expect, it } from 'vitest'
import { objectionToRole, objectionToTouching } from './may-change.ts'
import type { GivenRole, Role } from './role.ts'
import { givenRoles, roles } from './role.ts'

const pair = (actor: Role, target: Role) => ({
  actor: { personId: 'per_actor', role: actor },
  target: { personId: 'per_target', role: target },
})

/** Who may remove whom, or act on how they sign in. Rows act, columns are acted on. */
const touching: Readonly<Record<Role, Readonly<Record<Role, string | null>>>> = {
  //          viewer                  member                  admin                   owner
  viewer: { viewer: 'role-too-low', member: 'role-too-low', admin: 'role-too-low', owner: 'owner-stays' },
  member: { viewer: null, member: 'role-too-low', admin: 'role-too-low', owner: 'owner-stays' },
  admin: { viewer: null, member: null, admin: 'role-too-low', owner: 'owner-stays' },
  owner: { viewer: null, member: null, admin: null, owner: 'owner-stays' },
}

describe('acting on a member', () => {
  const cases = roles.flatMap((actor) =>
    roles.map((target) => ({ actor, target, expected: touching[actor][target] })),
  )
  it.each(cases)('$actor on $target: $expected', ({ actor, target, expected }) => {
    expect(objectionToTouching(pair(actor, target))).toBe(expected)
  })

  it.each(roles)('is refused to a %s on themselves', (role) => {
    const self = { personId: 'per_self', role }
    expect(objectionToTouching({ actor: self, target: self })).toBe('own-role')
    for (const given of givenRoles) {
      expect(objectionToRole({ actor: self, target: self }, given)).toBe('own-role')
    }
  })
})

/** The roles that each may give to each. What is not here is refused. */
const giving: Readonly<Record<Role, Readonly<Partial<Record<Role, readonly GivenRole[]>>>>> = {
  viewer: {},
  member: { viewer: ['viewer', 'member'] },
  admin: { viewer: ['viewer', 'member', 'admin'], member: ['viewer', 'member', 'admin'] },
  owner: {
    viewer: ['viewer', 'member', 'admin'],
    member: ['viewer', 'member', 'admin'],
    admin: ['viewer', 'member', 'admin'],
  },
}

describe('giving a role', () => {
  const cases = roles.flatMap((actor) =>
    roles.flatMap((target) =>
      givenRoles.map((role) => ({
        actor,
        target,
        role,
        allowed: (giving[actor][target] ?? []).includes(role),
      })),
    ),
  )
  it.each(cases)('$actor makes $target a $role: $allowed', ({ actor, target, role, allowed }) => {
    expect(objectionToRole(pair(actor, target), role) === null).toBe(allowed)
  })
})
