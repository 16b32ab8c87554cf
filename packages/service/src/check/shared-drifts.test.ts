import type { Drift } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { SharedDrifts } from './shared-drifts.ts'

const unmapped = (touches: readonly string[], moneyAtRisk: Drift['moneyAtRisk']): Drift => ({
  kind: 'price-unmapped',
  component: 'price',
  hurts: 'both',
  owed: null,
  granted: null,
  allowed: null,
  on: 'price_9',
  subject: null,
  customerId: null,
  access: null,
  sentence: `Found with ${touches.join(', ')}.`,
  evidence: [],
  touches,
  moneyAtRisk,
  moneyNote: '',
})
const usd = (amount: number) => ({ currency: 'usd', amount })

describe('drifts that are one incident for all whom they touch', () => {
  test.each<[string, readonly Drift[], Partial<Drift>]>([
    [
      'touch everybody once',
      [unmapped(['user:a'], null), unmapped(['user:b', 'user:a'], null)],
      { touches: ['user:a', 'user:b'], sentence: 'Found with user:a.' },
    ],
    [
      'put at risk what they do together',
      [unmapped(['user:a'], usd(900)), unmapped(['user:b'], usd(100))],
      { moneyAtRisk: usd(1000) },
    ],
    [
      'put at risk what is known of them',
      [unmapped(['user:a'], null), unmapped(['user:b'], usd(100)), unmapped(['user:c'], null)],
      { moneyAtRisk: usd(100) },
    ],
    [
      'do not add up two currencies',
      [unmapped(['user:a'], usd(900)), unmapped(['user:b'], { currency: 'eur', amount: 100 })],
      { moneyAtRisk: usd(900) },
    ],
  ])('%s', (_, drifts, expected) => {
    const shared = new SharedDrifts()
    for (const drift of drifts) shared.add('price-unmapped price_9', drift)
    expect(shared.all()).toEqual([expect.objectContaining(expected)])
  })

  test('are told apart by what they are about', () => {
    const shared = new SharedDrifts()
    shared.add('price-unmapped price_8', unmapped(['user:a'], null))
    shared.add('price-unmapped price_9', unmapped(['user:a'], null))
    expect(shared.size).toBe(2)
  })

  // One wrong price of 100,000 customers once took a check longer than all the rest of it: each was copied for each.
  test('are joined for a hundred thousand customers as they come', () => {
    const shared = new SharedDrifts()
    for (let place = 0; place < 100_000; place++) shared.add('one', unmapped([`user:${place}`], usd(1)))
    const [joined] = shared.all()
    expect(joined?.touches).toHaveLength(100_000)
    expect(joined?.moneyAtRisk).toEqual(usd(100_000))
  })
})
