import { z } from '@hono/zod-openapi'
import { parseConfig } from '../../config/parse-config.ts'
import { requireConfigVersion } from '../../project/config-versions.ts'
import { openSecrets } from '../../project/project-secrets.ts'
import type { ProjectService } from '../../project/project-service.ts'
import { addPushSecret, listPushSecrets, removePushSecret } from '../../project/push-secrets.ts'
import { createPushHandler } from '../../push/create-push-handler.ts'
import { openProjectStore } from '../../store/index.ts'
import { notFound } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}'
const tag = 'Pushes'
const ofProject = z.object({ projectId: projectIdParam })

const secretShape = z
  .object({
    id: z.string(),
    label: z.string().openapi({ description: 'Its last four characters.' }),
    madeAt: moment,
    madeBy: z.string(),
    lastUsedAt: moment.nullable(),
  })
  .openapi('PushSecret')

const takenShape = z
  .object({
    push: z.string(),
    source: z.string(),
    mode: z.string(),
    state: z.enum(['open', 'finished']),
    received: z.number().int(),
    nextSequence: z.number().int(),
    result: z.unknown(),
  })
  .openapi('Push')

/** Access that the app pushes, and the secrets that it signs pushes with. */
export function pushRoutes({
  projects,
  onError,
}: {
  readonly projects: ProjectService
  /** Told of what made a push fail on our side. It must not throw. */
  readonly onError: (error: unknown) => void
}): readonly Route[] {
  return [
    route(`PUT ${base}/subjects`, {
      summary: 'Push what the app grants',
      tag,
      description:
        'Signed as Standard Webhooks with a push secret; JSON or NDJSON in parts, as docs/push-and-import.md says. Needs a source `pushed` in the configuration.',
      params: ofProject,
      rawBody: true,
      answer: takenShape,
      async handle({ tenant, raw }) {
        const secrets = await openSecrets(projects, tenant, { fields: ['push-secret'] }, 'push')
        if (secrets.length === 0) throw notFound()
        const { document } = await requireConfigVersion(projects, tenant)
        const targets = parseConfig(document).access.flatMap((source) =>
          source.kind === 'pushed' ? [{ name: source.name, mappings: source.mappings }] : [],
        )
        const handle = createPushHandler({
          targets,
          store: openProjectStore(projects.database, tenant),
          secrets: secrets.map(({ secret }) => secret),
          clock: projects.clock,
          onError,
        })
        return await handle(raw)
      },
    }),
    route(`GET ${base}/push-secrets`, {
      summary: 'The secrets that pushes may be signed with',
      tag,
      params: ofProject,
      answer: z.object({ items: z.array(secretShape) }),
      handle: async ({ tenant }) => {
        const kept = await listPushSecrets(projects, tenant)
        const items = kept.map(({ id, label, madeAt, madeBy, lastUsedAt }) => ({
          ...{ id, label, madeAt, madeBy, lastUsedAt },
        }))
        return { body: shown({ items }) }
      },
    }),
    route(`POST ${base}/push-secrets`, {
      summary: 'Make a secret that pushes may be signed with',
      tag,
      params: ofProject,
      isShownOnce: true,
      status: 201,
      answer: z.object({
        id: z.string(),
        secret: z.string().openapi({ description: 'Shown this once.' }),
      }),
      handle: async ({ tenant, principal }) => {
        const { id, secret } = await addPushSecret(projects, tenant, nameOf(principal))
        return { status: 201, body: { id, secret: secret.reveal() } }
      },
    }),
    route(`DELETE ${base}/push-secrets/{secretId}`, {
      summary: 'Take a secret for pushes away, at once',
      tag,
      params: ofProject.extend({ secretId: z.string().max(64) }),
      handle: async ({ tenant, params, principal }) => {
        await removePushSecret(projects, tenant, params.secretId, nameOf(principal))
        return { status: 204 }
      },
    }),
  ]
}
