import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readClerkEvent } from './clerk-event.ts'
import type { Target } from './event.ts'
import { clerkEvent, stripeEvent, thinEvent } from './example-events.ts'
import { isDeeperThan } from './json-depth.ts'
import { readStripeEvent, stripeTypesActedOn } from './stripe-event.ts'

const readStripe = (raw: string) => readStripeEvent(JSON.parse(raw), raw)
const readClerk = (raw: string) => readClerkEvent(JSON.parse(raw), raw, 'msg_1')
const customer = (id: string): Target => ({ kind: 'customer', id })
const object = (id: string): Target => ({ kind: 'object', id })
const subject = (id: string): Target => ({ kind: 'subject', id })

describe('whom an event of Stripe makes due', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Target | null]>([
    ['checkout.session.completed', { id: 'cs_1', customer: 'cus_1' }, customer('cus_1')],
    ['checkout.session.async_payment_succeeded', { id: 'cs_1', customer: 'cus_1' }, customer('cus_1')],
    ['checkout.session.completed', { id: 'cs_1', customer: null }, null],
    ['customer.subscription.created', { id: 'sub_1', customer: 'cus_1' }, customer('cus_1')],
    ['customer.subscription.updated', { id: 'sub_1', customer: { id: 'cus_1' } }, customer('cus_1')],
    ['customer.subscription.deleted', { id: 'sub_1', customer: 'cus_1' }, customer('cus_1')],
    ['customer.updated', { id: 'cus_1' }, customer('cus_1')],
    ['customer.deleted', { id: 'cus_1' }, customer('cus_1')],
    ['invoice.paid', { id: 'in_1', customer: 'cus_1' }, customer('cus_1')],
    ['invoice.payment_failed', { id: 'in_1', customer: 'cus_1' }, customer('cus_1')],
    ['entitlements.active_entitlement_summary.updated', { customer: 'cus_1' }, customer('cus_1')],
    ['charge.refunded', { id: 'ch_1', customer: 'cus_1' }, customer('cus_1')],
    ['charge.refunded', { id: 'ch_1', customer: null }, null],
    ['refund.created', { id: 're_1', charge: 'ch_1', payment_intent: 'pi_1' }, object('charge:ch_1')],
    ['refund.failed', { id: 're_1', charge: null, payment_intent: 'pi_1' }, object('payment_intent:pi_1')],
    ['charge.dispute.created', { id: 'dp_1', charge: 'ch_1' }, object('charge:ch_1')],
    ['subscription_schedule.released', { id: 'sub_sched_1', customer: 'cus_1' }, customer('cus_1')],
  ])('%s of %j: %j', (type, held, target) => {
    expect(readStripe(stripeEvent({ id: 'evt_1', type, object: held }))).toMatchObject({
      target,
      noEffect: target ? null : 'nobody-named',
    })
  })

  it.each([
    'customer.created',
    'customer.discount.created',
    'customer.source.created',
    'customer.tax_id.created',
    'invoice.created',
    'charge.succeeded',
    'product.updated',
    'payment_intent.succeeded',
    'a.type.of.tomorrow',
  ])('%s: nobody', (type) => {
    expect(readStripe(stripeEvent({ id: 'evt_1', type }))).toMatchObject({
      target: null,
      noEffect: 'type-not-acted-on',
    })
  })

  it.each<[string, { readonly id: string; readonly type: string } | null, Target | null]>([
    ['v1.customer.updated', { id: 'cus_1', type: 'customer' }, customer('cus_1')],
    [
      'v1.customer.subscription.past_due',
      { id: 'sub_1', type: 'subscription' },
      object('subscription:sub_1'),
    ],
    ['v1.invoice.paid', { id: 'in_1', type: 'invoice' }, object('invoice:in_1')],
    ['v1.refund.created', { id: 're_1', type: 'refund' }, object('refund:re_1')],
    ['v1.entitlements.active_entitlement_summary.updated', null, null],
    ['v1.product.updated', { id: 'prod_1', type: 'product' }, null],
    ['v2.core.account.updated', { id: 'acct_1', type: 'account' }, null],
  ])('%s, thin: %j makes %j', (type, related, target) => {
    expect(readStripe(thinEvent({ id: 'evt_1', type, related }))).toMatchObject({ target })
  })

  it('every type that the sweep asks for is acted on, and no request asks for more than 20', () => {
    for (const types of stripeTypesActedOn) {
      expect(types.length).toBeLessThanOrEqual(20)
      for (const type of types) {
        expect(readStripe(stripeEvent({ id: 'evt_1', type }))).not.toMatchObject({
          noEffect: 'type-not-acted-on',
        })
      }
    }
  })

  it('every type that Stripe has and that is acted on is one that the sweep asks for', () => {
    const declared = readFileSync(
      new URL('../../../../node_modules/stripe/esm/resources/Events.d.ts', import.meta.url),
      'utf8',
    )
    const all = [...declared.matchAll(/type: '([\w.]+)';/g)].map(([, type]) => type ?? '')
    expect(all.length).toBeGreaterThan(200)
    const isActedOn = (type: string) => {
      const event = readStripe(stripeEvent({ id: 'evt_1', type }))
      return 'noEffect' in event && event.noEffect !== 'type-not-acted-on'
    }
    expect(all.filter(isActedOn).toSorted()).toEqual(stripeTypesActedOn.flat().toSorted())
  })
})

