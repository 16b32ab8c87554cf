import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IncidentState } from '../incident/incident.ts'
import type { MoneySpan } from './money-clock.ts'
import { moneySpans, monthMs } from './money-clock.ts'
import type { MoneyStanding, MoneyTurn } from './money-turn.ts'
import { moneyTurns } from './money-turn.ts'

const hour = 3_600_000
const begin = Date.UTC(2026, 0, 1)
const at = (ms: number) => new Date(begin + ms)
const standing = (state: IncidentState, amount: number | null, currency = 'usd'): MoneyStanding => ({
  state,
  hurts: 'customer',
  moneyAtRisk: amount === null ? null : { currency, amount },
})
const usd = (amount: number) => [{ currency: 'usd', amount }]

describe('an act on an incident changes of the money', () => {
  const table: readonly (readonly [string, MoneyStanding | null, MoneyStanding, string])[] = [
    ['it opens', null, standing('open', 500), 'usd +500 +0'],
    ['it opens without a sum', null, standing('open', null), ''],
    ['it is acknowledged', standing('open', 500), standing('acknowledged', 500), ''],
    ['it is put right', standing('open', 500), standing('resolved', 500), 'usd -500 +500'],
    ['it comes back', standing('resolved', 500), standing('open', 500), 'usd +500 -500'],
    ['it is meant to be', standing('acknowledged', 500), standing('ignored', 500), 'usd -500 +0'],
    ['it is no longer meant to be', standing('ignored', 500), standing('open', 500), 'usd +500 +0'],
    ['it is gone while it was ignored', standing('ignored', 500), standing('resolved', 500), 'usd +0 +500'],
    ['the sum rises', standing('open', 500), standing('open', 800), 'usd +300 +0'],
    ['a sum becomes known', standing('open', null), standing('open', 800), 'usd +800 +0'],
    ['the currency changes', standing('open', 500), standing('open', 400, 'eur'), 'usd -500 +0, eur +400 +0'],
  ]
  test.each(table)('%s', (_act, before, after, expected) => {
    const signed = (sum: number) => (sum < 0 ? `${sum}` : `+${sum}`)
    const told = moneyTurns(before, after, at(0)).map(
      ({ currency, atRisk, recovered }) => `${currency} ${signed(atRisk)} ${signed(recovered)}`,
    )
    expect(told.join(', ')).toBe(expected)
  })
})

