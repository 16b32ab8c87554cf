import { createClerkClient } from '@clerk/backend'
import { verifyWebhook } from '@clerk/backend/webhooks'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Deliverer } from '../../server/deliver.ts'
import { type Listening, listen } from '../../server/listen.ts'
import { changeItem, subscribe } from '../billing/subscribe.ts'
import { createClerkApp } from '../create-clerk-app.ts'
import { makeMoney, makePlan } from '../objects/index.ts'
import { acceptInvitation } from '../organizations/invitations.ts'
import { checkEvent } from '../spec/clerk-spec.ts'
import { ClerkState } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { ClerkWebhooks } from './webhooks.ts'

const secretKey = 'sk_test_sandbox'

interface Received {
  readonly request: Request
  readonly body: {
    readonly type: string
    readonly data: Record<string, unknown>
    readonly instance_id: string
  }
}

const received: Received[] = []
let answers: number[] = []
let receiver: Listening
let server: Listening
let deliverer: Deliverer
let state: ClerkState
let webhooks: ClerkWebhooks

beforeAll(async () => {
  const app = new Hono()
  app.post('/hook', async (c) => {
    const request = c.req.raw.clone()
    received.push({ request, body: await c.req.json() })
    return c.body(null, (answers.shift() ?? 200) as 200)
  })
  receiver = await listen(app)
})
afterAll(async () => {
  await receiver.close()
})
beforeEach(async () => {
  received.length = 0
  answers = []
  state = new ClerkState({ seed: 'webhooks' })
  deliverer = new Deliverer({ seed: 'webhooks' })
  webhooks = new ClerkWebhooks({ state, deliverer })
  server = await listen(createClerkApp({ state, keys: [secretKey], webhooks }))
})
afterEach(async () => {
  await deliverer.close()
  await server.close()
})

const types = () => received.map(({ body }) => body.type)
const hook = () => `${receiver.url}/hook`

test('Clerk’s own verifier accepts a delivery, and refuses it under another secret', async () => {
  const answer = await fetch(`${server.url}/_sandbox/clerk/webhook_endpoints`, {
    method: 'POST',
    body: JSON.stringify({ url: hook() }),
  })
  expect(answer.status).toBe(201)
  const { secret } = (await answer.json()) as { secret: string }
  const clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
  const user = await clerk.users.createUser({ emailAddress: ['ada@example.com'] })
  await deliverer.drain()
  const request = received[0]?.request
  if (request === undefined) throw new Error('nothing was delivered')
  const event = await verifyWebhook(request.clone(), { signingSecret: secret })
  expect(event).toMatchObject({ type: 'user.created', data: { id: user.id } })
  const other = `whsec_${Buffer.from('another key of this length').toString('base64')}`
  await expect(verifyWebhook(request.clone(), { signingSecret: other })).rejects.toThrow()
})

test('every change is told, in order, as the published description says', async () => {
  webhooks.register({ url: hook() })
  const clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
  const user = await clerk.users.createUser({ emailAddress: ['a@example.com'], externalId: 'ext' })
  await clerk.users.updateUserMetadata(user.id, { publicMetadata: { plan: 'pro' } })
  const organization = await clerk.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
  await clerk.organizations.updateOrganization(organization.id, { name: 'Acme 2' })
  const member = { organizationId: organization.id, userId: user.id }
  await clerk.organizations.updateOrganizationMembership({ ...member, role: 'org:member' })
  const invited = createUser(state, { emails: ['b@example.com'] })
  const invitation = await clerk.organizations.createOrganizationInvitation({
    organizationId: organization.id,
    emailAddress: 'b@example.com',
    role: 'org:member',
  })
  acceptInvitation(state, organization.id, invitation.id, invited.id)
  const session = await clerk.sessions.createSession({ userId: user.id })
  await clerk.sessions.revokeSession(session.id)
  const plan = makePlan({ id: state.ids.next('cplan'), slug: 'pro', fee: makeMoney(2000) })
  const [item] = subscribe(state, user.id, plan).subscription_items
  changeItem(state, item?.id ?? '', { status: 'past_due', past_due_at: state.now() })
  await clerk.organizations.deleteOrganization(organization.id)
  await clerk.users.deleteUser(user.id)
  await deliverer.drain()
  expect(types()).toEqual([
    'user.created',
    'user.updated',
    'organization.created',
    'organizationMembership.created',
    'organization.updated',
    'organizationMembership.updated',
    'user.created',
    'organizationInvitation.created',
    'organizationMembership.created',
    'organizationInvitation.accepted',
    'session.created',
    'session.revoked',
    'subscription.created',
    'subscriptionItem.active',
    'subscriptionItem.pastDue',
    'subscription.pastDue',
    'organizationMembership.deleted',
    'organizationMembership.deleted',
    'organization.deleted',
    'user.deleted',
  ])
  const wrong = received.flatMap(({ body }) =>
    (checkEvent(body) ?? []).map((problem) => `${body.type}: ${problem}`),
  )
  expect(wrong).toEqual([])
  expect(received.every(({ body }) => body.instance_id === state.instanceId)).toBe(true)
})

