import type { LedgerDraft } from '../ledger/draft.ts'
import { subjectKey } from '../subject/subject.ts'
import type { Sha256 } from './approval.ts'
import { approvalOf, approvalProblem } from './approval.ts'
import type { BatchPlace, RecordedAnswer, Repair, RepairState, RepairStep } from './repair.ts'
import { storedText } from './repair.ts'
import { RepairError } from './repair-error.ts'
import type { RepairAnswer, Settlement } from './target.ts'
import { approvalsNeeded } from './two-persons.ts'

/** Who acts on a repair and when: `check:<id>`, `repair:<id>` for the machine, or a person. */
export interface RepairActor {
  readonly by: string
  readonly at: Date
}

/** A repair after an act, with the ledger's entry of it. */
export interface RepairTransition {
  readonly repair: Repair
  readonly entry: LedgerDraft
}

/** Everything that a repair is when it is proposed. */
export type RepairProposal = Omit<
  Repair,
  | 'state'
  | 'version'
  | 'proposedBy'
  | 'proposedAt'
  | 'approvals'
  | 'intendedAt'
  | 'deadline'
  | 'token'
  | 'answers'
  | 'endedAt'
  | 'history'
  | 'batch'
>

/** Where each act may begin. What is not here is refused. */
export const beginnings = {
  batched: ['proposed'],
  approved: ['proposed'],
  rejected: ['proposed', 'approved'],
  superseded: ['proposed', 'approved'],
  expired: ['proposed', 'approved'],
  intended: ['approved'],
  answered: ['executing'],
  settled: ['executing'],
  verified: ['applied', 'untold'],
} as const satisfies Readonly<Record<string, readonly RepairState[]>>

export function proposeRepair(proposal: RepairProposal, actor: RepairActor): RepairTransition {
  const blank: Repair = {
    ...proposal,
    batch: null,
    state: 'proposed',
    version: 0,
    proposedBy: actor.by,
    proposedAt: actor.at,
    approvals: [],
    intendedAt: null,
    deadline: null,
    token: null,
    answers: [],
    endedAt: null,
    history: [],
  }
  return move(
    blank,
    {},
    { act: 'repair-proposed', ...actor, note: proposal.undoes && `Undoes ${proposal.undoes}.` },
  )
}

/** Gives a repair its place in a batch, before anybody has approved it. It says nothing to the ledger: approving does. */
export function placeInBatch(repair: Repair, batch: BatchPlace): Repair {
  requireState(repair, 'batched', 'be put into a batch')
  if (repair.approvals.length > 0)
    throw wrongState(repair, 'be put into a batch once somebody has approved it')
  return { ...repair, batch, version: repair.version + 1 }
}

/**
 * A person approves exactly what the record says. The first of two needed approvals leaves it proposed.
 *
 * @throws RepairError `approved-by-proposer`, `approved-already`, `wrong-state`
 */
export function approveRepair(repair: Repair, actor: RepairActor, sha256: Sha256): RepairTransition {
  requireState(repair, 'approved', 'be approved')
  if (actor.by === repair.proposedBy) {
    throw new RepairError({
      code: 'approved-by-proposer',
      message: `${actor.by} proposed the repair ${repair.id} and cannot approve it too.`,
      fix: 'Have another person approve it.',
    })
  }
  if (repair.approvals.some(({ by }) => by === actor.by)) {
    throw new RepairError({
      code: 'approved-already',
      message: `${actor.by} has approved the repair ${repair.id} already; it needs the word of two persons.`,
      fix: 'Have another person approve it.',
    })
  }
  const approvals = [...repair.approvals, approvalOf(repair, actor.by, actor.at, sha256)]
  const needed = approvalsNeeded(repair)
  const state = approvals.length >= needed ? 'approved' : 'proposed'
  return move(
    repair,
    { approvals, state },
    { act: 'repair-approved', ...actor, note: `${approvals.length} of ${needed}` },
    { approvals: approvals.length, needed, approvalHash: approvals.at(-1)?.hash ?? '' },
  )
}

export function rejectRepair(repair: Repair, actor: RepairActor, reason: string): RepairTransition {
  requireState(repair, 'rejected', 'be rejected')
  return move(repair, { state: 'rejected' }, { act: 'repair-rejected', ...actor, note: reason })
}

