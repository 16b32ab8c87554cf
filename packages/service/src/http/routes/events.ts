import { z } from '@hono/zod-openapi'
import { listDue, readBacklog, retrySetAside } from '../../inbox/due-targets.ts'
import { readEndpointHealth } from '../../inbox/endpoint-health.ts'
import type { EndpointSecretsOptions } from '../../inbox/endpoint-secrets.ts'
import { addEndpointSecret, listEndpointSecrets, removeEndpointSecret } from '../../inbox/endpoint-secrets.ts'
import { providers } from '../../inbox/event.ts'
import type { EventFilter } from '../../inbox/list-events.ts'
import { findEvent, listEvents, listRefusals } from '../../inbox/list-events.ts'
import { replayEvent } from '../../inbox/replay-event.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { Secret } from '../../secret.ts'
import { notFound } from '../api-error.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}'
const tag = 'Webhooks'

const provider = z.enum(providers)
const verdict = z
  .enum(['acted-on', 'twin', 'not-acted-on'])
  .openapi({ description: '`twin`: another event told of the same change before.' })
const targetShape = z
  .object({ kind: z.enum(['customer', 'subject', 'object']), id: z.string() })
  .openapi('EventTarget', { description: 'Whom it makes due for a check. An object leads to its customer.' })

const eventFields = {
  provider,
  id: z.string().openapi({ example: 'evt_1PqY2bK3' }),
  type: z.string().openapi({ example: 'customer.subscription.updated' }),
  objectId: z.string().nullable(),
  createdAt: moment,
  receivedAt: moment,
  verdict,
  noEffect: z.enum(['type-not-acted-on', 'nobody-named']).nullable(),
  twinOf: z.string().nullable(),
  target: z.union([targetShape, z.null()]),
  foundBy: z.enum(['webhook', 'sweep']),
  deliveries: z.number().openapi({
    description: 'How often it came. 0: it never came, and was found in the list of the provider.',
  }),
  lastDeliveredAt: moment.nullable(),
  replays: z.number(),
  checkedAt: moment
    .nullable()
    .openapi({ description: 'When the check that followed from it was completed.' }),
}
const eventShape = z.object(eventFields).openapi('Event')
const eventInFull = z
  .object({
    ...eventFields,
    payload: z.unknown().openapi({ description: 'Without secrets; null once it was forgotten.' }),
  })
  .openapi('EventInFull')

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const eventQuery = pageQuery.extend({
  provider: provider.optional(),
  verdict: verdict.optional(),
  type: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .openapi({ example: 'customer.subscription.*', description: 'A type, or its beginning and a star.' }),
  about: z.string().min(1).max(300).optional().openapi({
    description: "A customer's id, the key of a subject (`user:user_1`), or the id of an object.",
  }),
  duplicates: flag.optional().openapi({ description: 'Those that came more than once.' }),
  missing: flag
    .optional()
    .openapi({ description: 'Those that the provider lists and no webhook brought: the gaps.' }),
  pending: flag.optional().openapi({ description: 'Those whose check is not completed.' }),
  receivedSince: z.iso.datetime({ offset: true }).optional(),
})

const failureShape = z.object({ code: z.string(), message: z.string(), at: moment }).nullable()
const secretShape = z
  .object({
    id: z.string(),
    label: z.string().openapi({ example: 'whsec_…c9Lr' }),
    addedAt: moment,
    addedBy: z.string(),
    expiresAt: moment.nullable().openapi({ description: 'Signs until then; null: until it is removed.' }),
  })
  .openapi('SigningSecret')
const endpointShape = z
  .object({
    provider,
    path: z
      .string()
      .openapi({ description: 'Where the provider is to send, after the address of the service.' }),
    openedAt: moment,
    lastReceivedAt: moment.nullable().openapi({ description: 'Send a test event, and see this move.' }),
    missing: z
      .number()
      .openapi({ description: 'Events of the last week that the provider has and nobody brought.' }),
    lastRefusedAt: moment.nullable(),
    comparedTo: moment.nullable(),
    sweepFailure: failureShape,
    clockSkewSeconds: z.number().nullable(),
    alarms: z.array(
      z.enum([
        'no-secret',
        'never-received',
        'silent',
        'losing',
        'refusing',
        'not-compared',
        'clock-differs',
      ]),
    ),
    secrets: z.array(secretShape),
  })
  .openapi('WebhookEndpoint')
const refusalShape = z
  .object({ provider, reason: z.string(), count: z.number(), firstAt: moment, lastAt: moment })
  .openapi('Refusal')
const dueShape = z
  .object({
    target: targetShape,
    state: z.enum(['due', 'set-aside']),
    dueSince: moment,
    notBefore: moment,
    attempts: z.number(),
    failure: failureShape,
  })
  .openapi('DueCheck')

const ofProject = z.object({ projectId: projectIdParam })
const ofEvent = ofProject.extend({ provider, eventId: z.string().min(1).max(255) })
const ofEndpoint = ofProject.extend({ provider })

