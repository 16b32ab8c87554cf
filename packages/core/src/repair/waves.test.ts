import { describe, expect, test } from 'vitest'
import { minutesLater, proposed } from './recorded-repair.ts'
import type { Repair, RepairState } from './repair.ts'
import { defaultWaves, nextBatchStep, wavesOf } from './waves.ts'

/** A batch whose first repairs are in these states, ended at minute 0; the others are approved. */
function batchOf(
  size: number,
  states: readonly RepairState[] = [],
  endedAt = minutesLater(0),
): readonly Repair[] {
  return Array.from({ length: size }, (_, position): Repair => {
    const state = states[position] ?? 'approved'
    const isOpen = ['proposed', 'approved', 'executing', 'applied'].includes(state)
    const wasTried = state !== 'approved' && state !== 'proposed' && state !== 'superseded'
    return {
      ...proposed({ id: `rep_${position}`, record: String(position) }).repair,
      state,
      batch: { id: 'bat_1', position, size },
      intendedAt: wasTried ? endedAt : null,
      endedAt: isOpen ? null : endedAt,
    }
  })
}

const times = (count: number, state: RepairState) => Array.from({ length: count }, () => state)
const stepAt = (minute: number, batch: readonly Repair[]) => {
  const step = nextBatchStep(batch, minutesLater(minute))
  return 'repairs' in step ? [step.kind, step.repairs.length] : [step.kind]
}

describe('a batch', () => {
  test('is applied one, then five, then twenty-five at a time', () => {
    expect(wavesOf(batchOf(70), defaultWaves).map(({ length }) => length)).toEqual([1, 5, 25, 25, 14])
  })

  test('begins with its canary alone', () => {
    expect(stepAt(0, batchOf(70))).toEqual(['apply', 1])
  })

  test('waits ten minutes after a wave', () => {
    const batch = batchOf(70, ['verified'])
    expect(stepAt(9.9, batch)).toEqual(['wait'])
    expect(stepAt(10, batch)).toEqual(['apply', 5])
  })

  test('goes on with a wave that was cut off without waiting again', () => {
    expect(stepAt(1, batchOf(70, ['verified', 'verified', 'verified']))).toEqual(['apply', 3])
  })

  test('goes on to the next wave only when all of this one has ended', () => {
    expect(stepAt(60, batchOf(70, [...times(5, 'verified'), 'executing']))).toEqual(['unfinished', 1])
    expect(stepAt(60, batchOf(70, [...times(5, 'verified'), 'applied']))).toEqual(['unfinished', 1])
    expect(stepAt(60, batchOf(70, ['proposed']))).toEqual(['unfinished', 1])
  })

  test('does not wait for those that had nothing to write', () => {
    expect(stepAt(0, batchOf(70, ['superseded']))).toEqual(['apply', 5])
  })

  test('stops for good when one reads back differently, wherever it is', () => {
    for (const states of [['differs'], [...times(9, 'verified'), 'differs']] as const) {
      expect(stepAt(999, batchOf(70, states))).toEqual(['stopped'])
    }
  })

  test('stops when it cannot be told whether one was written', () => {
    expect(stepAt(999, batchOf(70, ['untold']))).toEqual(['stopped'])
  })

  test('stops when more than a tenth had been changed meanwhile, and not at a tenth', () => {
    expect(stepAt(999, batchOf(70, ['conflict']))).toEqual(['stopped'])
    expect(stepAt(999, batchOf(70, [...times(9, 'verified'), 'conflict']))).toEqual(['apply', 21])
    expect(stepAt(999, batchOf(70, [...times(8, 'verified'), 'conflict']))).toEqual(['stopped'])
  })

  test('is done when all have ended', () => {
    expect(stepAt(999, batchOf(6, times(6, 'verified')))).toEqual(['done'])
    expect(stepAt(999, batchOf(6, [...times(5, 'verified'), 'rejected']))).toEqual(['done'])
  })

  test('does the same in whatever order it is read', () => {
    const batch = batchOf(70, times(6, 'verified'))
    expect(nextBatchStep(batch.toReversed(), minutesLater(20))).toEqual(
      nextBatchStep(batch, minutesLater(20)),
    )
  })
})
