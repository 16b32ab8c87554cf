import type { AccessMapping, Drift, Incident, Repair, RepairTarget, SubjectReading } from '@trueup/core'
import {
  identityKey,
  identityOf,
  isSameValue,
  observeDrift,
  RepairError,
  recordInReading,
  wrongSources,
} from '@trueup/core'
import { isAsShown } from './is-as-shown.ts'
import { planNow } from './plan-now.ts'
import { readTruth } from './read-truth.ts'
import type { RepairDependencies } from './repair-dependencies.ts'

/** What both sides say now of the drift that a repair is to end. */
export type Judgement =
  /** The drift is there, and this is what would end it at this record. */
  | { readonly kind: 'due'; readonly readAt: Date; readonly settling: boolean }
  /** The drift is there, and would be ended otherwise, or the record is not as it was approved. */
  | { readonly kind: 'other'; readonly readAt: Date; readonly why: string }
  /** This record no longer shows the drift; `ended`: and no other record does. */
  | { readonly kind: 'gone'; readonly readAt: Date; readonly ended: boolean }
  | { readonly kind: 'cannot-tell'; readonly readAt: Date; readonly why: string }

/**
 * Reads both sides again and says what they mean for a repair. The target is asked last, for the values that the
 * write is guarded by: what the drift was found by has to be what stands there.
 *
 * @throws SourceError when a side cannot be read
 */
export async function judgeRepair(dependencies: RepairDependencies, repair: Repair): Promise<Judgement> {
  const target = targetOf(dependencies, repair)
  if (repair.undoes !== null) return await judgeUndo(dependencies, repair, target)
  const truth = await readTruth(dependencies, repair.subject)
  const { readAt } = truth
  if (truth.kind === 'unmatched') return { kind: 'other', readAt, why: truth.why }
  const { verdict, settling } = truth.finding
  if (verdict.kind === 'cannot-tell') {
    return { kind: 'cannot-tell', readAt, why: verdict.reasons.map(({ found }) => found).join('; ') }
  }
  const drift = verdict.kind === 'drifts' ? verdict.drifts.find((one) => isSameDrift(one, repair)) : undefined
  if (!drift) return { kind: 'gone', readAt, ended: true }
  const due = await dueAt(dependencies, repair, target, drift, truth.readings)
  if (due === 'nothing') return { kind: 'gone', readAt, ended: false }
  if (due === 'as-approved') return { kind: 'due', readAt, settling }
  return { kind: 'other', readAt, why: due.why }
}

/** An undoing rests on what was written, not on what billing says: the person who asks for it decides. */
async function judgeUndo(
  { clock }: RepairDependencies,
  repair: Repair,
  target: RepairTarget,
): Promise<Judgement> {
  const readAt = clock.now()
  const { found, values } = await target.inspect(repair)
  const isAsWritten = found && repair.changes.every(({ field, before }) => isAsShown(before, values[field]))
  if (isAsWritten) return { kind: 'due', readAt, settling: false }
  const isUndone = found && repair.changes.every(({ field, after }) => isAsShown(after, values[field]))
  return isUndone
    ? { kind: 'gone', readAt, ended: false }
    : { kind: 'other', readAt, why: 'The record was changed since the repair.' }
}

async function dueAt(
  dependencies: RepairDependencies,
  repair: Repair,
  target: RepairTarget,
  drift: Drift,
  readings: readonly SubjectReading[],
): Promise<'as-approved' | 'nothing' | { readonly why: string }> {
  const { config } = dependencies
  const incident = incidentOf(drift, repair)
  const access = wrongSources(incident, config.access).find(({ name }) => name === repair.source)
  const reading = readings.find(({ source }) => source === repair.source)
  if (!access || !reading) return 'nothing'
  const plan = await planNow(dependencies, target, incident, access, readOf(reading, access))
  if (plan === null) return 'nothing'
  if (plan === 'changed') return { why: 'The record was changed while it was read.' }
  const { container, record, changes } = plan.planned
  if (container !== repair.container || record !== repair.record) {
    return { why: `${repair.subject.id} is kept in another record by now.` }
  }
  const isAsApproved =
    changes.length === repair.changes.length &&
    changes.every(({ field, before, after }) =>
      repair.changes.some(
        (change) =>
          change.field === field && isSameValue(change.before, before) && isSameValue(change.after, after),
      ),
    )
  return isAsApproved ? 'as-approved' : { why: 'Other values would be set by now than were approved.' }
}

function readOf(reading: SubjectReading, access: AccessMapping) {
  return recordInReading(reading, access)
}

function isSameDrift(drift: Drift, repair: Repair): boolean {
  return identityKey(identityOf(drift)) === repair.identityKey
}

/** The incident as this drift would file it, to be planned for. */
function incidentOf(drift: Drift, repair: Repair): Incident {
  const act = { by: `repair:${repair.id}`, at: repair.proposedAt }
  return observeDrift(null, drift, repair.incidentId, act).incident
}

/** @throws RepairError `no-target` */
export function targetOf({ targets }: RepairDependencies, repair: Repair): RepairTarget {
  const target = targets.find(({ source }) => source === repair.source)
  if (target) return target
  throw new RepairError({
    code: 'no-target',
    message: `Nothing is configured that may write to ${repair.source}.`,
    fix: 'Follow the steps of `trueup repair show`, or configure a repair role for the source; see docs/repairs.md.',
  })
}