/** What came by webhooks, what did not, and the endpoints that take them. */
export function eventRoutes(inbox: EndpointSecretsOptions & { readonly jobs: Jobs }): Route[] {
  const { database, jobs } = inbox
  return [
    route(`GET ${base}/events`, {
      summary: 'Events, the last stored first',
      tag,
      params: ofProject,
      query: eventQuery,
      answer: pageOf(eventShape),
      handle: async ({ tenant, query }) => {
        const { after = null, limit, receivedSince, ...asked } = query
        const filter: EventFilter = {
          ...defined(asked),
          ...(receivedSince ? { receivedSince: new Date(receivedSince) } : {}),
        }
        const { events, nextCursor } = await listEvents(database, tenant, filter, { limit, cursor: after })
        return { body: shown({ items: events, next: nextCursor }) }
      },
    }),
    route(`GET ${base}/events/{provider}/{eventId}`, {
      summary: 'One event with what stood in it',
      tag,
      params: ofEvent,
      answer: eventInFull,
      handle: async ({ tenant, params }) => {
        const event = await findEvent(database, tenant, params)
        if (!event) throw notFound()
        return { body: { ...shown({ ...event, payload: null }), payload: event.payload } }
      },
    }),
    route(`POST ${base}/events/{provider}/{eventId}/replay`, {
      summary: 'Do once more what follows from an event',
      description: 'Whom it names is due for a check; what is true then is read from the provider.',
      tag,
      params: ofEvent,
      answer: z.object({ target: targetShape }),
      status: 202,
      handle: async ({ tenant, params, principal }) => {
        const { provider, eventId } = params
        const by = nameOf(principal)
        return { status: 202, body: await replayEvent(inbox, tenant, { provider, eventId, by }) }
      },
    }),
    route(`GET ${base}/webhooks`, {
      summary: 'The endpoints, how they do, and what is refused there',
      tag,
      params: ofProject,
      answer: z.object({ endpoints: z.array(endpointShape), refusals: z.array(refusalShape) }),
      handle: async ({ tenant }) => {
        const endpoints = []
        for (const health of await readEndpointHealth(inbox, tenant)) {
          const secrets = await listEndpointSecrets(database, tenant, health.provider)
          endpoints.push({
            ...health,
            path: `/api/webhooks/${health.provider}/${tenant.projectId}`,
            secrets,
          })
        }
        return { body: shown({ endpoints, refusals: await listRefusals(database, tenant) }) }
      },
    }),
    route(`POST ${base}/webhooks/{provider}/secrets`, {
      summary: 'Add a signing secret',
      tag,
      params: ofEndpoint,
      body: z.strictObject({
        secret: z
          .string()
          .min(1)
          .max(300)
          .openapi({ format: 'password', description: 'Written only: never given back.' }),
        replaces: z
          .boolean()
          .default(false)
          .openapi({ description: 'The secrets so far go on signing for a day, and then no longer.' }),
      }),
      answer: secretShape,
      status: 201,
      isShownOnce: true,
      handle: async ({ tenant, params, body, principal }) => {
        const given = { secret: new Secret(body.secret), replaces: body.replaces, by: nameOf(principal) }
        return { status: 201, body: shown(await addEndpointSecret(inbox, tenant, params.provider, given)) }
      },
    }),
    route(`DELETE ${base}/webhooks/{provider}/secrets/{secretId}`, {
      summary: 'Take a signing secret away at once',
      tag,
      params: ofEndpoint.extend({ secretId: z.string().min(1).max(100) }),
      handle: async ({ tenant, params, principal }) => {
        const { provider, secretId: id } = params
        await removeEndpointSecret(inbox, tenant, provider, { id, by: nameOf(principal) })
        return { status: 204 }
      },
    }),
    route(`POST ${base}/webhooks/compare`, {
      summary: "Compare what came with Stripe's own list of events",
      description:
        'It is done every hour by itself. What is missing is then found by `GET events?missing=true`.',
      tag,
      params: ofProject,
      status: 202,
      answer: z.object({ sent: z.literal(true) }),
      handle: async ({ tenant: { workspaceId, projectId } }) => {
        await jobs.send('inbox.sweep', { workspaceId, projectId }, { key: projectId })
        return { status: 202, body: { sent: true as const } }
      },
    }),
    route(`GET ${base}/due-checks`, {
      summary: 'Who is due for a check, those that were set aside first',
      tag,
      params: ofProject,
      query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
      answer: z.object({
        items: z.array(dueShape),
        due: z.number(),
        setAside: z.number(),
        oldestDueSince: moment.nullable(),
      }),
      handle: async ({ tenant, query }) => {
        const [items, backlog] = [await listDue(database, tenant, query), await readBacklog(database, tenant)]
        return { body: shown({ items, ...backlog }) }
      },
    }),
    route(`POST ${base}/due-checks/retry`, {
      summary: 'Give a check that was set aside new tries',
      tag,
      params: ofProject,
      body: z.strictObject({ target: z.strictObject(targetShape.shape) }),
      status: 204,
      handle: async ({ tenant, body }) => {
        await retrySetAside(inbox, tenant, body.target)
        return { status: 204 }
      },
    }),
  ]
}

/** The fields that were given. */
function defined<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as {
    [Key in keyof Value]?: NonNullable<Value[Key]>
  }
}