/** The drift is gone, or is another one than was approved. */
export function supersedeRepair(repair: Repair, actor: RepairActor, why: string): RepairTransition {
  requireState(repair, 'superseded', 'be superseded')
  return move(repair, { state: 'superseded' }, { act: 'repair-superseded', ...actor, note: why })
}

/** An approval has come to its end unused, or the configuration that it was given under is no more. */
export function expireRepair(repair: Repair, actor: RepairActor, why: string): RepairTransition {
  requireState(repair, 'expired', 'expire')
  return move(repair, { state: 'expired' }, { act: 'repair-expired', ...actor, note: why })
}

/**
 * The intent, kept before anything is written. From here on only the target can say what became of the repair.
 *
 * @throws RepairError when the approvals do not carry it
 */
export function intendRepair(
  repair: Repair,
  actor: RepairActor,
  intent: { readonly token: number; readonly deadline: Date },
  sha256: Sha256,
): RepairTransition {
  const problem = approvalProblem(repair, actor.at, sha256)
  if (repair.state === 'proposed' && problem) throw unapproved(repair, problem)
  requireState(repair, 'intended', 'be applied')
  if (problem) throw unapproved(repair, problem)
  return move(
    repair,
    { state: 'executing', intendedAt: actor.at, ...intent },
    { act: 'repair-intended', ...actor, note: null },
    { token: intent.token, deadline: intent.deadline.toISOString() },
  )
}

/**
 * What the target answered. Only whoever holds the latest token may say it; `token-superseded` of the target is not
 * an outcome, since another process is at it.
 *
 * @throws RepairError `token-superseded`
 */
export function answerRepair(
  repair: Repair,
  actor: RepairActor,
  token: number,
  answer: RepairAnswer,
): RepairTransition {
  requireState(repair, 'answered', 'take an answer')
  if (repair.token !== token || (answer.kind === 'refused' && answer.code === 'token-superseded')) {
    throw new RepairError({
      code: 'token-superseded',
      message: `Another process has taken over the repair ${repair.id}.`,
      fix: 'Look at it again: `trueup repair show`.',
    })
  }
  const told: RecordedAnswer = {
    at: actor.at,
    kind: answer.kind,
    code: answer.kind === 'refused' ? answer.code : null,
    message: answer.kind === 'refused' ? answer.message : null,
    found: answer.kind === 'conflict' ? answer.found : null,
  }
  const answers = [...repair.answers, told]
  switch (answer.kind) {
    case 'applied':
      return move(repair, { state: 'applied', answers }, { act: 'repair-applied', ...actor, note: null })
    case 'conflict':
      return move(
        repair,
        { state: 'conflict', answers },
        {
          act: 'repair-conflicted',
          ...actor,
          note: 'The record was changed in between; nothing was written.',
        },
      )
    case 'refused': {
      const { state, act } = ofRefusal[answer.code]
      return move(repair, { state, answers }, { act, ...actor, note: answer.message }, { code: answer.code })
    }
  }
}

/**
 * What became of an intent without an answer, by the target's journal. `not-applied` alone settles nothing: the
 * statement of a dead process may still arrive, so it has to be abandoned at the target first.
 */
export function settleRepair(
  repair: Repair,
  actor: RepairActor,
  settlement: Exclude<Settlement, 'not-applied'>,
): RepairTransition {
  requireState(repair, 'settled', 'be settled')
  const told: RecordedAnswer = { at: actor.at, kind: settlement, code: null, message: null, found: null }
  const { state, act, note } = ofSettlement[settlement]
  return move(repair, { state, answers: [...repair.answers, told] }, { act, ...actor, note }, { settlement })
}

/** The second reading, of both sides. */
export function verifyRepair(
  repair: Repair,
  actor: RepairActor,
  reading: { readonly agrees: boolean; readonly note: string },
): RepairTransition {
  requireState(repair, 'verified', 'be verified')
  return reading.agrees
    ? move(repair, { state: 'verified' }, { act: 'repair-verified', ...actor, note: reading.note })
    : move(repair, { state: 'differs' }, { act: 'repair-failed', ...actor, note: reading.note })
}

/** The entry that stands with the first repair once its undoing has been written. */
export function undoneEntry(undo: Repair, actor: RepairActor): LedgerDraft | null {
  if (undo.undoes === null) return null
  return {
    key: `repair:${undo.undoes}:repair-undone:${undo.id}`,
    act: 'repair-undone',
    ...actor,
    about: { repair: undo.undoes, incident: undo.incidentId, source: undo.source },
    facts: { undo: undo.id },
    personal: null,
  }
}

