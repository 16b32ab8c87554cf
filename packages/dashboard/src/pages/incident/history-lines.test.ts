import { describe, expect, it } from 'vitest'
import { historyLines } from './history-lines.ts'

const at = (minute: number) => `2026-01-01T10:0${minute}:00.000Z`
const opened = { act: 'incident-opened' as const, at: at(0), by: 'check:chk_1', note: null }
const repair = {
  id: 'rep_1',
  history: [{ act: 'repair-proposed', at: at(2), by: 'check:chk_1', note: 'one safe answer' }],
}
const entry = (sequence: number, act: string, minute: number, about: Record<string, string> = {}) => ({
  sequence,
  act,
  at: at(minute),
  by: 'trueup',
  about,
})

describe('the history of an incident', () => {
  it('has the acts on it and on its repairs in the order in which they were done, with their entries', () => {
    const entries = [entry(9, 'repair-proposed', 2, { repair: 'rep_1' }), entry(7, 'incident-opened', 0)]
    expect(historyLines([opened], [repair], entries)).toMatchObject([
      { words: 'Opened', sequence: 7 },
      { words: 'Repair proposed', sequence: 9, note: 'one safe answer' },
    ])
  })
  it('shows what is not entered in the ledger yet, and what only the ledger knows of', () => {
    expect(historyLines([opened], [], [entry(8, 'cause-found', 1)])).toMatchObject([
      { words: 'Opened', sequence: null },
      { words: 'Cause worked out', sequence: 8, by: 'trueup' },
    ])
  })
  it('takes each entry once, and that of the repair that it is about', () => {
    const other = { ...repair, id: 'rep_2' }
    const entries = [
      entry(4, 'repair-proposed', 2, { repair: 'rep_2' }),
      entry(3, 'repair-proposed', 2, { repair: 'rep_1' }),
    ]
    const lines = historyLines([], [repair, other], entries)
    expect(lines.map(({ sequence }) => sequence)).toEqual([3, 4])
  })
  it('says to whom it was assigned, and of nobody else', () => {
    const assigned = {
      act: 'incident-assigned' as const,
      at: at(1),
      by: 'person:per_1',
      note: null,
      assignee: null,
    }
    const lines = historyLines([opened, assigned], [], [])
    expect(lines.map((line) => 'assignee' in line)).toEqual([false, true])
  })
})
