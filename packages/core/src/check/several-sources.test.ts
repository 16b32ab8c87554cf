import { describe, expect, test } from 'vitest'
import type { SubjectReading } from '../grant/granted.ts'
import type { Pair } from '../match/pair.ts'
import type { SourceComponents } from '../subject/source-components.ts'
import { check } from './check.ts'
import {
  customer,
  daysFromNow,
  granted,
  nothingGranted,
  now,
  pair,
  payer,
  reading,
  rules,
  subscription,
} from './recorded-pairs.ts'
import type { Rules } from './rules.ts'
import type { Drift } from './verdict.ts'

/*
 * A project with two access sources: the app's database, and its mirror in Clerk. Each is compared with the promise
 * under its own mapping, and both with each other.
 */

const everything = ['paid', 'plan', 'trialEndsAt', 'entitlements'] as const
const sources: readonly SourceComponents[] = [
  { source: 'postgres', components: { user: everything } },
  { source: 'clerk', components: { user: everything } },
]
const unmapped = { state: 'unmapped' } as const
const unreadable = { state: 'unreadable', found: '7', needed: 'a word' } as const
const value = <T>(read: T) => ({ state: 'value', value: read }) as const

const inClerk = (change: Partial<SubjectReading> = {}) => reading({ source: 'clerk', ...change })
const inDatabase = (change: Partial<SubjectReading> = {}) =>
  reading({ source: 'postgres', fields: [{ path: 'plan', found: 'pro' }], ...change })
const enterprise = granted({ plan: value('enterprise'), entitlements: value(['reports', 'sso']) })
const pastDue = payer([
  subscription(['price_enterprise'], {
    status: 'past_due',
    latestInvoice: {
      id: 'in_1',
      status: 'open',
      currency: 'usd',
      amountPaid: 0,
      finalizedAt: daysFromNow(-3),
      paidAt: null,
      paymentIds: [],
      reversal: null,
    },
  }),
])
const onTrial = (endsAt: Date) => granted({ trialEndsAt: value(endsAt) })
const trialing = payer([subscription(['price_pro'], { status: 'trialing', trialEndsAt: daysFromNow(10) })])
const hours = (count: number) => new Date(daysFromNow(10).getTime() + count * 3_600_000)

interface Line {
  readonly rule: string
  readonly pair: Partial<Pair>
  readonly mapped?: readonly SourceComponents[]
  readonly exceptions?: Rules['exceptions']
  /** `kind component: sentence`, and `unknown reason` or `cannot-tell reason`. */
  readonly says: readonly string[]
}

const promise: readonly Line[] = [
  {
    rule: 'what both grant as promised agrees',
    pair: { readings: [inClerk(), inDatabase()] },
    says: ['agrees'],
  },
  {
    rule: 'the same drift in both is one drift that names both',
    pair: {
      readings: [inClerk({ granted: nothingGranted }), inDatabase({ granted: nothingGranted })],
    },
    says: [
      'paid-without-access paid: user_1 pays for pro and is granted nothing paid (in postgres and clerk).',
    ],
  },
  {
    rule: 'a drift in one names that one, and is not said again as a disagreement',
    pair: { readings: [inClerk({ granted: nothingGranted }), inDatabase()] },
    says: ['paid-without-access paid: user_1 pays for pro and is granted nothing paid (in clerk).'],
  },
  {
    rule: 'opposite drifts in both are two drifts',
    pair: {
      payers: [payer([subscription(['price_enterprise'])])],
      readings: [inClerk({ granted: nothingGranted }), inDatabase()],
    },
    says: [
      'plan-too-low plan: user_1 pays for enterprise and is granted only pro (in postgres).',
      'paid-without-access paid: user_1 pays for enterprise and is granted nothing paid (in clerk).',
    ],
  },
  {
    rule: 'a higher plan in one is that drift alone, with the features that it brings',
    pair: { readings: [inClerk(), inDatabase({ granted: enterprise })] },
    says: ['plan-too-high plan: user_1 is granted enterprise and at most pro is allowed (in postgres).'],
  },
  {
    rule: 'what one cannot say hides nothing that the other shows',
    pair: {
      readings: [
        inClerk({ granted: granted({ plan: unreadable, paid: unreadable }) }),
        inDatabase({ granted: nothingGranted }),
      ],
    },
    says: [
      'paid-without-access paid: user_1 pays for pro and is granted nothing paid (in postgres).',
      'unknown unreadable-grant: 7 in clerk',
      'unknown unreadable-grant: 7 in clerk',
    ],
  },
  {
    rule: 'what one cannot say and the other grants as promised cannot be told',
    pair: {
      readings: [inClerk({ granted: granted({ plan: unreadable, paid: unreadable }) }), inDatabase()],
    },
    says: ['cannot-tell unreadable-grant: 7 in clerk', 'cannot-tell unreadable-grant: 7 in clerk'],
  },
]

