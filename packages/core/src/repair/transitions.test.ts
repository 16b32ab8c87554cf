import { describe, expect, test } from 'vitest'
import { minutesLater, plainHash, proposed, proposedAt } from './recorded-repair.ts'
import type { Repair, RepairState } from './repair.ts'
import { isEnded, orderOf, repairStates } from './repair.ts'
import { RepairError } from './repair-error.ts'
import type { RepairTransition } from './transitions.ts'
import {
  answerRepair,
  approveRepair,
  beginnings,
  expireRepair,
  intendRepair,
  placeInBatch,
  rejectRepair,
  settleRepair,
  supersedeRepair,
  undoneEntry,
  verifyRepair,
} from './transitions.ts'

const ada = { by: 'ada', at: minutesLater(1) }
const machine = { by: 'repair:rep_1', at: minutesLater(2) }
const intent = { token: 7, deadline: minutesLater(3) }

const approved = approveRepair(proposed().repair, ada, plainHash).repair
const executing = intendRepair(approved, machine, intent, plainHash).repair
const applied = answerRepair(executing, machine, 7, { kind: 'applied', at: minutesLater(2) }).repair

/** A repair in any state, with the approval and the intent that it may need. */
const inState = (state: RepairState): Repair => ({
  ...(state === 'proposed' ? proposed().repair : executing),
  state,
})

const acts: readonly {
  readonly name: keyof typeof beginnings
  readonly act: (repair: Repair) => Repair
}[] = [
  { name: 'batched', act: (repair) => placeInBatch(repair, { id: 'bat_1', position: 0, size: 2 }) },
  { name: 'approved', act: (repair) => approveRepair(repair, { ...ada, by: 'grace' }, plainHash).repair },
  { name: 'rejected', act: (repair) => rejectRepair(repair, ada, 'no').repair },
  { name: 'superseded', act: (repair) => supersedeRepair(repair, machine, 'gone').repair },
  { name: 'expired', act: (repair) => expireRepair(repair, machine, 'over').repair },
  { name: 'intended', act: (repair) => intendRepair(repair, machine, intent, plainHash).repair },
  {
    name: 'answered',
    act: (repair) => answerRepair(repair, machine, 7, { kind: 'applied', at: ada.at }).repair,
  },
  { name: 'settled', act: (repair) => settleRepair(repair, machine, 'abandoned').repair },
  { name: 'verified', act: (repair) => verifyRepair(repair, machine, { agrees: true, note: '' }).repair },
]

const codeOf = (act: () => unknown) => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof RepairError ? error.code : error
  }
}

describe('an act on a repair', () => {
  for (const { name, act } of acts) {
    for (const state of repairStates) {
      const from: readonly RepairState[] = beginnings[name]
      const isAllowed = from.includes(state)
      test(`${name}, when it is ${state}: ${isAllowed ? 'is done' : 'is refused'}`, () => {
        const refused = codeOf(() => act(inState(state)))
        if (isAllowed) expect(refused).toBeNull()
        else expect(refused).toMatch(/^(wrong-state|not-approved)$/)
      })
    }
  }

  test('leaves what it was given untouched, and counts the version up', () => {
    const before = proposed().repair
    const copy = structuredClone(before)
    expect(approveRepair(before, ada, plainHash).repair.version).toBe(before.version + 1)
    expect(before).toEqual(copy)
  })

  test.each<[RepairState, boolean]>(
    repairStates.map((state) => [state, !['proposed', 'approved', 'executing', 'applied'].includes(state)]),
  )('%s: nothing goes on by itself: %s', (state, ended) => {
    expect(isEnded(inState(state))).toBe(ended)
  })
})

describe('what the target answers', () => {
  test.each([
    ['applied', { kind: 'applied', at: ada.at }, 'applied', 'repair-applied'],
    ['a conflict', { kind: 'conflict', found: { plan: 'x' } }, 'conflict', 'repair-conflicted'],
    ['cap reached', { kind: 'refused', code: 'cap-reached', message: 'm' }, 'denied', 'repair-denied'],
    ['not allowed', { kind: 'refused', code: 'not-allowed', message: 'm' }, 'denied', 'repair-denied'],
    ['switched off', { kind: 'refused', code: 'switched-off', message: 'm' }, 'denied', 'repair-denied'],
    ['too late', { kind: 'refused', code: 'deadline-passed', message: 'm' }, 'expired', 'repair-expired'],
    ['given up', { kind: 'refused', code: 'abandoned', message: 'm' }, 'abandoned', 'repair-abandoned'],
  ] as const)('%s', (_name, answer, state, act) => {
    const moved = answerRepair(executing, machine, 7, answer)
    expect([moved.repair.state, moved.entry.act]).toEqual([state, act])
    expect(moved.repair.answers).toHaveLength(1)
  })

  test('with another token than the latest is not taken', () => {
    const answer = { kind: 'applied', at: ada.at } as const
    expect(codeOf(() => answerRepair(executing, machine, 6, answer))).toBe('token-superseded')
  })

  test('that a later try was seen is no outcome', () => {
    const answer = { kind: 'refused', code: 'token-superseded', message: 'm' } as const
    expect(codeOf(() => answerRepair(executing, machine, 7, answer))).toBe('token-superseded')
  })

  test.each([
    ['applied', 'applied', 'repair-applied'],
    ['abandoned', 'abandoned', 'repair-abandoned'],
    ['cannot-be-told', 'untold', 'repair-abandoned'],
  ] as const)('settled: %s', (settlement, state, act) => {
    const moved = settleRepair(executing, machine, settlement)
    expect([moved.repair.state, moved.entry.act]).toEqual([state, act])
  })
})

describe('the second reading', () => {
  test.each([
    [true, 'verified', 'repair-verified'],
    [false, 'differs', 'repair-failed'],
  ] as const)('agrees: %s', (agrees, state, act) => {
    const moved = verifyRepair(applied, machine, { agrees, note: 'Read again.' })
    expect([moved.repair.state, moved.entry.act]).toEqual([state, act])
    expect(moved.repair.endedAt).toEqual(machine.at)
  })
})

describe('an entry', () => {
  const all: readonly RepairTransition[] = [
    proposed(),
    approveRepair(proposed().repair, ada, () => 'sha256'),
    intendRepair(approved, machine, intent, plainHash),
  ]
  test('has a key of its own for every change', () => {
    expect(new Set(all.map(({ entry }) => entry.key)).size).toBe(all.length)
  })

  test('names nobody in what stands for good', () => {
    for (const { entry } of all) {
      const facts = JSON.stringify({ facts: entry.facts, about: entry.about })
      expect(facts).not.toMatch(/user_1|cus_1|enterprise/)
      expect(JSON.stringify(entry.personal)).toMatch(/user:user_1/)
    }
  })

  test('of what was undone stands with the first repair', () => {
    const undo = { ...applied, id: 'rep_2', undoes: 'rep_1' }
    expect(undoneEntry(undo, machine)).toMatchObject({ act: 'repair-undone', about: { repair: 'rep_1' } })
    expect(undoneEntry(applied, machine)).toBeNull()
  })
})

describe('an order', () => {
  test('holds exactly what was approved, with the deadline and the token of the intent', () => {
    expect(orderOf(executing)).toEqual({
      repairId: 'rep_1',
      source: 'app',
      container: 'public.users',
      record: '7',
      changes: [{ field: 'plan', before: 'pro', after: 'enterprise' }],
      ...intent,
    })
  })

  test('is not there before the intent', () => {
    expect(() => orderOf(approved)).toThrow('has no intent on record')
    expect(proposed().repair.proposedAt).toEqual(proposedAt)
  })
})
