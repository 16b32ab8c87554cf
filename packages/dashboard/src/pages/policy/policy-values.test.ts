import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '../../../../core/src/promise/policy.ts'
import { defaultValues, policySentences, valuesOf, withValues } from './policy-values.ts'

describe('the policy as it is shown', () => {
  it('takes what a document leaves out as the service does', () => {
    expect(defaultValues).toEqual(defaultPolicy)
    expect(valuesOf({})).toEqual(defaultPolicy)
    expect(valuesOf(null)).toEqual(defaultPolicy)
    expect(valuesOf({ policy: { pastDue: { days: 3 }, brake: { hold: 5 } } })).toEqual({
      ...defaultPolicy,
      pastDue: { mode: 'tolerate', days: 3 },
      brake: { hold: 5, collapse: null },
    })
  })

  it('writes what was changed into a document, and nothing else', () => {
    const document = { match: ['customer.id'], policy: { unpaid: 'nothing', pastDue: { days: 3 } } }
    expect(withValues(document, { ...valuesOf(document), settleMinutes: 0 })).toEqual({
      match: ['customer.id'],
      policy: { unpaid: 'nothing', pastDue: { days: 3 }, settleMinutes: 0 },
    })
    expect(withValues({}, { ...defaultValues, pastDue: { mode: 'drop', days: 14 } })).toEqual({
      policy: { pastDue: { mode: 'drop', days: 14 } },
    })
  })

  it.each([
    [{ pastDue: { mode: 'drop', days: 14 } }, 'Past due', 'as soon as a payment has failed'],
    [{ pastDue: { mode: 'tolerate', days: 1 } }, 'Past due', 'for 1 day:'],
    [{ pastDue: { mode: 'keep', days: 3 } }, 'Past due', 'is owed access for 3 days more'],
    [{ unpaid: 'as-past-due' }, 'Unpaid', 'the same grace'],
    [{ pausedCollection: 'drop' }, 'Paused collection', 'nothing is promised'],
    [{ refunded: 'keep' }, 'Refunds and disputes', 'change nothing'],
    [{ settleMinutes: 0 }, 'Settling', 'at once'],
    [{ brake: { hold: 7, collapse: null } }, 'Holding repairs', 'more than 7 subjects'],
    [{ brake: { hold: null, collapse: 1 } }, 'Mass drift', 'more than 1 subject '],
  ] as const)('says in words what %j means', (part, about, words) => {
    const sentences = new Map(policySentences({ ...defaultValues, ...part }))
    expect(sentences.get(about)).toContain(words)
  })
})
