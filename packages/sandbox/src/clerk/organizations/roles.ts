import { ClerkRefusal } from '../clerk-error.ts'
import type { DeletedObject } from '../event.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound, paramInvalid } from '../http/param-error.ts'
import type { Query } from '../http/query.ts'
import {
  type ClerkPermission,
  type ClerkRole,
  isCreatorEligible,
  makePermission,
  makeRole,
} from '../objects/index.ts'
import { sortBy } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'

/** @throws ClerkRefusal 404 when there is no role of this id. */
export function findRoleById(state: ClerkState, id: string): ClerkRole {
  const role = state.roles.get(id)
  if (role === undefined) throw notFound('organization role', id)
  return role
}

/**
 * Makes a role and tells `role.created`.
 *
 * @throws ClerkRefusal 422 for a key that is taken or malformed, or a permission that is unknown.
 */
export function createRole(
  state: ClerkState,
  fields: {
    readonly key: string
    readonly name: string
    readonly description: string | null
    readonly permissions: readonly string[]
  },
  http: HttpOrigin = null,
): ClerkRole {
  checkKey(fields.key)
  refuseTakenKey(state, fields.key, null)
  const permissions = fields.permissions.map((id) => findPermission(state, id))
  const role = makeRole({ ...fields, permissions, id: state.ids.next('role'), created_at: state.now() })
  state.putRole(role)
  state.emit('role.created', role, http)
  return role
}

/** Changes a role and tells `role.updated`; members of a role whose key changes keep it. */
export function changeRole(
  state: ClerkState,
  id: string,
  change: {
    readonly key?: string
    readonly name?: string
    readonly description?: string | null
    readonly permissions?: readonly string[]
  },
  http: HttpOrigin = null,
): ClerkRole {
  const before = findRoleById(state, id)
  const { permissions: ids, ...rest } = change
  if (rest.key !== undefined) {
    checkKey(rest.key)
    refuseTakenKey(state, rest.key, id)
  }
  const permissions = ids?.map((each) => findPermission(state, each)) ?? before.permissions
  const role: ClerkRole = {
    ...before,
    ...rest,
    permissions,
    is_creator_eligible: isCreatorEligible(permissions),
    updated_at: state.now(),
  }
  state.putRole(role)
  if (role.key !== before.key) {
    for (const membership of state.memberships.all()) {
      if (membership.role === before.key) state.putMembership({ ...membership, role: role.key })
    }
  }
  state.emit('role.updated', role, http)
  return role
}

/** @throws ClerkRefusal 422 while members have the role, or when the instance gives it to creators. */
export function deleteRole(state: ClerkState, id: string, http: HttpOrigin = null): DeletedObject {
  const role = findRoleById(state, id)
  const isUsed = state.memberships.all().some((membership) => membership.role === role.key)
  if (
    isUsed ||
    role.key === state.settings.creator_role ||
    role.key === state.settings.domains_default_role
  ) {
    throw new ClerkRefusal(
      422,
      'organization_role_assigned_to_members',
      'role in use',
      `The role ${role.key} is assigned to members or is a default role and cannot be deleted.`,
    )
  }
  state.dropRole(id)
  const deleted: DeletedObject = { object: 'role', id, deleted: true }
  state.emit('role.deleted', deleted, http)
  return deleted
}

/** Makes a custom permission, `org:<feature>:<permission>`, and tells `permission.created`. */
export function createPermission(
  state: ClerkState,
  fields: { readonly key: string; readonly name: string; readonly description: string },
  http: HttpOrigin = null,
): ClerkPermission {
  if (!/^org:[a-z0-9_-]+:[a-z0-9_-]+$/.test(fields.key) || fields.key.startsWith('org:sys_')) {
    throw paramInvalid('key', 'key must be in the format "org:<feature>:<permission>".')
  }
  if (state.permissions.all().some(({ key }) => key === fields.key)) {
    throw new ClerkRefusal(422, 'form_identifier_exists', 'is taken', `The key ${fields.key} is taken.`, {
      param_name: 'key',
    })
  }
  const permission = makePermission({ ...fields, id: state.ids.next('perm'), created_at: state.now() })
  state.permissions.put(permission)
  state.emit('permission.created', permission, http)
  return permission
}

/** A page of roles, or of permissions. */
export function listKeyed<T extends ClerkRole | ClerkPermission>(query: Query, things: readonly T[]) {
  const { limit, offset } = query.page()
  const order = query.orderBy(['created_at', 'name', 'key'], { field: 'created_at', descending: true })
  const text = query.text('query')?.toLowerCase() ?? ''
  query.end()
  const found = things.filter(
    ({ id, key, name }) =>
      id.toLowerCase() === text || key.toLowerCase().includes(text) || name.toLowerCase().includes(text),
  )
  const sorted = sortBy(found, order, {
    created_at: ({ created_at }) => created_at,
    name: ({ name }) => name,
    key: ({ key }) => key,
  })
  return { data: sorted.slice(offset, offset + limit), total_count: found.length }
}

/** A permission by its id or key. */
function findPermission(state: ClerkState, idOrKey: string): ClerkPermission {
  const found = state.permissions.get(idOrKey) ?? state.permissions.all().find(({ key }) => key === idOrKey)
  if (found === undefined) throw notFound('permission', idOrKey)
  return found
}

function checkKey(key: string): void {
  if (!/^org:[a-z0-9_-]+$/.test(key)) throw paramInvalid('key', 'key must be in the format "org:<role>".')
}

function refuseTakenKey(state: ClerkState, key: string, self: string | null): void {
  if (state.rolesByKey.find(key).some(({ id }) => id !== self)) {
    throw new ClerkRefusal(422, 'form_identifier_exists', 'is taken', `The key ${key} is taken.`, {
      param_name: 'key',
    })
  }
}
