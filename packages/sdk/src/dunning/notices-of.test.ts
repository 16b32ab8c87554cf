import type { SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { expect, it } from 'vitest'
import type { SubscriptionMemory } from './notice.ts'
import { noticesOf, trialNoticeAt } from './notices-of.ts'

const now = new Date('2026-11-21T12:00:00Z')
const subject: SubjectId = { type: 'organization', id: 'org_1' }
const seconds = (days: number) => Math.floor(now.getTime() / 1000) + days * 86_400

/** What is looked at of a subscription, as Stripe has it. */
interface Seen {
  readonly status: Stripe.Subscription.Status
  readonly attempts?: number
  readonly invoice?: string
  readonly invoiceStatus?: string
  readonly trialEnds?: number
}

function subscription({ status, attempts = 0, invoice = 'in_1', invoiceStatus = 'open', trialEnds }: Seen) {
  return {
    id: 'sub_1',
    customer: 'cus_1',
    status,
    trial_end: trialEnds === undefined ? null : seconds(trialEnds),
    ended_at: status === 'canceled' ? seconds(0) : null,
    cancellation_details: { reason: 'cancellation_requested' },
    latest_invoice: {
      id: invoice,
      status: invoiceStatus,
      attempt_count: attempts,
      next_payment_attempt: seconds(3),
      amount_remaining: 2900,
      currency: 'usd',
    },
  } as unknown as Stripe.Subscription
}

/** What is told at each of a row of readings. */
function told(...readings: readonly Seen[]): readonly string[] {
  let memory: readonly SubscriptionMemory[] = []
  const ids: string[] = []
  for (const reading of readings) {
    const found = noticesOf([subscription(reading)], memory, { subject, trialEndingDays: 3, now })
    memory = found.memory
    ids.push(...found.notices.map(({ id }) => id))
  }
  return ids
}

const active: Seen = { status: 'active', attempts: 1, invoiceStatus: 'paid' }
const failed = (attempts: number, invoice = 'in_1'): Seen => ({ status: 'past_due', attempts, invoice })

it.each<[string, readonly Seen[], readonly string[]]>([
  ['all is well', [active, active], []],
  ['a failed renewal, seen twice', [active, failed(1), failed(1)], ['payment-failed:in_1:1']],
  [
    'a second attempt that failed',
    [failed(1), failed(2), failed(2)],
    ['payment-failed:in_1:1', 'payment-failed:in_1:2'],
  ],
  ['an attempt that nobody saw', [failed(3)], ['payment-failed:in_1:3']],
  [
    'recovery, and a failure of another month',
    [failed(1), active, active, failed(1, 'in_2')],
    ['payment-failed:in_1:1', 'recovered:in_1', 'payment-failed:in_2:1'],
  ],
  ['a first payment that failed', [{ status: 'incomplete', attempts: 1 }], []],
  ['a failed renewal before its first attempt', [failed(0)], []],
  ['unpaid after the last attempt', [{ status: 'unpaid', attempts: 4 }], ['payment-failed:in_1:4']],
  ['a cancellation', [active, { status: 'canceled' }, { status: 'canceled' }], ['canceled:sub_1']],
  ['one that was canceled before it was ever seen', [{ status: 'canceled' }], []],
  [
    'a trial near its end',
    [
      { status: 'trialing', trialEnds: 10 },
      { status: 'trialing', trialEnds: 3 },
      { status: 'trialing', trialEnds: 3 },
    ],
    ['trial-ending:sub_1:2026-11-24T12:00:00.000Z'],
  ],
  [
    'a trial that was extended',
    [
      { status: 'trialing', trialEnds: 1 },
      { status: 'trialing', trialEnds: 2 },
    ],
    ['trial-ending:sub_1:2026-11-22T12:00:00.000Z', 'trial-ending:sub_1:2026-11-23T12:00:00.000Z'],
  ],
  ['a trial that is over', [{ status: 'trialing', trialEnds: -1 }], []],
])('of %s is told once each', (_, readings, ids) => {
  expect(told(...readings)).toEqual(ids)
})

it('a failed payment says how often it was tried, when it is tried again and what is due', () => {
  const { notices } = noticesOf([subscription(failed(2))], [], { subject, trialEndingDays: 3, now })
  expect(notices).toEqual([
    {
      kind: 'payment-failed',
      id: 'payment-failed:in_1:2',
      subject,
      customerId: 'cus_1',
      subscriptionId: 'sub_1',
      invoiceId: 'in_1',
      attempt: 2,
      nextAttemptAt: new Date(seconds(3) * 1000),
      amountDue: 2900,
      currency: 'usd',
    },
  ])
})

it('a trial is looked at again when it is to be told of', () => {
  const at = (...ends: number[]) =>
    trialNoticeAt(
      ends.map((trialEnds) => subscription({ status: 'trialing', trialEnds })),
      3,
      now,
    )
  expect(at(10, 8)).toEqual(new Date(seconds(5) * 1000))
  expect(at(2)).toBeNull()
  expect(at()).toBeNull()
})
