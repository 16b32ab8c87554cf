import { z } from '@hono/zod-openapi'
import type { ApiKeyLine } from '../../team/keys/api-keys.ts'
import { createApiKey, listApiKeys, revokeApiKey } from '../../team/keys/api-keys.ts'
import { keyScopes } from '../../team/keys/key-scope.ts'
import type { Team } from '../../team/team.ts'
import { notFound } from '../api-error.ts'
import type { Principal } from '../principal.ts'
import { actorOf } from '../principal.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { workspaceIdParam } from './workspaces.ts'

const tag = 'API keys'
const params = z.object({ workspaceId: workspaceIdParam })
const time = z.string().openapi({ format: 'date-time' })
const keyShape = z
  .object({
    keyId: z.string(),
    name: z.string(),
    label: z.string().openapi({ example: 'tu_…x7Qz' }),
    projectId: z.string().nullable().openapi({ description: 'null: every project of the workspace.' }),
    scope: z.enum(keyScopes),
    allowedAddresses: z.array(z.string()).nullable(),
    createdBy: z.string(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable().openapi({ description: 'To the minute.' }),
    revokedAt: time.nullable(),
  })
  .openapi('ApiKey')

/** Keys for machines. */
export function apiKeyRoutes({ team }: { readonly team: Team }): readonly Route[] {
  return [
    route('GET /api/v1/workspaces/{workspaceId}/api-keys', {
      summary: 'The keys of a workspace, revoked ones too',
      tag,
      params,
      answer: z.object({ items: z.array(keyShape) }),
      handle: async ({ tenant: { workspaceId } }) => ({
        body: { items: (await listApiKeys(team, workspaceId)).map(shown) },
      }),
    }),
    route('POST /api/v1/workspaces/{workspaceId}/api-keys', {
      summary: 'Make a key',
      tag,
      description: 'The key is in the answer, this once. It is kept as a hash.',
      params,
      body: z.strictObject({
        name: z.string().max(500),
        projectId: z.string().max(200).nullable().default(null),
        scope: z.enum(keyScopes),
        expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
        allowedAddresses: z
          .array(z.string().max(100))
          .min(1)
          .max(100)
          .nullable()
          .default(null)
          .openapi({ example: ['203.0.113.0/24'] }),
      }),
      isShownOnce: true,
      status: 201,
      answer: z.object({ key: z.string().openapi({ example: 'tu_…' }), apiKey: keyShape }),
      async handle({ principal, tenant, body }) {
        const { expiresAt, ...wanted } = body
        const { key, line } = await createApiKey(team, actingOn(principal, tenant), {
          ...wanted,
          expiresAt: expiresAt === null ? null : new Date(expiresAt),
        })
        return { status: 201, body: { key: key.reveal(), apiKey: shown(line) } }
      },
    }),
    route('DELETE /api/v1/workspaces/{workspaceId}/api-keys/{keyId}', {
      summary: 'Revoke a key',
      tag,
      params: params.extend({ keyId: z.string().max(200) }),
      status: 204,
      async handle({ principal, tenant, params: { keyId } }) {
        await revokeApiKey(team, actingOn(principal, tenant), keyId)
        return { status: 204 }
      },
    }),
  ]
}

function actingOn(principal: Principal, { workspaceId }: ReachedTenant) {
  if (principal.kind !== 'person') throw notFound()
  return { workspaceId, personId: principal.personId, by: actorOf(principal) }
}

function shown(line: ApiKeyLine) {
  return {
    ...line,
    allowedAddresses: line.allowedAddresses && [...line.allowedAddresses],
    createdAt: line.createdAt.toISOString(),
    expiresAt: line.expiresAt?.toISOString() ?? null,
    lastUsedAt: line.lastUsedAt?.toISOString() ?? null,
    revokedAt: line.revokedAt?.toISOString() ?? null,
  }
}
