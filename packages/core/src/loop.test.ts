import { expect, test } from 'vitest'
import { catalogue, nothingGranted, now, pair, reading, rules } from './check/recorded-pairs.ts'
import { identityKey } from './incident/incident.ts'
import { driftsOf, find, goRound } from './loop.ts'

const act = { by: 'check:1', at: now }
const context = { catalogue, access: [], clerkApiUrl: 'https://api.clerk.com' }
const locked = pair({ readings: [reading({ granted: nothingGranted })] })

test('once around, a locked-out customer becomes an incident with a repair', () => {
  const { finding, incidents } = goRound(locked, rules, new Map(), (key) => `inc_${key}`, act, context)
  expect(finding).toMatchObject({ pairKey: 'user:user_1', customerIds: ['cus_1'], settling: false })
  expect(incidents).toHaveLength(1)
  expect(incidents[0]).toMatchObject({
    id: 'inc_paid-without-access|user:user_1|paid',
    kind: 'paid-without-access',
    severity: 'critical',
    moneyAtRisk: { currency: 'usd', amount: 2000 },
    repair: { act: 'grant' },
  })
})

test('once around again, it is the same incident', () => {
  const [first] = goRound(locked, rules, new Map(), (key) => `inc_${key}`, act, context).incidents
  if (!first) throw new Error('The first round files an incident.')
  const known = new Map([[identityKey(first.identity), first]])
  const again = goRound(locked, rules, known, () => 'other', act, context).incidents
  expect(again.map(({ id, openings }) => [id, openings])).toEqual([[first.id, 1]])
})

test('a pair that agrees files nothing', () => {
  expect(goRound(pair(), rules, new Map(), (key) => key, act, context).incidents).toEqual([])
})

test('a drift that is still settling is found and not filed', () => {
  const justChanged = pair({ readings: [reading({ granted: nothingGranted, updatedAt: now })] })
  const finding = find(justChanged, rules)
  expect(finding.verdict.kind).toBe('drifts')
  expect(finding.settling).toBe(true)
  expect(driftsOf(finding)).toEqual([])
})