describe('whom an event of Clerk makes due', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Target | null]>([
    ['user.created', { id: 'user_1' }, subject('user:user_1')],
    ['user.updated', { id: 'user_1' }, subject('user:user_1')],
    ['user.deleted', { id: 'user_1', deleted: true }, subject('user:user_1')],
    ['organization.deleted', { id: 'org_1', deleted: true }, subject('organization:org_1')],
    [
      'organizationMembership.created',
      { id: 'orgmem_1', organization: { id: 'org_1' } },
      subject('organization:org_1'),
    ],
    ['subscription.updated', { id: 'csub_1', payer: { user_id: 'user_1' } }, subject('user:user_1')],
    [
      'subscriptionItem.ended',
      { id: 'csi_1', payer: { organization_id: 'org_1' } },
      subject('organization:org_1'),
    ],
    ['paymentAttempt.updated', { id: 'cpa_1', payer: { user_id: 'user_1' } }, subject('user:user_1')],
    ['session.created', { id: 'sess_1', user_id: 'user_1' }, null],
    ['organizationInvitation.created', { id: 'orginv_1', organization_id: 'org_1' }, null],
    ['organizationDomain.created', { id: 'orgdmn_1' }, null],
    ['role.created', { id: 'role_1' }, null],
  ])('%s of %j: %j', (type, data, target) => {
    expect(readClerk(clerkEvent({ type, data }))).toMatchObject({ target })
  })

  it('only a deletion says who is gone', () => {
    expect(readClerk(clerkEvent({ type: 'user.deleted' }))).toMatchObject({ deletedSubject: 'user:user_1' })
    expect(readClerk(clerkEvent({ type: 'user.updated' }))).toMatchObject({ deletedSubject: null })
    expect(readClerk(clerkEvent({ type: 'organizationMembership.deleted' }))).toMatchObject({
      deletedSubject: null,
    })
  })
})

describe('what is signed and is no event', () => {
  it.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['another object of Stripe', '{"object":"customer","id":"cus_1"}'],
    ['an event without an id', stripeEvent({ id: '' })],
    ['an event whose id is no id', stripeEvent({ id: 'evt 1; drop' })],
    ['a thin event without a time', thinEvent({ id: 'evt_1', created: 'soon' })],
  ])('%s cannot be read', (_, raw) => {
    expect(readStripe(raw)).toHaveProperty('unreadable')
    expect(readClerk(raw)).toHaveProperty('unreadable')
  })
})

describe('the payload that is kept', () => {
  const kept = (object: Readonly<Record<string, unknown>>) => {
    const event = readStripe(stripeEvent({ id: 'evt_1', object }))
    return 'payload' in event ? event.payload : ''
  }
  it.each([
    ['client_secret', 'pi_1_secret_abc'],
    ['url', 'https://checkout.stripe.com/c/pay/cs_live_abc'],
    ['hosted_invoice_url', 'https://invoice.stripe.com/i/acct_1/live_abc'],
    ['description', 'the key is sk_live_abcdefgh12345678'],
  ])('holds no %s', (field, secret) => {
    expect(kept({ id: 'x', [field]: secret })).not.toContain(secret.slice(-8))
  })

  it('stands on one line and keeps the rest', () => {
    expect(kept({ id: 'sub_1', customer: 'cus_1', note: 'two\nlines' })).not.toContain('\n')
    expect(JSON.parse(kept({ id: 'sub_1', customer: 'cus_1' })).data.object).toEqual({
      id: 'sub_1',
      customer: 'cus_1',
    })
  })

  it('of a message that Clerk sent to a person is only its envelope', () => {
    const data = { id: 'ema_1', to_email_address: 'a@example.com', body: 'Your code is 424242' }
    const event = readClerk(clerkEvent({ type: 'email.created', data }))
    expect(event).toMatchObject({ payload: expect.not.stringMatching(/424242|example\.com/) })
  })
})

it.each([
  ['{"a":[{"b":1}]}', 3, false],
  ['{"a":[{"b":1}]}', 2, true],
  ['["[[[[", "\\"[[["]', 1, false],
  ['['.repeat(100_000), 64, true],
])('%.20s nests deeper than %i: %s', (text, most, expected) => {
  expect(isDeeperThan(most, Buffer.from(text))).toBe(expected)
})
