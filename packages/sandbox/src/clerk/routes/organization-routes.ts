import { given } from '../http/given.ts'
import { paramMissing } from '../http/param-error.ts'
import { reply } from '../http/reply.ts'
import { readMetadata, withinLimit } from '../metadata.ts'
import { changeOrganization, changeOrganizationMetadata } from '../organizations/change-organization.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { deleteOrganization } from '../organizations/delete-organization.ts'
import { findOrganization } from '../organizations/find-organization.ts'
import { listOrganizations, readExtras, withExtras } from '../organizations/list-organizations.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

/** Organizations and their metadata. */
export function addOrganizationRoutes(add: AddRoute, { state }: ClerkInstance): void {
  add('GET', '/organizations', ({ query }) => reply(listOrganizations(query, state)))
  add('POST', '/organizations', async (call) => {
    const body = await call.body()
    const name = body.needText('name')
    const fields = given({
      created_by: body.text('created_by') ?? undefined,
      slug: body.text('slug') ?? undefined,
      max_allowed_memberships: body.whole('max_allowed_memberships', 0) ?? undefined,
      role_set_key: body.text('role_set_key') ?? undefined,
      created_at: body.time('created_at'),
      public_metadata: withinLimit('public_metadata', body.object('public_metadata') ?? {}),
      private_metadata: withinLimit('private_metadata', body.object('private_metadata') ?? {}),
    })
    body.end()
    return reply(createOrganization(state, { name, ...fields }, call.http))
  })
  add('GET', '/organizations/:id', (call) => {
    const extras = readExtras(call.query)
    call.query.end()
    return reply(withExtras(state, findOrganization(state, call.part('id')), extras))
  })
  add('PATCH', '/organizations/:id', async (call) => {
    const { id } = findOrganization(state, call.part('id'))
    const body = await call.body()
    const name = body.text('name')
    if (name === null) throw paramMissing('name')
    const fields = given({
      name,
      slug: body.text('slug') ?? undefined,
      max_allowed_memberships: body.whole('max_allowed_memberships', 0) ?? undefined,
      admin_delete_enabled: body.flag('admin_delete_enabled'),
      role_set_key: body.text('role_set_key'),
      created_at: body.time('created_at'),
    })
    body.end()
    return reply(changeOrganization(state, id, fields, call.http))
  })
  add('DELETE', '/organizations/:id', (call) => reply(deleteOrganization(state, call.part('id'), call.http)))
  for (const [method, how] of [
    ['PATCH', 'merge'],
    ['PUT', 'replace'],
  ] as const) {
    add(method, '/organizations/:id/metadata', async (call) => {
      const { id } = findOrganization(state, call.part('id'))
      const body = await call.body()
      const change = readMetadata(body, ['public_metadata', 'private_metadata'])
      body.end()
      return reply(changeOrganizationMetadata(state, id, change, how, call.http))
    })
  }
}
