import { z } from '@hono/zod-openapi'
import type { AlertDependencies } from '../../alert/alert-dependencies.ts'
import { alertRule } from '../../alert/alert-rule.ts'
import { channelConfig, channelKinds } from '../../alert/channel-config.ts'
import {
  addChannel,
  alertDb,
  changeChannel,
  listChannels,
  loadChannel,
  removeChannel,
} from '../../alert/channels.ts'
import { addRule, changeRule, listRules, removeRule } from '../../alert/rules.ts'
import { sendTest } from '../../alert/send-test.ts'
import { replayDelivery, wholeDelivery } from '../../outgoing/delivery/delivery-log.ts'
import { pageOf, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { deliveryQuery, deliveryShape, shownDeliveries, wholeDeliveryShape } from '../shown/deliveries.ts'
import { shown } from '../shown/shown.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/alerts'
const tag = 'Alerts'
const ofProject = z.object({ projectId: projectIdParam })
const ofChannel = ofProject.extend({ channelId: z.string().max(64) })
const ofRule = ofProject.extend({ ruleId: z.string().max(64) })
const ofDelivery = ofProject.extend({ deliveryId: z.string().max(64) })

const name = z.string().trim().min(1).max(80)
const getsDigest = z.boolean().openapi({ description: 'Whether it gets the weekly digest.' })
const messagesPerHour = z.number().int().min(1).max(600).openapi({
  description: 'More messages wait, and those of one kind are put together. PagerDuty has no such limit.',
})
const config = channelConfig.openapi('AlertChannelConfig', {
  description: 'Where it goes. Addresses and keys are sealed and never given back.',
})
const rule = alertRule.openapi('AlertRuleBody')

const channelShape = z
  .object({
    id: z.string().openapi({ example: 'alc_k3vq2j6w5xnyt4zr7m2s5b3d' }),
    name: z.string(),
    kind: z.enum(channelKinds),
    settings: z
      .record(z.string(), z.union([z.string(), z.number(), z.null(), z.array(z.string())]))
      .openapi({ description: 'What may be shown: of secrets the last four characters.' }),
    enabled: z.boolean(),
    getsDigest,
    messagesPerHour,
    createdAt: moment,
  })
  .openapi('AlertChannel')
const ruleShape = z
  .object({ id: z.string(), rule, enabled: z.boolean(), createdAt: moment })
  .openapi('AlertRule')

/** Who is told of what: channels, rules, and the log of what was sent. */
export function alertRoutes({ alerts }: { readonly alerts: AlertDependencies }): Route[] {
  return [
    route(`GET ${base}/channels`, {
      summary: 'The alert channels of a project',
      tag,
      params: ofProject,
      answer: z.object({ items: z.array(channelShape) }),
      handle: async ({ tenant }) => ({ body: shown({ items: await listChannels(alerts, tenant) }) }),
    }),
    route(`POST ${base}/channels`, {
      summary: 'Add an alert channel',
      tag,
      description: 'Nothing is sent to it until a rule names it; try it with its test.',
      params: ofProject,
      body: z.strictObject({
        name,
        config,
        getsDigest: getsDigest.optional(),
        messagesPerHour: messagesPerHour.optional(),
      }),
      answer: channelShape,
      status: 201,
      isShownOnce: true,
      handle: async ({ tenant, principal, body }) => ({
        status: 201,
        body: shown(await addChannel(alerts, tenant, body, nameOf(principal))),
      }),
    }),
    route(`GET ${base}/channels/{channelId}`, {
      summary: 'One alert channel',
      tag,
      params: ofChannel,
      answer: channelShape,
      handle: async ({ tenant, params }) => ({
        body: shown(await loadChannel(alerts, tenant, params.channelId)),
      }),
    }),
    route(`PATCH ${base}/channels/{channelId}`, {
      summary: 'Change an alert channel',
      tag,
      description: 'What is left out stays as it is. A configuration takes the place of the whole old one.',
      params: ofChannel,
      body: z.strictObject({
        name: name.optional(),
        config: config.optional(),
        enabled: z.boolean().optional(),
        getsDigest: getsDigest.optional(),
        messagesPerHour: messagesPerHour.optional(),
      }),
      answer: channelShape,
      isShownOnce: true,
      handle: async ({ tenant, principal, params, body }) => ({
        body: shown(await changeChannel(alerts, tenant, params.channelId, body, nameOf(principal))),
      }),
    }),
    route(`DELETE ${base}/channels/{channelId}`, {
      summary: 'Remove an alert channel, and what is on its way to it',
      tag,
      params: ofChannel,
      handle: async ({ tenant, principal, params }) => {
        await removeChannel(alerts, tenant, params.channelId, nameOf(principal))
        return { status: 204 }
      },
    }),
    route(`POST ${base}/channels/{channelId}/test`, {
      summary: 'Send a test message to an alert channel now',
      tag,
      description: 'It is tried once, and the answer says how it went.',
      params: ofChannel,
      answer: z
        .object({
          deliveryId: z.string(),
          sent: z.boolean(),
          status: z.number().int().nullable(),
          detail: z.string().openapi({ description: 'What the receiver said, or why there was no answer.' }),
        })
        .openapi('AlertTest'),
      handle: async ({ tenant, principal, params }) => ({
        body: await sendTest(alerts, tenant, params.channelId, nameOf(principal)),
      }),
    }),
    route(`GET ${base}/rules`, {
      summary: 'The alert rules of a project, in their order',
      tag,
      description: 'Where several tell one channel of an incident, the first of them does.',
      params: ofProject,
      answer: z.object({ items: z.array(ruleShape) }),
      handle: async ({ tenant }) => ({ body: shown({ items: await listRules(alerts, tenant) }) }),
    }),
    route(`POST ${base}/rules`, {
      summary: 'Add an alert rule',
      tag,
      description: 'It tells of incidents that open from now on.',
      params: ofProject,
      body: rule,
      answer: ruleShape,
      status: 201,
      handle: async ({ tenant, principal, body }) => ({
        status: 201,
        body: shown(await addRule(alerts, tenant, body, nameOf(principal))),
      }),
    }),
    route(`PUT ${base}/rules/{ruleId}`, {
      summary: 'Replace an alert rule, or switch it on or off',
      tag,
      params: ofRule,
      body: z.strictObject({ rule: rule.optional(), enabled: z.boolean().optional() }),
      answer: ruleShape,
      handle: async ({ tenant, principal, params, body }) => ({
        body: shown(await changeRule(alerts, tenant, params.ruleId, body, nameOf(principal))),
      }),
    }),
    route(`DELETE ${base}/rules/{ruleId}`, {
      summary: 'Remove an alert rule',
      tag,
      params: ofRule,
      handle: async ({ tenant, principal, params }) => {
        await removeRule(alerts, tenant, params.ruleId, nameOf(principal))
        return { status: 204 }
      },
    }),
    route(`GET ${base}/deliveries`, {
      summary: 'The log of alerts, newest first',
      tag,
      params: ofProject,
      query: deliveryQuery,
      answer: pageOf(deliveryShape),
      handle: async ({ tenant, query }) => ({
        body: await shownDeliveries(alertDb(alerts, tenant), tenant, 'alert', query),
      }),
    }),
    route(`GET ${base}/deliveries/{deliveryId}`, {
      summary: 'One alert, with what was sent and every try',
      tag,
      params: ofDelivery,
      answer: wholeDeliveryShape,
      handle: async ({ tenant, params }) => ({
        body: shown(await wholeDelivery(alertDb(alerts, tenant), tenant, 'alert', params.deliveryId)),
      }),
    }),
    route(`POST ${base}/deliveries/{deliveryId}/send-again`, {
      summary: 'Send an alert again that was sent or set aside',
      tag,
      params: ofDelivery,
      status: 204,
      handle: async ({ tenant, params: { deliveryId } }) => {
        await replayDelivery(alertDb(alerts, tenant), tenant, 'alert', deliveryId, alerts.clock.now())
        await alerts.jobs.send('alert.deliver', { ...tenant, deliveryId })
        return { status: 204 }
      },
    }),
  ]
}
