import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { SourceError } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { systemRng, systemTimer } from '../adapters/system.ts'
import { webhooksIn } from '../http/routes/webhooks-in.ts'
import { Secret } from '../secret.ts'
import { readEndpointHealth } from './endpoint-health.ts'
import { addEndpointSecret } from './endpoint-secrets.ts'
import { listEvents } from './list-events.ts'
import type { StripeEvents } from './stripe-events.ts'
import { createStripeEvents } from './stripe-events.ts'
import { sweepEvents } from './sweep-events.ts'
import type { ProjectTenant } from './tables.ts'
import type { TestInbox } from './test-inbox.ts'
import { openTestInbox } from './test-inbox.ts'

/** So late that nothing is on its way any more. */
const later = { now: () => new Date(Date.now() + 10 * 60_000) }

describe('webhooks that the vendors send, and what Stripe says that it sent', () => {
  let database: TestDatabase
  let inbox: TestInbox
  let sandbox: Sandbox
  let server: Server
  let tenant: ProjectTenant
  let client: Stripe
  let stripe: StripeEvents
  beforeEach(async () => {
    database = await createTestDatabase()
    inbox = await openTestInbox({ databaseUrl: database.url })
    tenant = await inbox.project('prj_1')
    server = serve({ fetch: webhooksIn(inbox.receive).fetch, port: 0, hostname: '127.0.0.1' }) as Server
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks`
    sandbox = await startSandbox({ world: 'empty' })
    sandbox.sendWebhooks({ stripe: `${url}/stripe/prj_1`, clerk: `${url}/clerk/prj_1` })
    const by = 'person:owner@example.com'
    for (const provider of ['stripe', 'clerk'] as const) {
      const secret = new Secret(sandbox[provider].webhookSecret)
      await addEndpointSecret(inbox.secrets, tenant, provider, { secret, by, replaces: true })
    }
    const { hostname: host, port } = new URL(sandbox.stripe.url)
    client = new Stripe(sandbox.stripe.secretKey, { host, port, protocol: 'http', telemetry: false })
    stripe = createStripeEvents({
      key: new Secret(sandbox.stripe.restrictedKey),
      baseUrl: sandbox.stripe.url,
      clock: inbox.clock,
      timer: systemTimer,
      rng: systemRng,
    })
  })
  afterEach(async () => {
    await sandbox.close()
    await new Promise((resolve) => server.close(resolve))
    await inbox.close()
    await database.drop()
  })

  const misbehave = (fault: object) =>
    fetch(`${sandbox.stripe.url}/_sandbox/webhooks/faults`, {
      method: 'POST',
      body: JSON.stringify(fault),
      headers: { 'content-type': 'application/json' },
    })
  const changeCustomers = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const { id } = await client.customers.create({ email: `p${n}@example.com` })
      await client.customers.update(id, { name: `Person ${n}` })
    }
    await sandbox.drainWebhooks()
  }
  const sweep = () => sweepEvents({ ...inbox, clock: later, stripe }, tenant)
  const logged = (filter: Parameters<typeof listEvents>[2]) =>
    listEvents(inbox.database, tenant, filter, { limit: 200 }).then(({ events }) => events)
  const alarms = async () =>
    (await readEndpointHealth({ ...inbox, clock: later }, tenant)).find(
      ({ provider }) => provider === 'stripe',
    )?.alarms

  it('are taken as they are signed, and nothing is missing', async () => {
    await changeCustomers(5)
    const clerk = await fetch(`${sandbox.clerk.url}/v1/users`, {
      method: 'POST',
      body: JSON.stringify({ email_address: ['a@example.com'], skip_password_requirement: true }),
      headers: { authorization: `Bearer ${sandbox.clerk.secretKey}`, 'content-type': 'application/json' },
    })
    expect(clerk.status).toBe(200)
    await sandbox.drainWebhooks()
    expect(await logged({ type: 'customer.updated', verdict: 'acted-on' })).toHaveLength(5)
    expect(await logged({ type: 'user.created', verdict: 'acted-on' })).toHaveLength(1)
    expect(await sweep()).toMatchObject({ listed: 5, missing: 0 })
    expect(await alarms()).not.toContain('losing')
  })

  it('and that were lost are found, listed as missing, and have their customers checked', async () => {
    await misbehave({ kind: 'dropped', event: 'customer.updated', rate: 0.5 })
    await changeCustomers(10)
    const came = (await logged({ type: 'customer.updated' })).length
    expect(await sweep()).toMatchObject({ listed: 10, missing: 10 - came, actedOn: 10 - came })
    expect(await logged({ missing: true })).toHaveLength(10 - came)
    expect(await alarms()).toContain('losing')
    expect(await sweep()).toMatchObject({ missing: 0 })
  })

  it('and none of which came mean silence', async () => {
    await misbehave({ kind: 'dropped' })
    await changeCustomers(2)
    await sweep()
    expect(await alarms()).toContain('silent')
  })

  it('are not missing where only their thin form came', async () => {
    await misbehave({ kind: 'dropped' })
    await changeCustomers(1)
    const [snapshot] = sandbox.world.stripe.events.all().filter(({ type }) => type === 'customer.updated')
    const thin = sandbox.world.stripe.thinEvents
      .all()
      .find(({ snapshot_event }) => snapshot_event === snapshot?.id)
    const payload = JSON.stringify(thin)
    const secret = sandbox.stripe.webhookSecret
    const response = await inbox.receive(
      new Request('http://localhost/', {
        method: 'POST',
        body: payload,
        headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }) },
      }),
      'stripe',
      'prj_1',
    )
    expect(response.status).toBe(200)
    expect(await sweep()).toMatchObject({ listed: 1, missing: 0 })
  })

  it('cannot be compared with a key that may not list events, which is said', async () => {
    const refusing: StripeEvents = {
      ...stripe,
      list: () =>
        Promise.reject(
          new SourceError({
            source: 'stripe',
            code: 'permission-missing',
            message: 'The Stripe key may not read events: it lacks rak_event_read.',
            fix: 'Give it that permission.',
            retryable: false,
          }),
        ),
    }
    await expect(sweepEvents({ ...inbox, clock: later, stripe: refusing }, tenant)).rejects.toThrow(
      'rak_event_read',
    )
    const [health] = await readEndpointHealth(inbox, tenant)
    expect(health).toMatchObject({ comparedTo: null, sweepFailure: { code: 'permission-missing' } })
  })

  it('a clock of ours that is ten minutes ahead of theirs is told', async () => {
    await changeCustomers(1)
    await sweep()
    expect(await alarms()).toEqual(['clock-differs'])
  })

  it('who pays for a subscription is asked for; an object that there is not belongs to nobody', async () => {
    const customer = await client.customers.create({ email: 'a@example.com' })
    const { id: product } = await client.products.create({ name: 'Pro' })
    const recurring = { interval: 'month' } as const
    const { id: price } = await client.prices.create({
      product,
      currency: 'usd',
      unit_amount: 1000,
      recurring,
    })
    const subscription = await client.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      trial_period_days: 7,
    })
    expect(await stripe.payerOf(`subscription:${subscription.id}`)).toBe(customer.id)
    expect(await stripe.payerOf('charge:ch_none')).toBeNull()
    expect(await stripe.payerOf('refund:re_none')).toBeNull()
  })
})
