import { describe, expect, test } from 'vitest'
import { reading, catalogue as sold } from '../check/recorded-pairs.ts'
import { foundText } from './found-text.ts'
import { readPlan } from './read-plan.ts'
import { plansReadAlike, readPlanAgain } from './read-plan-again.ts'

const field = 'public_metadata.plan'
const stored = (raw: unknown) => {
  const first = reading()
  const granted = { ...first.granted, ...readPlan(raw, sold) }
  return reading({ granted, fields: [{ path: field, found: foundText(raw) }] })
}
const [free, pro, enterprise] = sold.plans
if (!free || !pro || !enterprise) throw new Error('The catalogue of these tests has three plans.')
const other = {
  ...sold,
  plans: [free, { ...pro, id: 'starter', values: ['pro'] }, { ...enterprise, values: ['gold', 'Größe'] }],
} as const

describe('a stored plan under another catalogue', () => {
  const cases = [
    ['a word that now means another plan', 'PRO', { state: 'value', value: 'starter' }],
    ['a word that was unknown', ' gold ', { state: 'value', value: 'enterprise' }],
    ['a word with letters beyond ASCII', 'größe', { state: 'value', value: 'enterprise' }],
    ['a word that is not known any more', 'premium', { state: 'unreadable', found: '"premium"' }],
    ['a value that is no text', 7, { state: 'unreadable', found: '7' }],
    ['no value', null, { state: 'absent' }],
    ['a value too long to have been kept', 'x'.repeat(500), { state: 'unreadable' }],
  ] as const
  for (const [what, raw, plan] of cases) {
    test(`is ${plan.state === 'value' ? plan.value : plan.state} for ${what}`, () => {
      expect(readPlanAgain(stored(raw), field, other).granted.plan).toMatchObject(plan)
    })
  }

  test('names the word that it does not know, as the first reading does', () => {
    expect(readPlanAgain(stored('premium'), field, other).granted.unknownPlanValue).toBe('premium')
  })

  test('cannot be read where the source keeps it elsewhere', () => {
    expect(readPlanAgain(stored('pro'), 'public_metadata.tier', other).granted.plan.state).toBe('unreadable')
  })

  test('need not be read again where the names of the plans are the same', () => {
    expect(
      plansReadAlike(sold, { ...sold, plans: [free, { ...pro, prices: ['price_9'] }, enterprise] }),
    ).toBe(true)
    expect(plansReadAlike(sold, other)).toBe(false)
  })
})
