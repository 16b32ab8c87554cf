import { z } from '@hono/zod-openapi'
import type { AlertDependencies } from '../../alert/alert-dependencies.ts'
import { replayDelivery, wholeDelivery } from '../../outgoing/delivery/delivery-log.ts'
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  loadEndpoint,
  outgoingDb,
  removeEndpoint,
  rollSecret,
} from '../../outgoing/endpoints.ts'
import { outgoingTypes } from '../../outgoing/message-types.ts'
import { pageOf, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { deliveryQuery, deliveryShape, shownDeliveries, wholeDeliveryShape } from '../shown/deliveries.ts'
import { shown } from '../shown/shown.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/outgoing-webhooks'
const log = '/api/v1/projects/{projectId}/outgoing-deliveries'
const tag = 'Outgoing webhooks'
const ofProject = z.object({ projectId: projectIdParam })
const ofEndpoint = ofProject.extend({ endpointId: z.string().max(64) })
const ofDelivery = ofProject.extend({ deliveryId: z.string().max(64) })

const url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .openapi({ example: 'https://app.example.com/hooks/trueup' })
const description = z.string().trim().max(200)
const messageTypes = z
  .array(z.enum(outgoingTypes))
  .min(1)
  .max(outgoingTypes.length)
  .openapi({ description: 'What the endpoint is told of.' })

const endpointShape = z
  .object({
    id: z.string().openapi({ example: 'whe_k3vq2j6w5xnyt4zr7m2s5b3d' }),
    url: z.string(),
    description: z.string(),
    messageTypes,
    enabled: z.boolean(),
    secretHint: z.string().openapi({ example: 'whsec_…q8A=' }),
    previousSecretUntil: moment
      .nullable()
      .openapi({ description: 'Until when the secret before this one signs as well.' }),
    failingSince: moment.nullable().openapi({ description: 'Since when nothing has been taken.' }),
    disabledBecause: z.string().nullable().openapi({ description: 'Why it was switched off by itself.' }),
    createdAt: moment,
  })
  .openapi('OutgoingWebhook')
const withSecret = z
  .object({
    endpoint: endpointShape,
    secret: z.string().openapi({ description: 'What signs. Shown this once.' }),
  })
  .openapi('OutgoingWebhookWithSecret')

/** Endpoints of the app that are told of incidents, repairs and checks, and the log of what was sent. */
export function outgoingWebhookRoutes({ alerts }: { readonly alerts: AlertDependencies }): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'The endpoints that are told of what happens',
      tag,
      params: ofProject,
      answer: z.object({ items: z.array(endpointShape) }),
      handle: async ({ tenant }) => ({ body: shown({ items: await listEndpoints(alerts, tenant) }) }),
    }),
    route(`POST ${base}`, {
      summary: 'Add an endpoint',
      tag,
      description:
        'Messages are signed as Standard Webhooks has it, with the secret in the answer. It is told of what happens from now on.',
      params: ofProject,
      body: z.strictObject({ url, description: description.default(''), messageTypes }),
      answer: withSecret,
      status: 201,
      isShownOnce: true,
      handle: async ({ tenant, principal, body }) => {
        const { endpoint, secret } = await addEndpoint(alerts, tenant, body, nameOf(principal))
        return { status: 201, body: { endpoint: shownEndpoint(endpoint), secret: secret.reveal() } }
      },
    }),
    route(`GET ${base}/{endpointId}`, {
      summary: 'One endpoint',
      tag,
      params: ofEndpoint,
      answer: endpointShape,
      handle: async ({ tenant, params }) => ({
        body: shownEndpoint(await loadEndpoint(alerts, tenant, params.endpointId)),
      }),
    }),
    route(`PATCH ${base}/{endpointId}`, {
      summary: 'Change an endpoint, or switch it on or off',
      tag,
      description:
        'What is left out stays as it is. What an endpoint missed while it was off can be sent again from the log.',
      params: ofEndpoint,
      body: z.strictObject({
        url: url.optional(),
        description: description.optional(),
        messageTypes: messageTypes.optional(),
        enabled: z.boolean().optional(),
      }),
      answer: endpointShape,
      handle: async ({ tenant, principal, params, body }) => ({
        body: shownEndpoint(await changeEndpoint(alerts, tenant, params.endpointId, body, nameOf(principal))),
      }),
    }),
    route(`DELETE ${base}/{endpointId}`, {
      summary: 'Remove an endpoint, and what is on its way to it',
      tag,
      params: ofEndpoint,
      handle: async ({ tenant, principal, params }) => {
        await removeEndpoint(alerts, tenant, params.endpointId, nameOf(principal))
        return { status: 204 }
      },
    }),
    route(`POST ${base}/{endpointId}/roll-secret`, {
      summary: 'Make a new secret for an endpoint',
      tag,
      description: 'The one before signs beside it for so many hours, so that no message is missed.',
      params: ofEndpoint,
      body: z.strictObject({ overlapHours: z.number().int().min(0).max(168).default(24) }),
      answer: withSecret,
      isShownOnce: true,
      handle: async ({ tenant, principal, params, body }) => {
        const { endpoint, secret } = await rollSecret(alerts, tenant, params.endpointId, {
          ...body,
          by: nameOf(principal),
        })
        return { body: { endpoint: shownEndpoint(endpoint), secret: secret.reveal() } }
      },
    }),
    route(`GET ${log}`, {
      summary: 'The log of messages to endpoints, newest first',
      tag,
      params: ofProject,
      query: deliveryQuery,
      answer: pageOf(deliveryShape),
      handle: async ({ tenant, query }) => ({
        body: await shownDeliveries(outgoingDb(alerts, tenant), tenant, 'webhook', query),
      }),
    }),
    route(`GET ${log}/{deliveryId}`, {
      summary: 'One message, with what was sent and every try',
      tag,
      params: ofDelivery,
      answer: wholeDeliveryShape,
      handle: async ({ tenant, params }) => ({
        body: shown(await wholeDelivery(outgoingDb(alerts, tenant), tenant, 'webhook', params.deliveryId)),
      }),
    }),
    route(`POST ${log}/{deliveryId}/send-again`, {
      summary: 'Send a message again that was sent or set aside',
      tag,
      description: 'With the same id, so that a receiver who has it knows it again.',
      params: ofDelivery,
      status: 204,
      handle: async ({ tenant, params: { deliveryId } }) => {
        await replayDelivery(outgoingDb(alerts, tenant), tenant, 'webhook', deliveryId, alerts.clock.now())
        await alerts.jobs.send('outgoing.deliver', { ...tenant, deliveryId })
        return { status: 204 }
      },
    }),
  ]
}

function shownEndpoint(endpoint: Awaited<ReturnType<typeof loadEndpoint>>): z.output<typeof endpointShape> {
  return { ...shown(endpoint), messageTypes: [...endpoint.messageTypes] }
}