const ofRefusal = {
  'cap-reached': { state: 'denied', act: 'repair-denied' },
  'not-allowed': { state: 'denied', act: 'repair-denied' },
  'switched-off': { state: 'denied', act: 'repair-denied' },
  'deadline-passed': { state: 'expired', act: 'repair-expired' },
  abandoned: { state: 'abandoned', act: 'repair-abandoned' },
  'token-superseded': { state: 'executing', act: 'repair-denied' },
} as const

const ofSettlement = {
  applied: { state: 'applied', act: 'repair-applied', note: 'Settled by the journal of the target.' },
  abandoned: {
    state: 'abandoned',
    act: 'repair-abandoned',
    note: 'It had not been written, and now never can be.',
  },
  'cannot-be-told': {
    state: 'untold',
    act: 'repair-abandoned',
    note: 'The target keeps no journal: whether it was written cannot be told. Look at the record.',
  },
} as const

function move(
  repair: Repair,
  change: Partial<Repair>,
  step: RepairStep,
  facts: LedgerDraft['facts'] = {},
): RepairTransition {
  const state = change.state ?? repair.state
  const isOpen = state === 'proposed' || state === 'approved' || state === 'executing' || state === 'applied'
  const moved: Repair = {
    ...repair,
    ...change,
    version: repair.version + 1,
    endedAt: isOpen ? null : step.at,
    history: [...repair.history, step],
  }
  return { repair: moved, entry: entryOf(moved, step, facts) }
}

/** What stands in the ledger of an act: kinds, states and hashes; whom it is about and the values stand beside it. */
function entryOf(repair: Repair, step: RepairStep, facts: LedgerDraft['facts']): LedgerDraft {
  return {
    key: `repair:${repair.id}:${repair.version}:${step.act}`,
    act: step.act,
    at: step.at,
    by: step.by,
    about: {
      check: repair.checkId,
      incident: repair.incidentId,
      repair: repair.id,
      source: repair.source,
    },
    facts: {
      state: repair.state,
      version: repair.version,
      kind: repair.kind,
      repairAct: repair.act,
      how: repair.how,
      rows: 1,
      undoes: repair.undoes,
      batch: repair.batch?.id ?? null,
      config: repair.configFingerprint,
      evidence: repair.evidenceHash,
      ...facts,
    },
    personal: {
      subject: subjectKey(repair.subject),
      ...(repair.customerId === null ? {} : { customer: repair.customerId }),
      container: repair.container,
      record: repair.record,
      changes: repair.changes.map(({ field, before, after }) => ({
        field,
        before: storedText(before),
        after: storedText(after),
      })),
      note: step.note,
    },
  }
}

function requireState(repair: Repair, act: keyof typeof beginnings, what: string): void {
  const from: readonly RepairState[] = beginnings[act]
  if (!from.includes(repair.state)) throw wrongState(repair, what)
}

function wrongState(repair: Repair, what: string): RepairError {
  return new RepairError({
    code: 'wrong-state',
    message: `The repair ${repair.id} is ${repair.state}, so it cannot ${what}.`,
    fix: 'Look at it again: `trueup repair show`. A later check proposes a new one where the drift is still there.',
  })
}

function unapproved(repair: Repair, code: NonNullable<ReturnType<typeof approvalProblem>>): RepairError {
  return new RepairError({ code, ...problemWords[code](repair) })
}

const problemWords: Readonly<
  Record<
    NonNullable<ReturnType<typeof approvalProblem>>,
    (repair: Repair) => { readonly message: string; readonly fix: string }
  >
> = {
  'not-approved': ({ id }) => ({
    message: `Nobody has approved the repair ${id}.`,
    fix: 'Approve it first: `trueup repair approve`.',
  }),
  'second-person-needed': ({ id }) => ({
    message: `The repair ${id} needs the word of two persons and has that of one.`,
    fix: 'Have another person approve it.',
  }),
  'approval-expired': ({ id }) => ({
    message: `An approval of the repair ${id} has come to its end.`,
    fix: 'A later check proposes it again where the drift is still there.',
  }),
  'approval-altered': ({ id }) => ({
    message: `What was approved of the repair ${id} is not what its record says now.`,
    fix: 'Find out who changed the record in the database. Nothing was written.',
  }),
  'approved-by-proposer': ({ id }) => ({
    message: `The repair ${id} was approved by whoever proposed it.`,
    fix: 'Have another person approve it.',
  }),
}
