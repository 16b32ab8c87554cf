import { describe, expect, test } from 'vitest'
import type { Catalogue } from '../access/catalogue.ts'
import type { Pair } from '../match/pair.ts'
import type { Price } from '../price/price.ts'
import { defaultPolicy } from '../promise/policy.ts'
import { check } from './check.ts'
import {
  catalogue,
  customer,
  daysFromNow,
  granted,
  nothingGranted,
  now,
  pair,
  payer,
  payerAlone,
  price,
  reading,
  rules,
  subscription,
} from './recorded-pairs.ts'
import type { Rules } from './rules.ts'
import { isSettling } from './settling.ts'
import type { Drift } from './verdict.ts'

interface Line {
  readonly rule: string
  readonly pair: Pair
  readonly rules?: Partial<Rules>
  /** `agrees`, the kinds and components of drifts, or `cannot-tell` with its reasons. */
  readonly says: readonly string[]
  readonly notices?: readonly string[]
}

const unreadable = { state: 'unreadable', found: '7', needed: 'a word' } as const

/** A catalogue whose add-on brings what a plan brings too. */
const bothBring: Catalogue = {
  ...catalogue,
  addOns: catalogue.addOns.map((addOn) => ({ ...addOn, entitlements: ['reports'] })),
}
const generousFree: Catalogue = {
  ...catalogue,
  plans: [{ ...catalogue.plans[0], entitlements: ['community'] }, ...catalogue.plans.slice(1)],
}

const access: readonly Line[] = [
  { rule: 'whoever pays for a plan and has it agrees', pair: pair(), says: ['agrees'] },
  {
    rule: 'whoever pays and is granted nothing paid is paid-without-access',
    pair: pair({ readings: [reading({ granted: nothingGranted })] }),
    says: ['paid-without-access paid'],
  },
  {
    rule: 'whoever no longer pays and keeps paid access is access-without-payment',
    pair: pair({
      payers: [
        payer([
          subscription(['price_pro'], {
            status: 'canceled',
            endedAt: daysFromNow(-40),
            currentPeriodEnd: daysFromNow(-40),
          }),
        ]),
      ],
    }),
    says: ['access-without-payment paid'],
  },
  {
    rule: 'whoever never had a customer and has paid access is access-without-payment',
    pair: pair({ payers: [], pointed: null, readings: [reading({ customerId: { state: 'absent' } })] }),
    says: ['access-without-payment paid'],
  },
  {
    rule: 'whoever never paid and has nothing agrees',
    pair: pair({
      payers: [],
      pointed: null,
      readings: [reading({ granted: nothingGranted, customerId: { state: 'absent' } })],
    }),
    says: ['agrees'],
  },
  {
    rule: 'an exception allows paid access to whoever does not pay',
    pair: pair({ payers: [], pointed: null }),
    rules: {
      exceptions: [
        {
          subject: 'user_1',
          allowed: { plan: 'pro' },
          reason: 'partner',
          author: null,
          until: daysFromNow(1),
        },
      ],
    },
    says: ['agrees'],
  },
  {
    rule: 'an exception that has run out allows nothing',
    pair: pair({ payers: [], pointed: null }),
    rules: {
      exceptions: [
        { subject: 'user_1', allowed: { plan: 'pro' }, reason: 'partner', author: null, until: now },
      ],
    },
    says: ['access-without-payment paid'],
  },
  {
    rule: 'an exception for an organization is none for a user of the same id',
    pair: pair({ payers: [], pointed: null }),
    rules: {
      exceptions: [
        { subject: 'organization:user_1', allowed: { plan: 'pro' }, reason: 'x', author: null, until: null },
      ],
    },
    says: ['access-without-payment paid'],
  },
  {
    rule: 'an exception may name the type of its subject',
    pair: pair({ payers: [], pointed: null }),
    rules: {
      exceptions: [
        { subject: 'user:user_1', allowed: { plan: 'pro' }, reason: 'x', author: null, until: null },
      ],
    },
    says: ['agrees'],
  },
  {
    rule: 'an exception is no excuse for what is paid for and missing',
    pair: pair({ readings: [reading({ granted: nothingGranted })] }),
    rules: {
      exceptions: [{ subject: 'user_1', allowed: { plan: 'pro' }, reason: 'x', author: null, until: null }],
    },
    says: ['paid-without-access paid'],
  },
  {
    rule: 'a feature that plan and add-on both bring stays when the add-on goes',
    pair: pair(),
    rules: { catalogue: bothBring },
    says: ['agrees'],
  },
  {
    rule: 'a feature that plan and add-on both bring is missing once, not twice',
    pair: pair({
      payers: [payer([subscription(['price_pro', 'price_api'])])],
      readings: [reading({ granted: granted({ entitlements: { state: 'absent' } }) })],
    }),
    rules: { catalogue: bothBring },
    says: ['entitlement-missing entitlement:reports'],
  },
  {
    rule: 'what comes with the free plan is no drift, whether the app opens it or not',
    pair: pair({
      payers: [],
      pointed: null,
      readings: [
        reading({
          granted: granted({
            plan: { state: 'absent' },
            paid: { state: 'absent' },
            entitlements: { state: 'value', value: ['community'] },
          }),
        }),
      ],
    }),
    rules: { catalogue: generousFree },
    says: ['agrees'],
  },
  {
    rule: 'what comes with the free plan may stay beside a paid one',
    pair: pair({
      readings: [
        reading({ granted: granted({ entitlements: { state: 'value', value: ['community', 'reports'] } }) }),
      ],
    }),
    rules: { catalogue: generousFree },
    says: ['agrees'],
  },
  {
    rule: 'an add-on that is paid and not granted is entitlement-missing',
    pair: pair({ payers: [payer([subscription(['price_pro', 'price_api'])])] }),
    says: ['entitlement-missing entitlement:api'],
  },
]

