import { given } from '../http/given.ts'
import { reply } from '../http/reply.ts'
import {
  changeRole,
  createPermission,
  createRole,
  deleteRole,
  findRoleById,
  listKeyed,
} from '../organizations/roles.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

/** Roles of organization members, their permissions, and the instance's settings for organizations. */
export function addRoleRoutes(add: AddRoute, { state }: ClerkInstance): void {
  add('GET', '/organization_roles', ({ query }) => reply(listKeyed(query, state.roles.all())))
  add('POST', '/organization_roles', async (call) => {
    const body = await call.body()
    const fields = {
      name: body.needText('name'),
      key: body.needText('key'),
      description: body.text('description') ?? null,
      permissions: body.texts('permissions') ?? [],
    }
    // There is one role set, and every role is in it.
    body.accept('include_in_initial_role_set')
    body.end()
    return reply(createRole(state, fields, call.http))
  })
  add('GET', '/organization_roles/:id', (call) => reply(findRoleById(state, call.part('id'))))
  add('PATCH', '/organization_roles/:id', async (call) => {
    const { id } = findRoleById(state, call.part('id'))
    const body = await call.body()
    const change = given({
      name: body.text('name') ?? undefined,
      key: body.text('key') ?? undefined,
      description: body.text('description'),
      permissions: body.texts('permissions'),
    })
    body.end()
    return reply(changeRole(state, id, change, call.http))
  })
  add('DELETE', '/organization_roles/:id', (call) => reply(deleteRole(state, call.part('id'), call.http)))
  add('GET', '/organization_permissions', ({ query }) => reply(listKeyed(query, state.permissions.all())))
  add('POST', '/organization_permissions', async (call) => {
    const body = await call.body()
    const fields = {
      name: body.needText('name'),
      key: body.needText('key'),
      description: body.text('description') ?? '',
    }
    body.end()
    return reply(createPermission(state, fields, call.http))
  })
  add('GET', '/instance/organization_settings', () => reply(state.settings))
  add('PATCH', '/instance/organization_settings', async (call) => {
    const body = await call.body()
    const creator = body.text('creator_role_id')
    const fallback = body.text('domains_default_role_id')
    const change = given({
      enabled: body.flag('enabled'),
      max_allowed_memberships: body.whole('max_allowed_memberships', 0) ?? undefined,
      admin_delete_enabled: body.flag('admin_delete_enabled'),
      domains_enabled: body.flag('domains_enabled'),
      slug_disabled: body.flag('slug_disabled'),
      domains_enrollment_modes: body.texts('domains_enrollment_modes'),
      creator_role: creator == null ? undefined : findRoleById(state, creator).key,
      domains_default_role: fallback == null ? undefined : findRoleById(state, fallback).key,
    })
    body.end()
    state.settings = { ...state.settings, ...change }
    return reply(state.settings)
  })
}
