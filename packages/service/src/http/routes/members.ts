import { z } from '@hono/zod-openapi'
import { givenRoles, roles } from '../../team/role.ts'
import { makeResetLink } from '../../team/sign-in/reset-link.ts'
import type { Team } from '../../team/team.ts'
import { changeRole, listMembers, removeMember } from '../../team/workspace/members.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { personOf } from './auth.ts'
import { workspaceIdParam } from './workspaces.ts'

const tag = 'Members'
const params = z.object({ workspaceId: workspaceIdParam })
const ofMember = params.extend({ personId: z.string().max(200) })

/** The people of a workspace. */
export function memberRoutes({ team }: { readonly team: Team }): readonly Route[] {
  return [
    route('GET /api/v1/workspaces/{workspaceId}/members', {
      summary: 'The people of a workspace',
      tag,
      params,
      answer: z.object({
        items: z.array(
          z
            .object({
              personId: z.string(),
              email: z.string(),
              name: z.string(),
              role: z.enum(roles),
              hasTwoFactor: z.boolean(),
              joinedAt: z.string().openapi({ format: 'date-time' }),
            })
            .openapi('Member'),
        ),
      }),
      async handle({ tenant: { workspaceId } }) {
        const members = await listMembers(team, workspaceId)
        return {
          body: { items: members.map((member) => ({ ...member, joinedAt: member.joinedAt.toISOString() })) },
        }
      },
    }),
    route('PATCH /api/v1/workspaces/{workspaceId}/members/{personId}', {
      summary: 'Give a member another role',
      tag,
      description: 'Nobody changes the owner, or their own role.',
      params: ofMember,
      body: z.strictObject({ role: z.enum(givenRoles) }),
      status: 204,
      async handle({ principal, tenant: { workspaceId }, params: { personId }, body }) {
        await changeRole(team, { workspaceId, personId: personOf(principal) }, personId, body.role)
        return { status: 204 }
      },
    }),
    route('DELETE /api/v1/workspaces/{workspaceId}/members/{personId}', {
      summary: 'Take a member out of a workspace',
      tag,
      description: 'Their next request finds nothing of it. Keys that they made stay: look through them.',
      params: ofMember,
      status: 204,
      async handle({ principal, tenant: { workspaceId }, params: { personId } }) {
        await removeMember(team, { workspaceId, personId: personOf(principal) }, personId)
        return { status: 204 }
      },
    }),
    route('POST /api/v1/workspaces/{workspaceId}/members/{personId}/reset-link', {
      summary: 'Give a member a link to a new password',
      tag,
      description:
        'Mailed to them where a mail server is set, else shown this once. Only for who is below you in every workspace that they belong to.',
      params: ofMember,
      isShownOnce: true,
      answer: z.object({ link: z.string().nullable().openapi({ description: 'null: it was mailed.' }) }),
      async handle({ principal, tenant: { workspaceId }, params: { personId } }) {
        const made = await makeResetLink(team, { workspaceId, personId: personOf(principal) }, personId)
        return { body: { link: made.sent ? null : made.link } }
      },
    }),
  ]
}