const links: readonly Line[] = [
  {
    rule: 'a payer whom no subject answers to is payer-unmatched',
    pair: payerAlone(),
    says: ['payer-unmatched customer'],
  },
  {
    rule: 'a payer whose metadata names a subject that is gone is payer-deleted-subject',
    pair: payerAlone({ unanswered: [{ rule: 1, value: 'user_9' }] }),
    says: ['payer-deleted-subject customer'],
  },
  {
    rule: 'a payer to whom a subject pointed in an earlier check is payer-deleted-subject',
    pair: payerAlone({ formerSubjects: [{ type: 'user', id: 'user_9' }] }),
    says: ['payer-deleted-subject customer'],
  },
  {
    rule: 'a customer whom no subject answers to and who owes nothing is nobody’s drift',
    pair: payerAlone({
      payers: [
        payer([
          subscription(['price_pro'], {
            status: 'canceled',
            endedAt: daysFromNow(-40),
            currentPeriodEnd: daysFromNow(-40),
          }),
        ]),
      ],
    }),
    says: ['agrees'],
  },
  {
    rule: 'a subject that points to a deleted customer is customer-not-found',
    pair: pair({
      payers: [],
      readings: [reading({ granted: nothingGranted })],
      pointed: { id: 'cus_1', found: 'deleted', said: 'deleted' },
    }),
    says: ['customer-not-found customer'],
  },
  {
    rule: 'a subject that points to an unknown customer is customer-not-found, and its access is not judged',
    pair: pair({ payers: [], pointed: { id: 'cus_1', found: 'unknown', said: 'No such customer' } }),
    says: ['customer-not-found customer'],
  },
  {
    rule: 'a subject that points to a customer of the other mode is mode-mismatch, and its access is not judged',
    pair: pair({
      payers: [],
      pointed: { id: 'cus_1', found: 'other-mode', said: 'a similar object exists in test mode' },
    }),
    says: ['mode-mismatch customer'],
  },
  {
    rule: 'two subjects that point to one customer are customer-shared',
    pair: pair({ sharedWith: [{ type: 'user', id: 'user_2' }] }),
    says: ['customer-shared customer'],
  },
  {
    rule: 'a subject that points to a customer who pays nothing while another of its customers pays is customer-duplicate',
    pair: pair({
      payers: [
        payer([], { customer: customer('cus_1') }),
        payer([subscription(['price_pro'], { customerId: 'cus_2' })], {
          customer: customer('cus_2'),
          rule: 1,
        }),
      ],
    }),
    says: ['customer-duplicate customer'],
  },
  {
    rule: 'two live subscriptions of one plan are double-billing',
    pair: pair({ payers: [payer([subscription(), subscription(['price_pro'], { id: 'sub_2' })])] }),
    says: ['double-billing subscription'],
  },
  {
    rule: 'a live subscription beside a canceled one of the same plan agrees',
    pair: pair({
      payers: [
        payer([
          subscription(),
          subscription(['price_pro'], {
            id: 'sub_2',
            status: 'canceled',
            endedAt: daysFromNow(-40),
            currentPeriodEnd: daysFromNow(-40),
          }),
        ]),
      ],
    }),
    says: ['agrees'],
  },
]