const flagAlone: readonly SourceComponents[] = [
  { source: 'postgres', components: { user: ['paid'] } },
  { source: 'clerk', components: { user: ['plan', 'entitlements'] } },
]
const featuresAlone: readonly SourceComponents[] = [
  { source: 'postgres', components: { user: ['entitlements'] } },
  { source: 'clerk', components: { user: ['plan'] } },
]
const ofFlag = (paid: boolean) =>
  inDatabase({ granted: granted({ plan: unmapped, entitlements: unmapped, paid: value(paid) }) })
const ofFeatures = (features: readonly string[]) =>
  inDatabase({ granted: granted({ plan: unmapped, paid: unmapped, entitlements: value(features) }) })
const ofPlan = (plan: string, features: readonly string[] = ['reports']) =>
  inClerk({ granted: granted({ paid: unmapped, plan: value(plan), entitlements: value(features) }) })

const mappings: readonly Line[] = [
  {
    rule: 'a component that a source does not map is not compared for it',
    mapped: flagAlone,
    pair: { readings: [ofFlag(true), ofPlan('pro')] },
    says: ['agrees'],
  },
  {
    rule: 'a component that one source maps is compared for that one',
    mapped: flagAlone,
    pair: { readings: [ofFlag(true), ofPlan('enterprise', ['reports', 'sso'])] },
    says: ['plan-too-high plan: user_1 is granted enterprise and at most pro is allowed (in clerk).'],
  },
  {
    rule: 'whether access is paid follows from a plan as well as from a flag',
    mapped: flagAlone,
    pair: { payers: [pastDue], readings: [ofFlag(false), ofPlan('enterprise', ['reports', 'sso'])] },
    says: [
      'grants-disagree paid: user_1 is not granted the same everywhere (paid access): postgres: nothing paid, clerk: paid access (enterprise).',
    ],
  },
  {
    rule: 'a source that holds features alone says nothing of whether access is paid',
    mapped: featuresAlone,
    pair: { readings: [ofFeatures(['reports']), ofPlan('pro')] },
    says: ['agrees'],
  },
  {
    rule: 'a source that holds features alone drifts by its features',
    mapped: featuresAlone,
    pair: { readings: [ofFeatures(['reports', 'sso']), ofPlan('pro')] },
    says: ['entitlement-extra entitlement:sso: user_1 has sso, which nothing allows (in postgres).'],
  },
]

const disagreeing: readonly Line[] = [
  {
    rule: 'what one keeps and the other took away in a grace period disagrees',
    pair: {
      payers: [pastDue],
      readings: [inClerk({ granted: nothingGranted }), inDatabase({ granted: enterprise })],
    },
    says: [
      'grants-disagree paid: user_1 is not granted the same everywhere (paid access): postgres: paid access (enterprise), clerk: nothing paid.',
    ],
  },
  {
    rule: 'two plans that are both allowed disagree, once, with the features that they bring',
    pair: { payers: [pastDue], readings: [inClerk(), inDatabase({ granted: enterprise })] },
    says: [
      'grants-disagree plan: user_1 is not granted the same everywhere (plan): postgres: enterprise, clerk: pro.',
    ],
  },
  {
    rule: 'one feature more in one of them disagrees by itself',
    pair: {
      payers: [pastDue],
      readings: [
        inClerk({ granted: granted({ plan: value('enterprise'), entitlements: value(['reports']) }) }),
        inDatabase({ granted: enterprise }),
      ],
    },
    says: [
      'grants-disagree entitlement:sso: user_1 is not granted the same everywhere (sso): postgres: yes, clerk: no.',
    ],
  },
  {
    rule: 'ends of a trial within the tolerance are one',
    pair: {
      payers: [trialing],
      readings: [inClerk({ granted: onTrial(hours(-12)) }), inDatabase({ granted: onTrial(hours(12)) })],
    },
    says: ['agrees'],
  },
  {
    rule: 'ends of a trial that are each near enough to billing, and far from each other, disagree',
    pair: {
      payers: [trialing],
      readings: [inClerk({ granted: onTrial(hours(-20)) }), inDatabase({ granted: onTrial(hours(20)) })],
    },
    says: [
      'grants-disagree trialEndsAt: user_1 is not granted the same everywhere (end of the trial): postgres: a trial until 2026-06-12T08:00:00.000Z, clerk: a trial until 2026-06-10T16:00:00.000Z.',
    ],
  },
  {
    rule: 'ends of a trial that have passed open nothing, and so disagree in nothing',
    pair: {
      readings: [
        inClerk({ granted: onTrial(daysFromNow(-90)) }),
        inDatabase({ granted: onTrial(daysFromNow(-10)) }),
      ],
    },
    says: ['agrees'],
  },
  {
    rule: 'what cannot be read in one does not surely disagree',
    pair: {
      payers: [pastDue],
      readings: [
        inClerk({
          granted: granted({ plan: unreadable, paid: value(true), entitlements: value(['reports', 'sso']) }),
        }),
        inDatabase({ granted: enterprise }),
      ],
    },
    says: ['agrees'],
  },
  {
    rule: 'nothing is said of a disagreement while billing was not read whole',
    pair: {
      complete: false,
      payers: [pastDue],
      readings: [inClerk({ granted: nothingGranted }), inDatabase({ granted: enterprise })],
    },
    says: ['agrees'],
  },
  {
    rule: 'sources disagree also about somebody whose customer this account does not know',
    pair: {
      payers: [],
      pointed: { id: 'cus_1', found: 'unknown', said: '404' },
      readings: [inClerk({ granted: nothingGranted }), inDatabase()],
    },
    says: [
      'customer-not-found customer: user_1 points to customer cus_1, which billing does not know (in postgres and clerk).',
      'grants-disagree paid: user_1 is not granted the same everywhere (paid access): postgres: paid access (pro), clerk: nothing paid.',
    ],
  },
]

