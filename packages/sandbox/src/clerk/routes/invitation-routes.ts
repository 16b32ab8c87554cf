import { paramInvalid } from '../http/param-error.ts'
import { reply } from '../http/reply.ts'
import { withinLimit } from '../metadata.ts'
import { findOrganization } from '../organizations/find-organization.ts'
import {
  createInvitation,
  findInvitation,
  listInvitations,
  revokeInvitation,
  shownInvitation,
} from '../organizations/invitations.ts'
import { findUser } from '../users/find-user.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

const dayMs = 24 * 3600 * 1000

/** Invitations to organizations. */
export function addInvitationRoutes(add: AddRoute, { state }: ClerkInstance): void {
  add('GET', '/organizations/:id/invitations', (call) =>
    reply(listInvitations(call.query, state, findOrganization(state, call.part('id')).id)),
  )
  add('POST', '/organizations/:id/invitations', async (call) => {
    const { id } = findOrganization(state, call.part('id'))
    const body = await call.body()
    const inviter = body.text('inviter_user_id') ?? null
    if (inviter !== null) findUser(state, inviter)
    const days = body.whole('expires_in_days', 1) ?? 30
    if (days > 365) throw paramInvalid('expires_in_days', 'expires_in_days must be at most 365.')
    const fields = {
      email_address: body.needText('email_address'),
      role: body.needText('role'),
      inviter_id: inviter,
      url: body.text('redirect_url') ?? null,
      expires_at: state.now() + days * dayMs,
      public_metadata: withinLimit('public_metadata', body.object('public_metadata') ?? {}),
      private_metadata: withinLimit('private_metadata', body.object('private_metadata') ?? {}),
    }
    // The sandbox sends no mail, whatever notify says.
    body.accept('notify')
    body.end()
    return reply(createInvitation(state, id, fields, call.http))
  })
  add('GET', '/organizations/:id/invitations/:invitation_id', (call) =>
    reply(shownInvitation(state, findInvitation(state, call.part('id'), call.part('invitation_id')))),
  )
  add('POST', '/organizations/:id/invitations/:invitation_id/revoke', async (call) => {
    const body = await call.body()
    const requester = body.text('requesting_user_id')
    if (requester != null) findUser(state, requester)
    body.end()
    return reply(revokeInvitation(state, call.part('id'), call.part('invitation_id'), call.http))
  })
}