const soldApart = (id: string, priceIds: readonly string[]) => subscription(priceIds, { id })

const deleted: readonly Line[] = [
  {
    rule: 'a subject that was deleted and is still billed is payer-deleted-subject, and its access is not judged',
    pair: pair({ readings: [reading({ deleted: true, granted: nothingGranted })] }),
    says: ['payer-deleted-subject customer'],
  },
  {
    rule: 'a subject that was deleted with its subscription agrees, whatever the app left on record',
    pair: pair({
      readings: [reading({ deleted: true })],
      payers: [
        payer([
          subscription(['price_pro'], {
            status: 'canceled',
            endedAt: daysFromNow(-40),
            currentPeriodEnd: daysFromNow(-40),
          }),
        ]),
      ],
    }),
    says: ['agrees'],
  },
  {
    rule: 'a subject that was deleted and pays at a price that nobody mapped is cannot-tell',
    pair: pair({ readings: [reading({ deleted: true })], payers: [payer([subscription(['price_new'])])] }),
    says: ['cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
]

const unmapped: readonly Line[] = [
  {
    rule: 'a subscription at an unmapped price beside one of a plan is not double-billing',
    pair: pair({
      readings: [
        reading({
          granted: granted({
            plan: { state: 'value', value: 'enterprise' },
            entitlements: { state: 'value', value: ['reports', 'sso'] },
          }),
        }),
      ],
      payers: [payer([soldApart('sub_1', ['price_enterprise']), soldApart('sub_2', ['price_new'])])],
    }),
    says: ['cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
  {
    rule: 'two subscriptions at unmapped prices are not double-billing',
    pair: pair({ payers: [payer([soldApart('sub_1', ['price_new']), soldApart('sub_2', ['price_other'])])] }),
    says: ['cannot-tell unmapped-price', 'cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new', 'price-unmapped price_other'],
  },
  {
    rule: 'two subscriptions of one plan are double-billing, also with an unmapped price on one of them',
    pair: pair({
      payers: [payer([soldApart('sub_1', ['price_pro']), soldApart('sub_2', ['price_pro', 'price_new'])])],
    }),
    says: ['double-billing subscription', 'unknown unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
  {
    rule: 'a customer that pays at an unmapped price is not said to pay nothing',
    pair: pair({
      payers: [
        payer([soldApart('sub_1', ['price_new'])], { customer: customer('cus_1') }),
        payer([subscription(['price_pro'], { id: 'sub_2', customerId: 'cus_2' })], {
          customer: customer('cus_2'),
          rule: 1,
        }),
      ],
    }),
    says: ['cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
  {
    rule: 'an unmapped price that two customers of a subject pay is filed once, with both',
    pair: pair({
      payers: [
        payer([soldApart('sub_1', ['price_new'])], { customer: customer('cus_1') }),
        payer([subscription(['price_new'], { id: 'sub_2', customerId: 'cus_2' })], {
          customer: customer('cus_2'),
          rule: 1,
        }),
      ],
    }),
    says: ['cannot-tell unmapped-price', 'cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new cus_1,cus_2'],
  },
]

const unknown: readonly Line[] = [
  {
    rule: 'a price that the catalogue does not have is cannot-tell, never free; the price is filed once',
    pair: pair({ payers: [payer([subscription(['price_new'])])] }),
    says: ['cannot-tell unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
  {
    rule: 'an unmapped price beside a mapped one does not hide that the mapped one is not granted',
    pair: pair({
      payers: [payer([subscription(['price_pro', 'price_new'])])],
      readings: [reading({ granted: nothingGranted })],
    }),
    says: ['paid-without-access paid', 'unknown unmapped-price'],
    notices: ['price-unmapped price_new'],
  },
  {
    rule: 'a subscription status not known is cannot-tell',
    pair: pair({ payers: [payer([subscription(['price_pro'], { status: { unknown: 'resting' } })])] }),
    says: ['cannot-tell unreadable-billing'],
  },
  {
    rule: 'an app value that the catalogue does not know is cannot-tell; the value is filed once',
    pair: pair({
      readings: [reading({ granted: granted({ plan: unreadable, unknownPlanValue: 'gold' }) })],
    }),
    says: ['cannot-tell unknown-plan-value'],
    notices: ['plan-unknown gold'],
  },
  {
    rule: 'a paid flag that cannot be read is cannot-tell, neither free nor paid',
    pair: pair({ readings: [reading({ granted: granted({ paid: unreadable }) })] }),
    says: ['cannot-tell unreadable-grant'],
  },
  {
    rule: 'a paid flag without a plan, where several plans are sold, is cannot-tell',
    pair: pair({ readings: [reading({ granted: granted({ plan: { state: 'absent' } }) })] }),
    says: ['cannot-tell plan-absent'],
  },
  {
    rule: 'a customer id that cannot be read is cannot-tell, not access without payment',
    pair: pair({ payers: [], pointed: null, readings: [reading({ customerId: unreadable })] }),
    says: ['cannot-tell unreadable-grant'],
  },
  {
    rule: 'a subject that a paying customer may mean as well as another is cannot-tell, not access without payment',
    pair: pair({
      payers: [],
      pointed: null,
      readings: [reading({ customerId: { state: 'absent' } })],
      ambiguous: [
        { type: 'user', id: 'user_1' },
        { type: 'user', id: 'user_2' },
      ],
    }),
    says: ['cannot-tell ambiguous-match'],
  },
  {
    rule: 'a subject that a paying customer may mean as well as another is still owed what it surely pays for',
    pair: pair({
      readings: [reading({ granted: nothingGranted })],
      ambiguous: [
        { type: 'user', id: 'user_1' },
        { type: 'user', id: 'user_2' },
      ],
    }),
    says: ['paid-without-access paid'],
  },
  {
    rule: 'a payer who matches several subjects is cannot-tell',
    pair: payerAlone({
      ambiguous: [
        { type: 'user', id: 'user_1' },
        { type: 'user', id: 'user_2' },
      ],
    }),
    says: ['cannot-tell ambiguous-match'],
  },
]

const incomplete: readonly Line[] = [
  {
    rule: 'an incomplete read confirms what is owed',
    pair: pair({ complete: false, readings: [reading({ granted: nothingGranted })] }),
    says: ['paid-without-access paid'],
  },
  {
    rule: 'an incomplete read never says that nothing is owed',
    pair: pair({ complete: false, payers: [], pointed: { id: 'cus_1', found: 'not-asked' } }),
    says: ['cannot-tell source-incomplete'],
  },
  {
    rule: 'an incomplete read never says that a payer has no subject',
    pair: payerAlone({ complete: false }),
    says: ['cannot-tell source-incomplete'],
  },
]

const refunds: readonly Line[] = [
  {
    rule: 'a period refunded in full may be kept or lost, and is filed for review',
    pair: pair({ payers: [payer([refundedSubscription()])] }),
    says: ['agrees'],
    notices: ['refund-review user:user_1'],
  },
  {
    rule: 'a refunded period under the policy `drop` allows nothing',
    pair: pair({ payers: [payer([refundedSubscription()])] }),
    rules: { policy: { ...defaultPolicy, refunded: 'drop' } },
    says: ['access-without-payment paid'],
  },
]

function refundedSubscription() {
  const whole = subscription()
  if (!whole.latestInvoice || whole.latestInvoice === 'unread')
    throw new Error('The recorded invoice is whole.')
  const reversal = { refundedAmount: 2000, dispute: 'none', ids: ['re_1'] } as const
  return subscription(['price_pro'], { latestInvoice: { ...whole.latestInvoice, reversal } })
}

for (const [name, lines] of Object.entries({
  access,
  links,
  deleted,
  unmapped,
  unknown,
  incomplete,
  refunds,
})) {
  describe(name, () => {
    for (const line of lines) {
      test(line.rule, () => {
        const { verdict, notices } = check(line.pair, { ...rules, ...line.rules })
        expect(said(verdict)).toEqual(line.says)
        expect(notices.map(noticed)).toEqual(line.notices ?? [])
      })
    }
  })
}

/** The customers that a notice touches are said where it is more than one. */
function noticed({ kind, on, touches }: Drift): string {
  return touches.length > 1 ? `${kind} ${on} ${touches.join(',')}` : `${kind} ${on}`
}

function said(verdict: ReturnType<typeof check>['verdict']): readonly string[] {
  switch (verdict.kind) {
    case 'agrees':
      return ['agrees']
    case 'drifts':
      return [
        ...verdict.drifts.map(({ kind, component }) => `${kind} ${component}`),
        ...verdict.unknown.map(({ reason }) => `unknown ${reason}`),
      ]
    case 'cannot-tell':
      return verdict.reasons.map(({ reason }) => `cannot-tell ${reason}`)
  }
}

describe('money at risk', () => {
  const moneyOf = (of: Pair) => {
    const { verdict } = check(of, rules)
    return verdict.kind === 'drifts'
      ? verdict.drifts.map(({ moneyAtRisk }) => moneyAtRisk?.amount ?? null)
      : []
  }

  test('is the promised price for what is missing', () => {
    expect(moneyOf(pair({ readings: [reading({ granted: nothingGranted })] }))).toEqual([2000])
  })

  test('is the promised price after discounts', () => {
    const discounted = subscription(['price_pro'], { discounts: [{ kind: 'percent', percent: 25 }] })
    expect(
      moneyOf(pair({ payers: [payer([discounted])], readings: [reading({ granted: nothingGranted })] })),
    ).toEqual([1500])
  })

  test('is the catalogue price for what is open unpaid', () => {
    expect(moneyOf(pair({ payers: [], pointed: null }))).toEqual([2000])
  })

  test('is the difference between two plans', () => {
    const higher = payer([subscription(['price_enterprise'])])
    expect(moneyOf(pair({ payers: [higher] }))).toEqual([7900])
  })

  test('is the lesser of two subscriptions of one plan', () => {
    expect(
      moneyOf(pair({ payers: [payer([subscription(), subscription(['price_pro'], { id: 'sub_2' })])] })),
    ).toEqual([2000])
  })
})

describe('settling', () => {
  const changed = (minutesAgo: number) =>
    pair({ readings: [reading({ updatedAt: new Date(now.getTime() - minutesAgo * 60_000) })] })

  test('a change within the window settles', () => {
    expect(isSettling(changed(9), 10, now)).toBe(true)
  })

  test('a change before the window does not', () => {
    expect(isSettling(changed(10), 10, now)).toBe(false)
  })

  test('a window of 0 files at once', () => {
    expect(isSettling(changed(0), 0, now)).toBe(false)
  })

  test('a date ahead, such as a trial end, is no change', () => {
    expect(isSettling(changed(-60), 10, now)).toBe(false)
  })
})

describe('the sentence of a payer without a subject', () => {
  test.each([
    ['names the plan', ['price_pro'], 'Customer cus_1 pays for pro and matches no subject.'],
    [
      'names the add-on that is all they pay for',
      ['price_api'],
      'Customer cus_1 pays for api and matches no subject.',
    ],
    [
      'names what is sure beside a price that nobody mapped',
      ['price_pro', 'price_new'],
      'Customer cus_1 pays for pro and matches no subject.',
    ],
  ])('%s', (_rule, priceIds, sentence) => {
    const { verdict } = check(
      payerAlone({ payers: [payer([subscription(priceIds)], { rule: null })] }),
      rules,
    )
    if (verdict.kind !== 'drifts') throw new Error('A payer without a subject drifts.')
    expect(verdict.drifts[0].sentence).toBe(sentence)
  })
})

test.each(Object.values({ access, links, deleted, unmapped, unknown, incomplete, refunds }).flat())(
  'a sum of money, or why there is none, where $rule',
  (line) => {
    const { verdict, notices } = check(line.pair, { ...rules, ...line.rules })
    const drifts = [...(verdict.kind === 'drifts' ? verdict.drifts : []), ...notices]
    for (const { kind, moneyAtRisk, moneyNote } of drifts) {
      expect([kind, moneyAtRisk ?? moneyNote]).not.toEqual([kind, null])
    }
  },
)

describe('money at risk of two subscriptions of one plan', () => {
  const dear = {
    ...price('price_pro', '3000'),
    recurring: { interval: 'month', count: 1, metered: false },
  } as const
  const at = (id: string, change: Partial<Price>) =>
    subscription([], {
      id,
      items: [
        {
          id: `si_${id}`,
          price: { ...dear, ...change },
          quantity: 1,
          currentPeriodEnd: daysFromNow(20),
          discounts: [],
        },
      ],
    })
  test.each<[rule: string, second: Partial<Price>, money: object | null]>([
    [
      'is the lesser',
      { amount: { kind: 'per-unit', unitAmount: '2000' } },
      { currency: 'usd', amount: 2000 },
    ],
    ['is not told across currencies', { currency: 'jpy' }, null],
    ['is not told where one has no fixed sum', { amount: { kind: 'unknown' } }, null],
  ])('%s', (_rule, second, money) => {
    const { verdict } = check(pair({ payers: [payer([at('sub_1', {}), at('sub_2', second)])] }), rules)
    if (verdict.kind !== 'drifts') throw new Error('Billed twice, which is a drift.')
    expect(verdict.drifts[0]).toMatchObject({ kind: 'double-billing', moneyAtRisk: money })
  })
})

test('whatever a feature is called, the sentence shows no control character', () => {
  const features = ['reports', 'a\u001b[2J', 'b\u202e']
  const { verdict } = check(
    pair({
      readings: [reading({ granted: granted({ entitlements: { state: 'value', value: features } }) })],
    }),
    rules,
  )
  if (verdict.kind !== 'drifts') throw new Error('Features that nothing allows drift.')
  expect(verdict.drifts.map(({ sentence }) => sentence)).toEqual([
    'user_1 has a\\u001b[2J, which nothing allows.',
    'user_1 has b\\u202e, which nothing allows.',
  ])
})

test('every drift says where it was read', () => {
  const { verdict } = check(pair({ readings: [reading({ granted: nothingGranted })] }), rules)
  if (verdict.kind !== 'drifts') throw new Error('This pair drifts.')
  const fields = verdict.drifts[0].evidence.map(({ source, object, field }) => `${source} ${object} ${field}`)
  expect(fields).toContain('stripe sub_1 status')
  expect(fields).toContain('clerk user_1 public_metadata.plan')
})
