import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SandboxError } from '../server/sandbox-error.ts'
import { buildWorld, readWorldFile } from './read-world-file.ts'

const now = new Date('2026-11-21T12:00:00Z')
const build = (value: unknown) => buildWorld(value, { now })
const seconds = now.getTime() / 1000

const one = (subscription: object) => {
  const [found] = build({ customers: [{ subscriptions: [subscription] }] }).stripe.subscriptions.all()
  if (!found) throw new Error('The world has no subscription.')
  return found
}

describe('a world file', () => {
  it('that is empty has a catalogue and nobody in it', () => {
    const { stripe, clerk, config, labels } = build({})
    expect([stripe.customers.size, clerk.users.size, labels.drifts]).toEqual([0, 0, []])
    expect(stripe.prices.size).toBeGreaterThan(10)
    expect(config.catalogue.plans.map(({ id }) => id)).toEqual(['free', 'pro', 'team', 'enterprise'])
  })

  it('needs only a price for a subscription in good standing', () => {
    const subscription = one({ price: 'pro_monthly' })
    expect(subscription.status).toBe('active')
    const [item] = subscription.items.data
    expect(item?.quantity).toBe(1)
    expect(item?.current_period_start).toBeLessThan(seconds)
    expect(item?.current_period_end).toBeGreaterThan(seconds)
  })

  it('counts moments from its own now', () => {
    const world = build({ now: '2027-01-01T00:00:00Z', customers: [{ id: 'cus_1', created: '-2d' }] })
    expect(world.stripe.customers.get('cus_1')?.created).toBe(Date.UTC(2026, 11, 30) / 1000)
    expect(world.labels.now).toBe('2027-01-01T00:00:00.000Z')
  })

  it.each([
    ['past_due', 'open'],
    ['unpaid', 'draft'],
    ['incomplete', 'open'],
    ['incomplete_expired', 'void'],
    ['trialing', 'paid'],
  ])('gives a subscription that is %s an invoice that is %s', (status, invoice) => {
    const world = build({ customers: [{ subscriptions: [{ price: 'pro_monthly', status }] }] })
    expect(world.stripe.invoices.all().map((each) => each.status)).toEqual([invoice])
  })

  it('ends the period of a trial with the trial', () => {
    const subscription = one({ price: 'pro_monthly', status: 'trialing', started: '-4d', trialEnds: '+10d' })
    expect(subscription.trial_end).toBe(seconds + 10 * 86_400)
    expect(subscription.items.data[0]?.current_period_end).toBe(seconds + 10 * 86_400)
  })

  it('writes a planned cancellation as flexible billing does, or as classic billing did', () => {
    const flexible = one({ price: 'pro_monthly', cancels: {} })
    expect([flexible.cancel_at_period_end, flexible.cancel_at]).toEqual([
      false,
      flexible.items.data[0]?.current_period_end,
    ])
    const classic = one({ price: 'pro_monthly', cancels: { by: 'flag' }, billing: 'classic' })
    expect([classic.cancel_at_period_end, classic.billing_mode.type]).toEqual([true, 'classic'])
  })

  it('has money given back and disputed', () => {
    const world = build({
      customers: [
        { subscriptions: [{ price: 'pro_monthly', reversal: 'refunded' }] },
        { purchases: [{ price: 'pro_lifetime', reversal: 'dispute-lost' }] },
      ],
    })
    expect(world.stripe.refunds.all().map(({ amount }) => amount)).toEqual([2900])
    expect(world.stripe.disputes.all().map(({ amount, status }) => [amount, status])).toEqual([
      [49_900, 'lost'],
    ])
  })

  it('keeps deleted customers, and those of the other mode, out of the lists', () => {
    const { stripe } = build({
      customers: [
        { id: 'cus_gone', where: 'deleted' },
        { id: 'cus_other', where: 'other-mode' },
      ],
    })
    expect(stripe.customers.size).toBe(0)
    expect(stripe.deleted.get('cus_gone')).toEqual({ id: 'cus_gone', object: 'customer', deleted: true })
    expect(stripe.idsOfOtherMode.has('cus_other')).toBe(true)
  })

  it('hands on the truth that its author knows', () => {
    const drift = {
      kind: 'paid-without-access',
      component: 'paid',
      on: 'user:user_1',
      story: 'Lost webhook.',
    }
    expect(build({ drifts: [drift] }).labels.drifts).toEqual([{ ...drift, subject: null, customer: null }])
  })

  it('of the README can be built', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const example = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const { stripe, clerk, labels } = build(JSON.parse(example))
    expect([stripe.subscriptions.size, clerk.users.size, clerk.organizations.size]).toEqual([3, 3, 1])
    expect(labels.drifts).toHaveLength(1)
  })
})

describe('what means nothing in a world file is refused, with its place', () => {
  it.each([
    [{ customer: [] }, 'world has a field customer'],
    [{ customers: {} }, 'world.customers is {}'],
    [{ customers: [{ metadata: { user_id: 7 } }] }, 'world.customers[0].metadata.user_id is 7'],
    [
      { customers: [{ subscriptions: [{}] }] },
      'world.customers[0].subscriptions[0] needs either a price or lines',
    ],
    [
      { customers: [{ subscriptions: [{ price: 'gold' }] }] },
      'world.customers[0].subscriptions[0]: price is "gold"',
    ],
    [{ customers: [{ created: 'tomorrow' }] }, 'world.customers[0].created is "tomorrow"'],
    [{ now: 'soon' }, 'world.now is "soon"'],
    [{ organizations: [{ id: 'org_1', admin: 'user_9' }] }, 'admin user_9, who is not among the users'],
    [{ drifts: [{ kind: 'paid-without-access', on: 'x', component: 'pay' }] }, 'component is "pay"'],
    [[], 'world is []'],
  ])('%j', (value, message) => {
    expect(() => build(value)).toThrow(SandboxError)
    expect(() => build(value)).toThrow(message)
  })

  it('as is a file that is not there', async () => {
    await expect(readWorldFile('/nowhere/world.json', { now })).rejects.toThrow('cannot be read as a file')
  })
})