const missing: readonly Line[] = [
  {
    rule: 'whoever pays and has no record in one source has nothing there',
    pair: { readings: [inClerk()], missingFrom: ['postgres'] },
    says: [
      'paid-without-access paid: user_1 pays for pro and is granted nothing paid (no record in postgres).',
    ],
  },
  {
    rule: 'whoever has nothing and is owed nothing needs no record',
    pair: {
      payers: [],
      pointed: null,
      readings: [inClerk({ granted: nothingGranted })],
      missingFrom: ['postgres'],
    },
    says: ['agrees'],
  },
  {
    rule: 'what one grants unpaid is that drift, whether or not the other has a record',
    pair: { payers: [], pointed: null, readings: [inClerk()], missingFrom: ['postgres'] },
    says: ['access-without-payment paid: user_1 is granted pro and nothing paid is allowed (in clerk).'],
  },
  {
    rule: 'what one may grant and the other has no record of disagrees',
    pair: { payers: [pastDue], readings: [inClerk({ granted: enterprise })], missingFrom: ['postgres'] },
    says: [
      'grants-disagree paid: user_1 is not granted the same everywhere (paid access): postgres: no record, clerk: paid access (enterprise).',
    ],
  },
  {
    rule: 'a source that was not read whole says nothing by its silence',
    pair: { readings: [inClerk()], missingFrom: [] },
    says: ['agrees'],
  },
  {
    rule: 'a source that does not hold this type of subject says nothing by its silence',
    mapped: [
      { source: 'clerk', components: { user: everything } },
      { source: 'postgres', components: { organization: ['plan'] } },
    ],
    pair: { readings: [inClerk()], missingFrom: ['postgres'] },
    says: ['agrees'],
  },
]

const deleted: readonly Line[] = [
  {
    rule: 'whoever is billed, and deleted in one source alone, has that said',
    pair: { readings: [inClerk(), inDatabase({ deleted: true })] },
    says: [
      'payer-deleted-subject customer: Customer cus_1 is still billed for pro, but user_1 is marked as deleted in postgres.',
    ],
  },
  {
    rule: 'what was left on a deleted record opens nothing, and disagrees with what the other may grant',
    exceptions: [
      {
        subject: 'user_1',
        allowed: { plan: 'pro', paid: true, entitlements: ['reports'] },
        reason: 'a partner',
        author: null,
        until: null,
      },
    ],
    pair: { payers: [], pointed: null, readings: [inClerk({ deleted: true }), inDatabase()] },
    says: [
      'grants-disagree paid: user_1 is not granted the same everywhere (paid access): postgres: paid access (pro), clerk: deleted.',
    ],
  },
  {
    rule: 'deleted in one and free in the other agrees where nobody pays',
    pair: {
      payers: [],
      pointed: null,
      readings: [inClerk({ deleted: true }), inDatabase({ granted: nothingGranted })],
    },
    says: ['agrees'],
  },
  {
    rule: 'deleted everywhere is deleted, whatever stands on record',
    pair: { readings: [inClerk({ deleted: true }), inDatabase({ deleted: true })] },
    says: [
      'payer-deleted-subject customer: Customer cus_1 is still billed for pro, but user_1 no longer exists.',
    ],
  },
  {
    rule: 'deleted in one and missing in the other is deleted',
    pair: { readings: [inClerk({ deleted: true })], missingFrom: ['postgres'] },
    says: [
      'payer-deleted-subject customer: Customer cus_1 is still billed for pro, but user_1 no longer exists.',
    ],
  },
]

