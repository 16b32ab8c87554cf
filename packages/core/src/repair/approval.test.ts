import { describe, expect, test } from 'vitest'
import { approvalProblem } from './approval.ts'
import { minutesLater, plainHash, proposed } from './recorded-repair.ts'
import type { Approval, Repair } from './repair.ts'
import { RepairError } from './repair-error.ts'
import { approveRepair, intendRepair, placeInBatch } from './transitions.ts'
import { twoPersonReasons } from './two-persons.ts'

const ada = { by: 'ada', at: minutesLater(1) }
const approved = approveRepair(proposed().repair, ada, plainHash).repair
const later = minutesLater(2)
const [approval] = approved.approvals as readonly [Approval]

/** Every part of a repair that an approval binds, changed by somebody in between. */
const tampered: readonly [what: string, change: Partial<Repair>][] = [
  ['the id', { id: 'rep_2' }],
  ['the incident', { incidentId: 'inc_2' }],
  ['the drift', { identityKey: 'plan-too-high|user:user_1|plan' }],
  ['the source', { source: 'other' }],
  ['the table', { container: 'public.admins' }],
  ['the row', { record: '8' }],
  ['the column', { changes: [{ field: 'role', before: 'pro', after: 'enterprise' }] }],
  ['the old value', { changes: [{ field: 'plan', before: 'free', after: 'enterprise' }] }],
  ['an old value that was absent', { changes: [{ field: 'plan', before: undefined, after: 'enterprise' }] }],
  ['the new value', { changes: [{ field: 'plan', before: 'pro', after: 'admin' }] }],
  [
    'another column beside it',
    { changes: [...approved.changes, { field: 'is_admin', before: false, after: true }] },
  ],
  ['the evidence', { evidenceHash: 'evidence-2' }],
  ['the configuration', { configFingerprint: 'config-2' }],
  ['whether it takes access', { takesAway: true }],
  ['whether somebody pays', { paying: false }],
  ['what it undoes', { undoes: 'rep_0' }],
  ['the batch', { batch: { id: 'bat_1', position: 0, size: 1 } }],
  ['the end of the approval', { approvals: [{ ...approval, expiresAt: minutesLater(100_000) }] }],
  ['the hash', { approvals: [{ ...approval, hash: 'other' }] }],
]

describe('an approval', () => {
  test('carries exactly what was approved', () => {
    expect(approvalProblem(approved, later, plainHash)).toBeNull()
  })

  test.each(tampered)('is void when somebody changes %s', (_what, change) => {
    const altered = { ...approved, ...change }
    expect(approvalProblem(altered, later, plainHash)).toBe('approval-altered')
    expect(() => intendRepair(altered, { by: 'ada', at: later }, intent, plainHash)).toThrow(RepairError)
  })

  test('ends after 24 hours, to the moment', () => {
    const end = 24 * 60 + 1
    expect(approvalProblem(approved, new Date(minutesLater(end).getTime() - 1), plainHash)).toBeNull()
    expect(approvalProblem(approved, minutesLater(end), plainHash)).toBe('approval-expired')
  })

  test('that runs for longer than 24 hours was made by nobody', () => {
    const long = { ...approval, at: minutesLater(-10) }
    expect(approvalProblem({ ...approved, approvals: [long] }, later, plainHash)).toBe('approval-altered')
  })

  test('is never that of the proposer', () => {
    const { repair } = proposed()
    expect(() => approveRepair(repair, { by: repair.proposedBy, at: later }, plainHash)).toThrow(
      /proposed the repair/,
    )
    expect(approvalProblem({ ...approved, proposedBy: 'ada' }, later, plainHash)).toBe('approved-by-proposer')
  })

  test('is used once: what was intended cannot be intended again', () => {
    const used = intendRepair(approved, { by: 'ada', at: later }, intent, plainHash).repair
    expect(() => intendRepair(used, { by: 'ada', at: later }, intent, plainHash)).toThrow('is executing')
  })
})

describe('two persons', () => {
  test.each<[string, Parameters<typeof twoPersonReasons>[0], readonly string[]]>([
    ['not for access that is given', { batch: null, takesAway: false, paying: true }, []],
    ['not for access that nobody pays for', { batch: null, takesAway: true, paying: false }, []],
    [
      'for access that is taken from a payer',
      { batch: null, takesAway: true, paying: true },
      ['takes-from-payer'],
    ],
    ['not for five rows', { batch: { id: 'b', position: 0, size: 5 }, takesAway: false, paying: true }, []],
    [
      'for six rows',
      { batch: { id: 'b', position: 0, size: 6 }, takesAway: false, paying: true },
      ['many-rows'],
    ],
  ])('%s', (_rule, repair, reasons) => {
    expect(twoPersonReasons(repair)).toEqual(reasons)
  })

  test('have to be two, each with an approval that holds', () => {
    const { repair } = proposed({ takesAway: true })
    const one = approveRepair(repair, ada, plainHash).repair
    expect(one.state).toBe('proposed')
    expect(approvalProblem(one, later, plainHash)).toBe('second-person-needed')
    expect(() => approveRepair(one, ada, plainHash)).toThrow('has approved the repair rep_1 already')
    const both = approveRepair(one, { by: 'grace', at: later }, plainHash).repair
    expect(both.state).toBe('approved')
    expect(approvalProblem(both, later, plainHash)).toBeNull()
    const twice = { ...both, approvals: [both.approvals[0], both.approvals[0]] as readonly Approval[] }
    expect(approvalProblem(twice, later, plainHash)).toBe('second-person-needed')
  })

  test('cannot be got around by approving first and joining a batch after', () => {
    expect(() =>
      placeInBatch(approveRepair(proposed({ takesAway: true }).repair, ada, plainHash).repair, {
        id: 'bat_1',
        position: 0,
        size: 2,
      }),
    ).toThrow('once somebody has approved it')
  })
})

const intent = { token: 1, deadline: minutesLater(3) }
