import { describe, expect, test } from 'vitest'
import { type AlertRule, alertRule, type RuledIncident, ruleTells } from './alert-rule.ts'

const incident: RuledIncident = {
  kind: 'plan-too-low',
  severity: 'high',
  moneyAtRisk: { currency: 'usd', amount: 2_000 },
}

describe('a rule', () => {
  test.each<[boolean, string, Partial<AlertRule>, Partial<RuledIncident>]>([
    [true, 'what is as bad as it says', { minSeverity: 'high' }, {}],
    [true, 'what is worse', { minSeverity: 'high' }, { severity: 'critical' }],
    [false, 'what is less bad', { minSeverity: 'high' }, { severity: 'medium' }],
    [true, 'a kind that it names', { kinds: ['plan-too-low', 'seats-over'] }, {}],
    [false, 'another kind', { kinds: ['seats-over'] }, {}],
    [true, 'as much money as it says', { moneyAtLeast: { usd: 2_000 } }, {}],
    [false, 'less money', { moneyAtLeast: { usd: 2_001 } }, {}],
    [true, 'money in a currency that it does not name', { moneyAtLeast: { eur: 99_999 } }, {}],
    [true, 'what comes to no fixed sum', { moneyAtLeast: { usd: 99_999 } }, { moneyAtRisk: null }],
    [false, 'much money of another kind', { moneyAtLeast: { usd: 1 }, kinds: ['seats-over'] }, {}],
  ])('tells (%s): %s', (isTold, _, rule, change) => {
    const parsed = alertRule.parse({ name: 'r', channels: ['alc_1'], minSeverity: 'low', ...rule })
    expect(ruleTells(parsed, { ...incident, ...change })).toBe(isTold)
  })

  test('that says little tells what is high or worse, with its end, without quiet hours', () => {
    expect(alertRule.parse({ name: ' Everything ', channels: ['alc_1'] })).toEqual({
      name: 'Everything',
      minSeverity: 'high',
      kinds: null,
      moneyAtLeast: null,
      channels: ['alc_1'],
      recovery: true,
      quietHours: null,
      gatherSeconds: 10,
      againAfterMinutes: 15,
    })
  })

  test.each<[string, object]>([
    ['names no channel', { channels: [] }],
    ['names a kind that there is not', { kinds: ['on-fire'] }],
    ['writes a currency in another way', { moneyAtLeast: { USD: 1 } }],
    ['has a field that nobody knows', { sound: 'loud' }],
  ])('is refused where it %s', (_, change) => {
    expect(alertRule.safeParse({ name: 'r', channels: ['alc_1'], ...change }).success).toBe(false)
  })
})
