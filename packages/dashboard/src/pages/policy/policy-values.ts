/* The policy as its form shows it. What a document leaves out is what the service takes for it. */

export interface PolicyValues {
  readonly pastDue: { readonly mode: 'keep' | 'tolerate' | 'drop'; readonly days: number }
  readonly unpaid: 'nothing' | 'as-past-due'
  readonly pausedCollection: 'keep' | 'tolerate' | 'drop'
  readonly refunded: 'review' | 'drop' | 'keep'
  readonly settleMinutes: number
  readonly trialToleranceHours: number
  readonly brake: { readonly hold: number | null; readonly collapse: number | null }
}

/** What holds where a document says nothing. */
export const defaultValues: PolicyValues = {
  pastDue: { mode: 'tolerate', days: 14 },
  unpaid: 'nothing',
  pausedCollection: 'keep',
  refunded: 'review',
  settleMinutes: 10,
  trialToleranceHours: 24,
  brake: { hold: null, collapse: null },
}

/** The policy of a document, with what it leaves out. */
export function valuesOf(document: unknown): PolicyValues {
  const given = partOf(document, 'policy')
  return {
    ...defaultValues,
    ...given,
    pastDue: { ...defaultValues.pastDue, ...partOf(given, 'pastDue') },
    brake: { ...defaultValues.brake, ...partOf(given, 'brake') },
  }
}

/** The document with another policy: what was changed is written, all else stays as it is, or left out. */
export function withValues(document: unknown, values: PolicyValues): Readonly<Record<string, unknown>> {
  const kept = valuesOf(document)
  const changed = Object.entries(values).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(kept[key as keyof PolicyValues]),
  )
  return {
    ...recordOf(document),
    policy: { ...partOf(document, 'policy'), ...Object.fromEntries(changed) },
  }
}

const count = new Intl.NumberFormat('en-GB')

/** What a policy means, a sentence for each thing that it decides. */
export function policySentences(values: PolicyValues): readonly (readonly [about: string, words: string])[] {
  const { pastDue, unpaid, pausedCollection, refunded, settleMinutes, trialToleranceHours, brake } = values
  const days = many(pastDue.days, 'day')
  return [
    [
      'Past due',
      {
        keep: `Whoever’s payment failed is owed access for ${days} more; after that it has to go.`,
        tolerate: `Whoever’s payment failed may keep access for ${days}: having it and losing it are both right. After that it has to go.`,
        drop: 'Access has to go as soon as a payment has failed.',
      }[pastDue.mode],
    ],
    [
      'Unpaid',
      unpaid === 'as-past-due'
        ? 'A subscription that Stripe gave up on counts as past due, with the same grace.'
        : 'A subscription that Stripe gave up on promises nothing.',
    ],
    [
      'Paused collection',
      {
        keep: 'While collection is paused access is owed.',
        tolerate: 'While collection is paused, having access and not having it are both right.',
        drop: 'While collection is paused nothing is promised.',
      }[pausedCollection],
    ],
    [
      'Refunds and disputes',
      {
        review:
          'Whoever got all their money back, or disputes it, is filed for a person to look at; access may stay meanwhile.',
        drop: 'Whoever got all their money back, or disputes it, is promised nothing.',
        keep: 'Refunds and disputes change nothing about access.',
      }[refunded],
    ],
    [
      'Trials',
      `The end of a trial may differ by ${many(trialToleranceHours, 'hour')} on both sides before it counts as drift.`,
    ],
    [
      'Settling',
      settleMinutes === 0
        ? 'A drift is filed at once.'
        : `A drift is filed when it is still there ${many(settleMinutes, 'minute')} after the last change: a webhook may be under way.`,
    ],
    [
      'Holding repairs',
      brake.hold === null
        ? 'Repairs are held until a person releases them when more than 25 subjects, or 0.5 % of all, newly drift.'
        : `Repairs are held until a person releases them when more than ${many(brake.hold, 'subject')} newly drift.`,
    ],
    [
      'Mass drift',
      brake.collapse === null
        ? 'One incident stands for all when more than 20 subjects, or 20 % of all, drift in the same way.'
        : `One incident stands for all when more than ${many(brake.collapse, 'subject')} drift in the same way.`,
    ],
  ]
}

function many(number: number, unit: string): string {
  return `${count.format(number)} ${unit}${number === 1 ? '' : 's'}`
}

function partOf(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return recordOf(recordOf(value)[key])
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