test('a deletion says the id and external id of what is gone, a lost membership all of itself', async () => {
  webhooks.register({ url: hook(), events: ['*.deleted'] })
  const clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
  const user = createUser(state, { external_id: 'ext', public_metadata: { stripe_customer_id: 'cus_1' } })
  const organization = await clerk.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
  await clerk.users.deleteUser(user.id)
  await clerk.organizations.deleteOrganization(organization.id)
  await deliverer.drain()
  expect(types()).toEqual(['organizationMembership.deleted', 'user.deleted', 'organization.deleted'])
  expect(received[0]?.body.data).toMatchObject({ role: 'org:admin', organization: { id: organization.id } })
  expect(received[1]?.body.data).toEqual({ object: 'user', id: user.id, deleted: true, external_id: 'ext' })
  expect(received[2]?.body.data).toEqual({
    object: 'organization',
    id: organization.id,
    slug: 'acme',
    deleted: true,
  })
})

describe('an endpoint', () => {
  test('that fails is tried again with the same id until it takes the message', async () => {
    webhooks.register({ url: hook() })
    answers = [500, 302, 200]
    createUser(state, {})
    await deliverer.drain()
    expect(new Set(received.map(({ request }) => request.headers.get('svix-id'))).size).toBe(1)
    expect(deliverer.deliveries()[0]).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 500 }, { status: 302 }, { status: 200 }],
    })
  })

  test('that never answers well is given up after eight attempts', async () => {
    webhooks.register({ url: hook() })
    answers = Array.from({ length: 20 }, () => 500)
    createUser(state, {})
    await deliverer.drain()
    expect(received).toHaveLength(8)
    expect(deliverer.deliveries()[0]?.state).toBe('given-up')
  })

  test('that is not there leaves the reason in the log', async () => {
    webhooks.register({ url: 'http://127.0.0.1:1/hook' })
    createUser(state, {})
    await deliverer.drain()
    expect(deliverer.deliveries()[0]?.attempts[0]?.error).toBeTypeOf('string')
  })

  test('wants only the events that it names', async () => {
    webhooks.register({ url: hook(), events: ['organization.*'] })
    const user = createUser(state, {})
    const clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
    await clerk.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
    await deliverer.drain()
    expect(types()).toEqual(['organization.created'])
  })

  test('that is taken out hears nothing more', async () => {
    const { id } = webhooks.register({ url: hook() })
    const answer = await fetch(`${server.url}/_sandbox/clerk/webhook_endpoints/${id}`, { method: 'DELETE' })
    expect(answer.status).toBe(200)
    createUser(state, {})
    await deliverer.drain()
    expect(received).toEqual([])
  })

  test.each([
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'http://example.com', secret: 'plain' }, 'secret'],
    [{ url: 'http://example.com', event: ['user.*'] }, 'event'],
    [{}, 'url'],
  ])('%j is refused by name', async (body, field) => {
    const answer = await fetch(`${server.url}/_sandbox/clerk/webhook_endpoints`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(await answer.json())).toContain(field)
    expect(webhooks.endpoints()).toEqual([])
  })
})