describe('the money clock', () => {
  const open = (ms: number, amount: number, hurts: MoneyTurn['hurts'] = 'business'): MoneyTurn => ({
    at: at(ms),
    hurts,
    currency: 'usd',
    atRisk: amount,
    recovered: 0,
  })

  test('a sum a month at risk for a month has cost that sum', () => {
    const [span] = moneySpans([open(0, 2000)], [at(0), at(monthMs)])
    expect(span).toMatchObject({ lost: usd(2000), owed: [], recovered: [] })
    expect(span?.atRisk).toEqual({ customer: [], business: usd(2000), both: [] })
  })

  test('what hurts customers is owed to them, what hurts the business is lost', () => {
    const turns = [open(0, 2000, 'customer'), open(0, 500), open(0, 9000, 'both')]
    const [span] = moneySpans(turns, [at(0), at(monthMs)])
    expect(span).toMatchObject({ lost: usd(500), owed: usd(2000) })
    expect(span?.atRisk.both).toEqual(usd(9000))
  })

  test('what began before counts from the beginning of the span, what ended in it until then', () => {
    const turns = [open(-monthMs, 1000), open(monthMs / 2, -1000)]
    expect(moneySpans(turns, [at(0), at(monthMs)])[0]).toMatchObject({ lost: usd(500) })
  })

  test('currencies stand beside each other', () => {
    const turns = [open(0, 1000), { ...open(0, 300), currency: 'eur' }]
    const [span] = moneySpans(turns, [at(0), at(monthMs)])
    expect(span?.lost).toEqual([{ currency: 'eur', amount: 300 }, ...usd(1000)])
  })

  test('what was put right is recovered, and no longer when it comes back', () => {
    const turns = [
      open(0, 700),
      { ...open(hour, -700), recovered: 700 },
      { ...open(2 * hour, 700), recovered: -700 },
    ]
    const recovered = (from: number, until: number) => moneySpans(turns, [at(from), at(until)])[0]?.recovered
    expect(recovered(0, hour)).toEqual(usd(700))
    expect(recovered(hour, 2 * hour)).toEqual(usd(-700))
    expect(recovered(0, 2 * hour)).toEqual([])
  })

  test('sums beyond what a float can hold exactly come out to the unit', () => {
    const turns = Array.from({ length: 3 }, () => open(0, 9_007_199_254_740))
    expect(moneySpans(turns, [at(0), at(monthMs)])[0]?.lost).toEqual(usd(27_021_597_764_220))
  })

  const turn = fc.record({
    at: fc.integer({ min: -100 * hour, max: 1000 * hour }).map(at),
    hurts: fc.constantFrom('customer', 'business', 'both'),
    currency: fc.constantFrom('usd', 'eur', 'jpy'),
    atRisk: fc.integer({ min: -100_000, max: 100_000 }),
    recovered: fc.integer({ min: -100_000, max: 100_000 }),
  })
  const bounds = fc
    .uniqueArray(fc.integer({ min: 0, max: 900 * hour }), { minLength: 2, maxLength: 12 })
    .map((moments) => moments.toSorted((a, b) => a - b).map(at))

  test('the spans of a time add up to the time, however it is split', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 30 }), bounds, (turns, moments) => {
        const [first = at(0), last = at(0)] = [moments[0], moments.at(-1)]
        const [whole] = moneySpans(turns, [first, last])
        const parts = moneySpans(turns, moments)
        for (const field of ['lost', 'owed', 'recovered'] as const) {
          expect(summed(parts, field)).toEqual(asMap(whole?.[field] ?? []))
        }
        expect(parts.at(-1)?.atRisk).toEqual(whole?.atRisk)
      }),
    )
  })

  test('the order in which turns are told changes nothing', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 20 }), bounds, (turns, moments) => {
        expect(moneySpans(turns.toReversed(), moments)).toEqual(moneySpans(turns, moments))
      }),
    )
  })

  test('turns of one moment may be told as one', () => {
    fc.assert(
      fc.property(turn, fc.integer({ min: -9000, max: 9000 }), bounds, (one, more, moments) => {
        const apart = [one, { ...one, atRisk: more, recovered: 0 }]
        const together = [{ ...one, atRisk: one.atRisk + more }]
        expect(moneySpans(apart, moments)).toEqual(moneySpans(together, moments))
      }),
    )
  })

  test('an incident that ends leaves nothing at risk, whatever its life was', () => {
    const state = fc.constantFrom<IncidentState>('open', 'acknowledged', 'ignored', 'resolved')
    const life = fc.array(fc.tuple(state, fc.option(fc.integer({ min: 0, max: 5000 }))), { minLength: 1 })
    fc.assert(
      fc.property(life, (states) => {
        const lives = [...states.map(([one, amount]) => standing(one, amount)), standing('resolved', 4000)]
        const turns = lives.flatMap((after, place) =>
          moneyTurns(lives[place - 1] ?? null, after, at(place * hour)),
        )
        const [span] = moneySpans(turns, [at(-hour), at(1000 * hour)])
        expect(span?.atRisk.customer).toEqual([])
        expect(span?.recovered).toEqual(usd(4000))
        expect((span?.owed ?? []).every(({ amount }) => amount >= 0)).toBe(true)
      }),
    )
  })
})

function summed(spans: readonly MoneySpan[], field: 'lost' | 'owed' | 'recovered') {
  return asMap(spans.flatMap((span) => span[field]))
}

function asMap(moneys: MoneySpan['lost']): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { currency, amount } of moneys) sums[currency] = (sums[currency] ?? 0) + amount
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
}
