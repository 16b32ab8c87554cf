import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../../test/support/alert-world.ts'
import { deliverAlert } from '../../alert/deliver-alert.ts'
import { routeIncidents } from '../../alert/route-incidents.ts'
import { deliverMessage } from '../../outgoing/deliver-message.ts'
import { laggingFollowers } from '../../outgoing/lagging-followers.ts'
import { type Receiver, startReceiver } from '../../outgoing/receivers.ts'
import { routeMessages } from '../../outgoing/route-messages.ts'
import type { RouteKey } from '../policy.ts'
import { problemOf } from '../problem.ts'
import type { Route } from '../route.ts'
import { alertRoutes } from './alerts.ts'
import { outgoingWebhookRoutes } from './outgoing-webhooks.ts'

const alerts = '/api/v1/projects/{projectId}/alerts'
const outgoing = '/api/v1/projects/{projectId}/outgoing-webhooks'
const log = '/api/v1/projects/{projectId}/outgoing-deliveries'

let world: AlertWorld
let receiver: Receiver
let routes: readonly Route[]
const asked = new Set<RouteKey>()
beforeAll(async () => {
  world = await AlertWorld.open('server')
  await world.renew()
  receiver = await startReceiver()
  routes = [
    ...alertRoutes({ alerts: world.dependencies }),
    ...outgoingWebhookRoutes({ alerts: world.dependencies }),
  ]
})
afterAll(async () => {
  await receiver.close()
  await world.close()
})

// biome-ignore lint/suspicious/noExplicitAny: the tests say by their expectations what an answer holds
type Anything = any

/** Asks a route as the API does, and holds its answer to the shape that the reference shows. */
async function ask(
  key: RouteKey,
  { body, params = {}, query = {} }: { body?: unknown; params?: object; query?: object } = {},
): Promise<Anything> {
  const route = routes.find((candidate) => candidate.key === key)
  if (!route) throw new Error(`There is no route ${key}.`)
  asked.add(key)
  const read = (shape: Route['body'], value: unknown) => (shape ? shape.parse(value) : {})
  const answer = await route.handle({
    principal: {
      kind: 'person',
      personId: 'per_1',
      email: 'ada@example.com',
      roles: new Map([['wsp_1', 'admin']]),
      sessionFresh: true,
    },
    tenant: world.tenant,
    params: read(route.params, { projectId: world.tenant.projectId, ...params }),
    query: read(route.query, query),
    body: read(route.body, body),
    raw: new Request('http://127.0.0.1/'),
    address: '127.0.0.1',
    signal: new AbortController().signal,
  })
  if (answer instanceof Response || !('body' in answer)) return null
  return route.answer?.parse(answer.body)
}

const deliverDue = async () => {
  for (const { deliveryId } of world.dueJobs('alert.deliver')) {
    await deliverAlert(world.dependencies, world.tenant, deliveryId)
  }
  for (const { deliveryId } of world.dueJobs('outgoing.deliver')) {
    await deliverMessage(world.dependencies, world.tenant, deliveryId, async () => {})
  }
}

