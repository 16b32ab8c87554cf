import { describe, expect, it } from 'vitest'
import { monthMs } from '../../../../core/src/money/money-clock.ts'
import { lostSoFar } from './lost-so-far.ts'
import type { Incident } from './words.ts'

const begin = Date.UTC(2026, 0, 1)
const at = (months: number) => new Date(begin + months * monthMs).toISOString()
const step = (act: Incident['history'][number]['act'], months: number) => ({
  act,
  at: at(months),
  by: 'check:chk_1',
  note: null,
})
const usd = (amount: number) => ({ currency: 'usd', amount })

describe('what an incident has cost', () => {
  const table: readonly (readonly [string, readonly ReturnType<typeof step>[], number])[] = [
    ['a month of the sum after a month', [step('incident-opened', 0)], 2000],
    [
      'as much when somebody is at work on it',
      [step('incident-opened', 0), step('incident-acknowledged', 0.5)],
      2000,
    ],
    ['nothing more once it is resolved', [step('incident-opened', 0), step('incident-resolved', 0.5)], 1000],
    ['nothing while it is meant to be', [step('incident-opened', 0), step('incident-ignored', 0.25)], 500],
    [
      'more again when it comes back',
      [step('incident-opened', 0), step('incident-resolved', 0.25), step('incident-reopened', 0.5)],
      1500,
    ],
    ['no less for words about it', [step('incident-opened', 0), step('incident-commented', 0.5)], 2000],
  ]
  it.each(table)('%s', (_name, history, amount) => {
    const incident = { history, hurts: 'business' as const, moneyAtRisk: usd(2000) }
    expect(lostSoFar(incident, new Date(at(1)))).toEqual(usd(amount))
  })
  it('is not named where no sum is at risk, or both sides bear it', () => {
    const history = [step('incident-opened', 0)]
    expect(lostSoFar({ history, hurts: 'customer', moneyAtRisk: null }, new Date(at(1)))).toBeNull()
    expect(lostSoFar({ history, hurts: 'both', moneyAtRisk: usd(5) }, new Date(at(1)))).toBeNull()
  })
})
