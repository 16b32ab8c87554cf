import { expect, test } from 'vitest'
import type { Cause } from '../cause/cause.ts'
import { causeFound, deployMarked } from './entries-of-causes.ts'
import { personsOf } from './personal.ts'

const at = new Date('2026-06-01T12:00:00.000Z')
const incident = {
  id: 'inc_1',
  openings: 2,
  subject: { type: 'user', id: 'user_1' },
  customerId: 'cus_1',
} as const
const cause: Cause = {
  kind: 'event-not-delivered',
  on: '2026-06-01',
  confidence: 'likely',
  evidence: [{ fact: 'event-undelivered', at, text: 'It was not taken.', object: 'evt_1' }],
  others: [],
}

test('what may have to be erased of a cause stands beside the entry, which is found by whom it is about', () => {
  const entry = causeFound(incident, cause, { at, finding: 1 })
  expect(entry.facts).toEqual({ cause: 'event-not-delivered', confidence: 'likely', opening: 2 })
  expect(JSON.stringify([entry.facts, entry.about, entry.key])).not.toMatch(/cus_1|user_1|evt_1/)
  expect(personsOf(entry.personal)).toEqual(['customer:cus_1', 'user:user_1'])
  expect(entry.personal).toMatchObject({ sentence: expect.stringContaining('2026-06-01') })
})

test('a finding is entered once, and another one of the same opening or of the next is another entry', () => {
  const keys = [
    causeFound(incident, cause, { at, finding: 1 }),
    causeFound(incident, { ...cause, confidence: 'possible' }, { at, finding: 1 }),
    causeFound(incident, cause, { at, finding: 2 }),
    causeFound({ ...incident, openings: 3 }, cause, { at, finding: 1 }),
  ].map(({ key }) => key)
  expect(new Set(keys).size).toBe(3)
  expect(keys[0]).toBe(keys[1])
})

test('a deploy is entered when it is marked, with when it was', () => {
  const marked = new Date('2026-06-01T13:00:00.000Z')
  expect(deployMarked({ id: 'dpl_1', version: 'v2', at, by: 'ci' }, marked)).toMatchObject({
    act: 'deploy-marked',
    at: marked,
    by: 'ci',
    facts: { version: 'v2', deployedAt: '2026-06-01T12:00:00.000Z' },
  })
})