const other = payer([subscription([], { id: 'sub_2', customerId: 'cus_2' })], { customer: customer('cus_2') })
const paysToo = payer([subscription(['price_pro'], { id: 'sub_2', customerId: 'cus_2' })], {
  customer: customer('cus_2'),
})
const links: readonly Line[] = [
  {
    rule: 'two customers of which one pays nothing is the wrong pointer of that source',
    pair: { payers: [payer(), other], readings: [inClerk({ customerId: value('cus_2') }), inDatabase()] },
    says: [
      'customer-duplicate customer: user_1 points to customer cus_2, which pays nothing, while its customer cus_1 pays (in clerk).',
    ],
  },
  {
    rule: 'two customers of which neither pays nothing is a disagreement',
    pair: {
      payers: [payer(), paysToo],
      readings: [inClerk({ customerId: value('cus_2') }), inDatabase()],
    },
    says: [
      'double-billing subscription: user_1 is billed 2 times for the plan pro: sub_1, sub_2.',
      'grants-disagree customer: user_1 is not granted the same everywhere (customer): postgres: cus_1, clerk: cus_2.',
    ],
  },
  {
    rule: 'a pointer in one source alone is enough',
    pair: { readings: [inClerk({ customerId: { state: 'absent' } }), inDatabase()] },
    says: ['agrees'],
  },
]

for (const [name, lines] of Object.entries({
  'what both sources grant beside the promise': promise,
  'sources that map different components': mappings,
  'sources that disagree': disagreeing,
  'a subject that one source does not have': missing,
  'a subject that one source marks as deleted': deleted,
  'sources that point to different customers': links,
})) {
  describe(name, () => {
    test.each(lines)('$rule', (line) => {
      const both: Rules = {
        ...rules,
        mapped: line.mapped ?? sources,
        exceptions: line.exceptions ?? [],
      }
      expect(said(pair(line.pair), both)).toEqual(line.says)
    })
  })
}

function said(of: Pair, by: Rules): readonly string[] {
  const { verdict } = check(of, by)
  switch (verdict.kind) {
    case 'agrees':
      return ['agrees']
    case 'drifts':
      return [
        ...verdict.drifts.map(({ kind, component, sentence }) => `${kind} ${component}: ${sentence}`),
        ...verdict.unknown.map(({ reason, found }) => `unknown ${reason}: ${found}`),
      ]
    case 'cannot-tell':
      return verdict.reasons.map(({ reason, found }) => `cannot-tell ${reason}: ${found}`)
  }
}

describe('a drift that several sources show', () => {
  const both: Rules = { ...rules, mapped: sources }
  const driftsOf = (of: Partial<Pair>): readonly Drift[] => {
    const { verdict } = check(pair(of), both)
    return verdict.kind === 'drifts' ? verdict.drifts : []
  }

  test('carries the evidence of each, and that of billing once', () => {
    const [drift] = driftsOf({
      readings: [
        inClerk({ granted: nothingGranted }),
        inDatabase({ granted: nothingGranted, recordId: '17' }),
      ],
    })
    expect(drift?.evidence.filter(({ field }) => field === 'status')).toHaveLength(1)
    expect(drift?.evidence.map(({ source, object }) => `${source} ${object}`)).toEqual(
      expect.arrayContaining(['postgres 17', 'clerk user_1']),
    )
  })

  test('carries as evidence that a source has no record', () => {
    const [drift] = driftsOf({ readings: [inClerk()], missingFrom: ['postgres'] })
    expect(drift?.evidence).toContainEqual({
      source: 'postgres',
      object: 'user_1',
      field: 'record',
      value: null,
      readAt: now,
    })
    expect(drift?.evidence.some(({ source }) => source === 'clerk')).toBe(false)
  })

  test('is worth the most of what they leave open', () => {
    const [drift] = driftsOf({
      payers: [],
      pointed: null,
      readings: [inClerk({ granted: enterprise }), inDatabase()],
    })
    expect(drift).toMatchObject({ kind: 'access-without-payment', moneyAtRisk: { amount: 9900 } })
  })

  test('says which, in a note, where no sum can be named', () => {
    const [drift] = driftsOf({
      payers: [pastDue],
      readings: [inClerk(), inDatabase({ granted: enterprise })],
    })
    expect(drift).toMatchObject({ kind: 'grants-disagree', hurts: 'both', moneyAtRisk: null })
    expect(drift?.moneyNote).not.toBeNull()
    expect(drift?.granted).toEqual(['postgres: enterprise', 'clerk: pro'])
  })
})
