import { reply } from '../http/reply.ts'
import { readMetadata, withinLimit } from '../metadata.ts'
import { changeMembershipRole, patchMembershipMetadata } from '../organizations/change-membership.ts'
import { createMembership } from '../organizations/create-membership.ts'
import { deleteMembership } from '../organizations/delete-membership.ts'
import { findOrganization } from '../organizations/find-organization.ts'
import { listInstanceMemberships, listOrganizationMemberships } from '../organizations/list-memberships.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

/** Memberships of organizations. */
export function addMembershipRoutes(add: AddRoute, { state }: ClerkInstance): void {
  add('GET', '/organization_memberships', ({ query }) => reply(listInstanceMemberships(query, state)))
  add('GET', '/organizations/:id/memberships', (call) =>
    reply(listOrganizationMemberships(call.query, state, findOrganization(state, call.part('id')).id)),
  )
  add('POST', '/organizations/:id/memberships', async (call) => {
    const { id } = findOrganization(state, call.part('id'))
    const body = await call.body()
    const fields = {
      user_id: body.needText('user_id'),
      role: body.needText('role'),
      public_metadata: withinLimit('public_metadata', body.object('public_metadata') ?? {}),
      private_metadata: withinLimit('private_metadata', body.object('private_metadata') ?? {}),
    }
    body.end()
    return reply(createMembership(state, id, fields, call.http))
  })
  const member = '/organizations/:id/memberships/:user_id'
  add('PATCH', member, async (call) => {
    const body = await call.body()
    const role = body.needText('role')
    body.end()
    return reply(changeMembershipRole(state, call.part('id'), call.part('user_id'), role, call.http))
  })
  add('DELETE', member, (call) =>
    reply(deleteMembership(state, call.part('id'), call.part('user_id'), call.http)),
  )
  add('PATCH', `${member}/metadata`, async (call) => {
    const body = await call.body()
    const change = readMetadata(body, ['public_metadata', 'private_metadata'])
    body.end()
    return reply(patchMembershipMetadata(state, call.part('id'), call.part('user_id'), change, call.http))
  })
}