describe('through the API alone', () => {
  it('a channel is added, tried, named by a rule, and told of an incident', async () => {
    const config = { kind: 'slack', url: `${receiver.url}/services/T0/B0/slacksecret` }
    const channel = await ask(`POST ${alerts}/channels`, { body: { name: 'ops', config } })
    expect(channel).toMatchObject({ kind: 'slack', enabled: true, getsDigest: true, messagesPerHour: 30 })
    const params = { channelId: channel.id }
    expect(await ask(`POST ${alerts}/channels/{channelId}/test`, { params })).toMatchObject({
      sent: true,
      status: 200,
    })
    world.after(1)
    const rule = await ask(`POST ${alerts}/rules`, {
      body: { name: 'all', channels: [channel.id], minSeverity: 'low' },
    })
    await world.find(driftOf('user_1'))
    expect(await laggingFollowers(world.database.system)).toEqual([])
    await world.dependencies.advanceLedger(world.tenant)
    expect(await laggingFollowers(world.database.system)).toEqual([{ ...world.tenant, follower: 'alert' }])
    await routeIncidents(world.dependencies, world.tenant)
    expect(await laggingFollowers(world.database.system)).toEqual([])
    world.after(10)
    await deliverDue()
    expect(receiver.received).toHaveLength(2)

    const { items } = await ask(`GET ${alerts}/deliveries`, { query: { targetId: channel.id } })
    expect(items.map(({ type, state }: Anything) => `${type} ${state}`)).toEqual(['opened sent', 'test sent'])
    const page = await ask(`GET ${alerts}/deliveries`, { query: { limit: 1 } })
    const rest = await ask(`GET ${alerts}/deliveries`, { query: { limit: 1, after: page.next } })
    expect([page.items[0].id, rest.items[0].id, rest.next]).toEqual([items[0].id, items[1].id, null])
    const delivery = { deliveryId: items[0].id }
    expect(await ask(`GET ${alerts}/deliveries/{deliveryId}`, { params: delivery })).toMatchObject({
      tried: [{ outcome: 'sent', status: 200 }],
    })
    await ask(`POST ${alerts}/deliveries/{deliveryId}/send-again`, { params: delivery })
    await deliverDue()
    expect(receiver.received).toHaveLength(3)

    await ask(`PATCH ${alerts}/channels/{channelId}`, { params, body: { enabled: false, name: 'quiet' } })
    await ask(`PUT ${alerts}/rules/{ruleId}`, { params: { ruleId: rule.id }, body: { enabled: false } })
    expect((await ask(`GET ${alerts}/rules`)).items).toMatchObject([{ id: rule.id, enabled: false }])
    expect(await ask(`GET ${alerts}/channels/{channelId}`, { params })).toMatchObject({
      name: 'quiet',
      enabled: false,
    })
    const shown = JSON.stringify([channel, await ask(`GET ${alerts}/channels`), items])
    expect(shown).not.toContain('slacksecret')
    await ask(`DELETE ${alerts}/rules/{ruleId}`, { params: { ruleId: rule.id } })
    await ask(`DELETE ${alerts}/channels/{channelId}`, { params })
    expect((await ask(`GET ${alerts}/channels`)).items).toEqual([])
  })

  it('an endpoint is added, told, rolled and switched off; its secret is shown once', async () => {
    const { endpoint, secret } = await ask(`POST ${outgoing}`, {
      body: { url: `${receiver.url}/hook`, messageTypes: ['incident.opened'] },
    })
    const params = { endpointId: endpoint.id }
    await world.find(driftOf('user_2'))
    await routeMessages(world.dependencies, world.tenant)
    await deliverDue()
    const { items } = await ask(`GET ${log}`, { query: { state: 'sent' } })
    expect(items).toMatchObject([{ type: 'incident.opened', targetId: endpoint.id }])
    const delivery = { deliveryId: items[0].id }
    expect((await ask(`GET ${log}/{deliveryId}`, { params: delivery })).content).toContain('user_2')
    await ask(`POST ${log}/{deliveryId}/send-again`, { params: delivery })
    await deliverDue()
    const [first, second] = receiver.received.filter(({ path }) => path === '/hook')
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    const rolled = await ask(`POST ${outgoing}/{endpointId}/roll-secret`, { params, body: {} })
    expect(rolled.secret).not.toBe(secret)
    await ask(`PATCH ${outgoing}/{endpointId}`, { params, body: { enabled: false } })
    const shown = [await ask(`GET ${outgoing}`), await ask(`GET ${outgoing}/{endpointId}`, { params })]
    expect(shown[1]).toMatchObject({ enabled: false, previousSecretUntil: expect.any(String) })
    for (const one of [secret, rolled.secret]) expect(JSON.stringify(shown)).not.toContain(one)
    await ask(`DELETE ${outgoing}/{endpointId}`, { params })
    expect((await ask(`GET ${outgoing}`)).items).toEqual([])
  })

  it.each<[string, RouteKey, object, number, string]>([
    [
      'a channel that is not there',
      `GET ${alerts}/channels/{channelId}`,
      { channelId: 'alc_0' },
      404,
      'channel-not-found',
    ],
    [
      'a delivery that is not there',
      `GET ${alerts}/deliveries/{deliveryId}`,
      { deliveryId: 'dlv_0' },
      404,
      'delivery-not-found',
    ],
    [
      'an endpoint that is not there',
      `GET ${outgoing}/{endpointId}`,
      { endpointId: 'whe_0' },
      404,
      'endpoint-not-found',
    ],
    [
      'a rule that is not there',
      `DELETE ${alerts}/rules/{ruleId}`,
      { ruleId: 'alr_0' },
      404,
      'rule-not-found',
    ],
  ])('%s is answered as such', async (_, key, params, status, code) => {
    const problem = await ask(key, { params }).then(
      () => null,
      (error) => problemOf(error, 'req_1').problem,
    )
    expect(problem).toMatchObject({ status, code })
  })

  it('every route was asked', () => {
    expect(routes.map(({ key }) => key).filter((key) => !asked.has(key))).toEqual([])
  })
})
