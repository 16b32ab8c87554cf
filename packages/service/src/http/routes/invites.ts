import { z } from '@hono/zod-openapi'
import { acceptAsNew, acceptAsSelf, openInvite } from '../../team/invites/accept-invite.ts'
import type { InviteLine } from '../../team/invites/invites.ts'
import { invite, listInvites, revokeInvite } from '../../team/invites/invites.ts'
import { givenRoles } from '../../team/role.ts'
import { callerOf } from '../../team/sign-in/caller.ts'
import { requireSignedIn } from '../../team/sign-in/sessions.ts'
import type { Team } from '../../team/team.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { personOf, signedInAs } from './auth.ts'
import { workspaceIdParam } from './workspaces.ts'

const tag = 'Invites'
const params = z.object({ workspaceId: workspaceIdParam })
const time = z.string().openapi({ format: 'date-time' })
const token = z.string().max(200).openapi({ description: 'What stands behind # in the link.' })
const inviteShape = z
  .object({
    inviteId: z.string(),
    email: z.string(),
    role: z.enum(givenRoles),
    invitedBy: z.string(),
    createdAt: time,
    expiresAt: time,
  })
  .openapi('Invite')

/** Inviting people, and taking an invite up. */
export function inviteRoutes({ team }: { readonly team: Team }): readonly Route[] {
  return [
    route('GET /api/v1/workspaces/{workspaceId}/invites', {
      summary: 'The invites that wait',
      tag,
      params,
      answer: z.object({ items: z.array(inviteShape) }),
      handle: async ({ tenant: { workspaceId } }) => ({
        body: { items: (await listInvites(team, workspaceId)).map(shown) },
      }),
    }),
    route('POST /api/v1/workspaces/{workspaceId}/invites', {
      summary: 'Invite somebody',
      tag,
      description:
        'An invite that the address has here already is revoked. The link is good for seven days, once.',
      params,
      body: z.strictObject({ email: z.string().max(254), role: z.enum(givenRoles) }),
      isShownOnce: true,
      status: 201,
      answer: z.object({
        invite: inviteShape,
        link: z.string().nullable().openapi({ description: 'Shown this once; null: it was mailed.' }),
      }),
      async handle({ principal, tenant: { workspaceId }, body }) {
        const { line, link } = await invite(team, { workspaceId, personId: personOf(principal) }, body)
        return { status: 201, body: { invite: shown(line), link: link.sent ? null : link.link } }
      },
    }),
    route('DELETE /api/v1/workspaces/{workspaceId}/invites/{inviteId}', {
      summary: 'Revoke an invite',
      tag,
      params: params.extend({ inviteId: z.string().max(200) }),
      status: 204,
      async handle({ principal, tenant: { workspaceId }, params: { inviteId } }) {
        await revokeInvite(team, { workspaceId, personId: personOf(principal) }, inviteId)
        return { status: 204 }
      },
    }),
    route('POST /api/v1/invites/open', {
      summary: 'What an invite is for',
      tag,
      body: z.strictObject({ token }),
      answer: z.object({
        workspaceName: z.string(),
        email: z.string(),
        role: z.enum(givenRoles),
        expiresAt: time,
        isKnown: z.boolean().openapi({ description: 'There is a person with this address: sign in first.' }),
      }),
      async handle({ body, raw, address }) {
        const open = await openInvite(team, callerOf(raw, address), body.token)
        return { body: { ...open, expiresAt: open.expiresAt.toISOString() } }
      },
    }),
    route('POST /api/v1/invites/accept', {
      summary: 'Take up an invite as somebody new',
      tag,
      description: 'Without a password: sign in with the identity provider next.',
      body: z.strictObject({
        token,
        name: z.string().max(500),
        password: z.string().max(1_000).nullable().openapi({ format: 'password' }),
      }),
      isShownOnce: true,
      answer: z.object({ next: z.enum(['done', 'code', 'provider']) }),
      async handle(request) {
        const { body, raw, address } = request
        const joined = await acceptAsNew(team, callerOf(raw, address), body)
        if (body.password === null) return { body: { next: 'provider' as const } }
        return await signedInAs(team, request, joined.email, body.password)
      },
    }),
    route('POST /api/v1/invites/join', {
      summary: 'Take up an invite as who you are',
      tag,
      body: z.strictObject({ token }),
      isShownOnce: true,
      answer: z.object({ workspaceId: z.string() }),
      async handle({ body, raw, address }) {
        const caller = callerOf(raw, address)
        const person = await requireSignedIn(team, caller)
        const { workspaceId } = await acceptAsSelf(team, caller, person, body.token)
        return { body: { workspaceId } }
      },
    }),
  ]
}

function shown(line: InviteLine) {
  return { ...line, createdAt: line.createdAt.toISOString(), expiresAt: line.expiresAt.toISOString() }
}
