import pc from 'picocolors'
import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { plainFile } from '../terminal.ts'
import { githubOf } from './github.ts'
import { jsonOf } from './json.ts'
import { junitOf } from './junit.ts'
import { report } from './recorded-report.ts'
import { sarifOf } from './sarif.ts'
import { tableOf } from './table.ts'

const plain: Pick<Terminal, 'columns' | 'color'> = { columns: 100, color: pc.createColors(false) }
const brief = { all: false, details: false }
const failed = {
  parts: { 'stripe/subscriptions': { state: 'failed', code: 'rate-limited', message: 'Too many.' } },
  complete: false,
} as const

describe('a report', () => {
  test('lists the worst incident first', () => {
    expect(report().incidents.map(({ severity }) => severity)).toEqual(['critical', 'high', 'medium'])
  })

  test('sums the money at risk for each side and currency', () => {
    expect(report().moneyAtRisk).toEqual({
      owedToCustomers: [{ currency: 'usd', amount: 4000 }],
      unpaid: [{ currency: 'usd', amount: 9900 }],
    })
  })

  test('carries the readings side by side, the evidence and a repair', () => {
    const [first] = report().incidents
    expect(first).toMatchObject({
      kind: 'paid-without-access',
      subject: { type: 'user', id: 'user_1' },
      customer: 'cus_1',
      component: 'paid',
      owed: { plan: 'pro', paid: true },
      granted: { plan: 'free', paid: false },
      allowed: { plan: 'pro', paid: true },
      moneyAtRisk: { currency: 'usd', amount: 2000 },
      repair: {
        act: 'grant',
        request: {
          method: 'PATCH',
          url: 'https://api.clerk.com/v1/users/user_1/metadata',
          body: '{"public_metadata":{"plan":"premium","is_premium":true}}',
        },
      },
    })
    expect(first?.evidence.length).toBeGreaterThan(2)
  })

  test('names every part that was not read', () => {
    expect(report(failed).unread).toEqual([
      { part: 'stripe/subscriptions', code: 'rate-limited', message: 'Too many.' },
    ])
  })
})

describe('the exit status', () => {
  test('is 1 when an incident is severe enough', () => {
    expect(exitCodeOf(report(), 'low')).toBe(1)
    expect(exitCodeOf(report(), 'critical')).toBe(1)
  })

  test('is 0 when both sides agree', () => {
    expect(exitCodeOf({ ...report(), incidents: [] }, 'low')).toBe(0)
  })

  test('is 2 when nothing drifts and something was not read', () => {
    expect(exitCodeOf({ ...report(failed), incidents: [] }, 'low')).toBe(2)
  })

  test('is 2 when nothing drifts and something could not be told', () => {
    const whole = report()
    expect(exitCodeOf({ ...whole, incidents: [], counts: { ...whole.counts, cannotTell: 1 } }, 'low')).toBe(2)
  })
})

describe('repairs that an earlier check holds', () => {
  const holds = [{ id: 'inc_hold', sentence: '76 subjects newly drift in one check, more than 25.' }]

  test('are said, with what releases them', () => {
    const table = tableOf(report({ holds }), plain, brief)
    expect(table).toContain('REPAIRS ARE HELD')
    expect(table).toContain('76 subjects newly drift')
    expect(table).toContain('trueup repair release')
    expect(githubOf(report({ holds }))).toContain('::warning title=repairs-held::76 subjects newly drift')
    expect(JSON.parse([...jsonOf(report({ holds }))].join(''))).toMatchObject({ repairsHeldBy: holds })
  })

  test('are said once where this check found why itself', () => {
    const own = report()
      .incidents.slice(0, 1)
      .map(({ id, sentence }) => ({ id, sentence }))
    expect(tableOf(report({ holds: own }), plain, brief)).not.toContain('REPAIRS ARE HELD')
    expect(report({ holds: own }).repairsHeldBy).toEqual(own)
  })

  test('are no drift', () => {
    expect(exitCodeOf({ ...report({ holds }), incidents: [] }, 'low')).toBe(0)
  })
})

describe('the formats', () => {
  test('JSON is one object with dates in ISO 8601', () => {
    const parsed: unknown = JSON.parse([...jsonOf(report())].join(''))
    expect(parsed).toMatchObject({
      complete: true,
      startedAt: '2026-06-01T12:00:00.000Z',
      requests: { stripe: 12, clerk: 4 },
    })
  })

  test('JUnit has a failed case for each incident and escapes what comes from outside', () => {
    const xml = junitOf(report())
    expect(xml).toContain('failures="3"')
    expect(xml).toContain('user_&lt;&amp;&quot;&gt;')
    expect(xml).not.toContain('user_<')
  })

  test('JUnit has an error for each part that was not read', () => {
    expect(junitOf(report(failed))).toContain('<error type="rate-limited"')
  })

  test('SARIF has a result for each incident, known again by its id', () => {
    const sarif = JSON.parse(sarifOf(report(), 'trueup.config.ts'))
    const results = sarif.runs[0].results
    expect(results).toHaveLength(3)
    expect(results[0].partialFingerprints.incident).toBe(report().incidents[0]?.id)
    expect(results.map(({ level }: { level: string }) => level)).toEqual(['error', 'error', 'warning'])
  })

  test('GitHub annotations stay on one line each', () => {
    const lines = githubOf(report()).trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=/)
  })

  test('the table says who, how much and what to do', () => {
    const table = tableOf(report(), plain, brief)
    expect(table).toContain('300 customers, 310 subjects')
    expect(table).toContain('307 agree · 3 drift · 0 could not be told')
    expect(table).toContain('● paid-without-access  paid access is owed, none is granted')
    expect(table).toContain('$20.00/mo')
    expect(table).toContain('Set public_metadata.plan to "premium"')
  })

  test('the table says loudly that a check is incomplete', () => {
    expect(tableOf(report(failed), plain, brief)).toContain('This check is incomplete')
  })

  test('the table lets nothing from outside steer the terminal', () => {
    const whole = report()
    const [first] = whole.incidents
    if (!first) throw new Error('The recorded report has incidents.')
    const hostile = { ...whole, incidents: [{ ...first, sentence: 'evil \u001b[2J \u202e name' }] }
    const table = tableOf(hostile, plain, brief)
    expect(table).not.toContain('\u001b')
    expect(table).not.toContain('\u202e')
  })

  test('the table says how customers were matched, and who was matched by nothing', () => {
    const table = tableOf(report(), plainFile, { all: false, details: false })
    expect(table).toContain('customer.id -> customerId  290 (280 paying)  €19.00 + $5,600.00 a month')
    expect(table).toContain('no subject                 10 (1 paying)  $20.00 a month')
    expect(table).not.toContain('several subjects')
  })

  test('the table says how to take what changed for right, and sends nobody to the doctor for that', () => {
    const held = {
      state: 'failed',
      code: 'count-moved',
      message: '5 rows were read, and 900 before.',
    } as const
    const table = tableOf(
      report({
        complete: false,
        parts: { 'clerk/users': held, 'stripe/subscriptions': { state: 'complete' } },
      }),
      plainFile,
      { all: false, details: false },
    )
    expect(table).toContain('trueup check --accept-changes')
    expect(table).not.toContain('doctor')
  })
})
