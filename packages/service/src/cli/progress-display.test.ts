import pc from 'picocolors'
import { describe, expect, test } from 'vitest'
import type { CheckProgress } from '../check/progress.ts'
import { progressDisplay } from './progress-display.ts'
import type { Terminal } from './terminal.ts'

const page = (rows: number): CheckProgress => ({
  kind: 'page',
  source: 'clerk',
  part: 'users',
  rows,
  requests: 1,
})
const complete: CheckProgress = {
  kind: 'part',
  source: 'clerk',
  part: 'users',
  state: 'complete',
  message: null,
}
const failed: CheckProgress = {
  kind: 'part',
  source: 'stripe',
  part: 'prices',
  state: 'failed',
  message: 'Stripe rejected\u001b[2J the key (HTTP 401)',
}

/** What a terminal shows in the end: lines drawn again take the place of those before. */
function shown(isInteractive: boolean, steps: readonly CheckProgress[], columns = 80): readonly string[] {
  const written: string[] = []
  const color = pc.createColors(false)
  const terminal: Terminal = {
    out: () => {},
    outInPieces: async () => {},
    err: (text) => written.push(text),
    isInteractive,
    canAsk: false,
    columns,
    errColumns: columns,
    color,
    errColor: color,
  }
  const display = progressDisplay(terminal, { 'clerk/users': 400 })
  display.waitFor('opening the database')
  for (const step of steps) display.show(step)
  display.stop()
  const clearDown = '\u001b[0J'
  return (written.join('').split(clearDown).at(-1) ?? '').trimEnd().split('\n')
}

describe('progress at a terminal', () => {
  test('is a bar that says how much of how much was read', () => {
    expect(shown(true, [page(100)])).toEqual([
      `  clerk users             ${'━'.repeat(6)}${'╌'.repeat(20)} 100 of 400`,
    ])
  })

  test('is a full bar with the count when a part was read', () => {
    expect(shown(true, [page(390), complete])).toEqual([`  clerk users             ${'━'.repeat(26)} 390`])
  })

  test('names why a part failed, and lets nothing from outside steer the terminal', () => {
    const [line = ''] = shown(true, [failed], 120)
    expect(line).toContain('stripe prices')
    expect(line).toContain('Stripe rejected�[2J the key')
  })

  test('counts the incidents that are filed, until the check is finished', () => {
    const filed: CheckProgress = { kind: 'filed', incidents: 1_500 }
    expect(shown(true, [filed])).toEqual([
      `  incidents               ╌${'━'.repeat(6)}${'╌'.repeat(19)} 1,500 filed`,
    ])
    const finished: CheckProgress = { kind: 'phase', phase: 'finished' }
    expect(shown(true, [filed, finished])).toEqual([
      `  incidents               ${'━'.repeat(26)} 1,500 filed`,
    ])
  })

  test('keeps each line within the terminal', () => {
    for (const line of shown(true, [page(100), failed], 60)) expect(line.length).toBeLessThanOrEqual(60)
  })

  test('drops a part that was left out and gave nothing', () => {
    expect(shown(true, [{ ...page(0) }, { kind: 'phase', phase: 'match' }])).toEqual([''])
  })
})

describe('progress in a log', () => {
  test('is one line for each part when it has been read', () => {
    expect(shown(false, [page(100), page(390), complete])).toEqual(['clerk users: 390 read'])
  })

  test('says why a part failed', () => {
    expect(shown(false, [failed])).toEqual(['stripe prices: failed: Stripe rejected�[2J the key (HTTP 401)'])
  })
})
