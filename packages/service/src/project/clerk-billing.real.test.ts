import { changeItem } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectWorld } from '../../../../test/support/project-world.ts'
import { openProjectWorld } from '../../../../test/support/project-world.ts'
import { runCheck } from '../check/run-check.ts'
import { readClerkEvent } from '../inbox/clerk-event.ts'
import { recheckOf } from '../inbox/recheck.ts'
import { Secret } from '../secret.ts'
import { putConfig } from './config-versions.ts'
import { connectSource } from './connect-source.ts'
import { listMappedPrices, proposeConfig } from './look-around.ts'
import { openServiceProject } from './open-service-project.ts'

const by = 'person:ada@example.com'
let world: ProjectWorld
beforeAll(async () => {
  world = await openProjectWorld({ world: 'clerk-billing', customers: 120 })
})
afterAll(() => world.close())

const connect = (credential: Parameters<typeof connectSource>[2]) =>
  connectSource(world.service, world.tenant, credential, { by })
const clerk = () => connect({ kind: 'clerk', key: new Secret(world.sandbox.clerk.secretKey) })

describe('a project whose plans are sold through Clerk Billing', () => {
  it('is told of them when Clerk is connected, before anything says which billing it has', async () => {
    expect((await clerk()).findings).toContainEqual(
      expect.objectContaining({
        name: 'billing',
        state: 'ok',
        found: expect.stringMatching(/^Clerk Billing holds \d+ live subscriptions$/),
      }),
    )
  })

  it('is shown the plans as prices, and proposed a configuration of Clerk Billing', async () => {
    const { service, tenant, app } = world
    const url = new Secret(app.url)
    await connect({ kind: 'postgres', source: 'postgres', url, ca: null, allowWriteRole: false })
    const { prices } = await listMappedPrices(service, tenant, { countsUsage: true })
    const pro = prices.find(({ price }) => price.lookupKey === 'pro')
    expect(pro?.usage?.subscriptions).toBeGreaterThan(0)
    const { document } = await proposeConfig(service, tenant)
    expect(document).toMatchObject({ billing: { clerkBilling: {} }, match: ['customer.id -> id'] })
  })

  it('needs no key of Stripe, and finds what was planted', async () => {
    const { service, tenant, sandbox } = world
    await putConfig(service, tenant, sandbox.config, { expectedVersion: 0, by })
    expect((await clerk()).findings.map(({ name, state }) => `${name} ${state}`)).toContain('plans ok')
    const opened = await openServiceProject(service, tenant, { usedFor: 'check' })
    const outcome = await runCheck(opened, { dryRun: false })
    await opened.ledger.seal()
    await opened.close()
    expect(outcome.complete).toBe(true)
    const found = outcome.incidents.map(({ kind, customerId }) => `${kind} ${customerId ?? ''}`)
    const told = sandbox.labels.drifts.map(({ kind, customer }) => `${kind} ${customer ?? ''}`)
    expect(found.toSorted()).toEqual(told.toSorted())
  })

  it('looks at one payer when a webhook of Clerk Billing names it, though no record points to it', async () => {
    const { service, tenant, sandbox } = world
    const drifting = new Set(sandbox.labels.drifts.map(({ customer }) => customer))
    const state = sandbox.world.clerk
    const item = state.billing
      .items()
      .find(
        ({ status, plan, payer }) =>
          status === 'active' && plan.slug === 'team' && !drifting.has(payer.organization_id),
      )
    if (!item) throw new Error('An organization has the plan Team.')
    const events: { readonly type: string; readonly data: object }[] = []
    const end = state.onEvent((event) => events.push(event))
    const anHourAgo = state.now() - 3_600_000
    changeItem(state, item.id, { status: 'ended', ended_at: anHourAgo, period_end: anHourAgo })
    end()
    const targets = events.map(({ type, data }) => {
      const json = { object: 'event', type, timestamp: state.now(), data }
      const event = readClerkEvent(json, JSON.stringify(json), 'msg_1')
      return 'target' in event ? event.target : null
    })
    const target = { kind: 'subject', id: `organization:${item.payer.organization_id}` } as const
    expect(targets).toEqual([target, target])

    const opened = await openServiceProject(service, tenant, { usedFor: 'single check' })
    const config = { ...opened.config, policy: { ...opened.config.policy, settleMinutes: 0 } }
    const lease = { token: 1, signal: new AbortController().signal }
    const outcome = await recheckOf({ ...opened, config })(tenant, target, lease)
    expect(outcome).toEqual({ kind: 'checked', againAt: null })
    const incidents = await opened.project.incidents({ states: ['open'], limit: 500 })
    await opened.ledger.seal()
    await opened.close()
    const own = incidents.filter(({ customerId }) => customerId === item.payer.organization_id)
    expect(own.map(({ kind }) => kind)).toEqual(['access-without-payment'])
  })

  it('is warned where Stripe holds live subscriptions too', async () => {
    const other = await openProjectWorld({ customers: 20 })
    try {
      const { service, tenant, sandbox } = other
      await putConfig(service, tenant, world.sandbox.config, { expectedVersion: 0, by })
      const key = new Secret(sandbox.stripe.restrictedKey)
      const { findings } = await connectSource(service, tenant, { kind: 'stripe', key }, { by })
      expect(findings).toContainEqual(
        expect.objectContaining({
          name: 'billing',
          state: 'warning',
          found: 'plans are read from Clerk Billing, and Stripe holds live subscriptions too',
        }),
      )
    } finally {
      await other.close()
    }
  })
})
