import type { Incident, Repair, RepairTransition } from '@trueup/core'
import {
  identityKey,
  isSameValue,
  openRepairStates,
  proposeRepair,
  RepairError,
  recordInEvidence,
  refuseWhileHeld,
  repairActOf,
  requireSoundCheck,
  supersedeRepair,
  wrongSources,
} from '@trueup/core'
import { idOf, sha256 } from './hashes.ts'
import type { PlannedNow } from './plan-now.ts'
import { planNow } from './plan-now.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { tidyRepairs } from './tidy-repairs.ts'

const incidentsPerPage = 100

/** What came of a round of proposals. */
export interface Proposals {
  /** Ids of repairs that were not there before. */
  readonly proposed: readonly string[]
  /** Open incidents that have no one safe answer, or no target to write to: they are steps for a person. */
  readonly guided: number
  /** Records that were changed since the check read them: the next check says what they are now. */
  readonly changedSince: number
}

/**
 * Proposes a repair for every incident of the last check that has one safe answer and a target to write to. What was
 * proposed before and no longer fits is superseded. May run again at any time: what stands already is left as it is.
 *
 * Nothing is proposed from a check that was incomplete, a dry run, or of another configuration, nor while repairs are
 * held.
 *
 * @throws RepairError `no-check`, `check-incomplete`, `config-changed`, `held`
 * @throws SourceError when a target cannot be reached
 * @example
 * const { proposed } = await proposeRepairs(dependencies)
 */
export async function proposeRepairs(
  dependencies: RepairDependencies,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Proposals> {
  const { project, config } = dependencies
  await tidyRepairs(dependencies)
  const check = requireSoundCheck(await project.newestFinishedCheck({ filing: true }), config.fingerprint)
  refuseWhileHeld(await project.repairHolds())
  const proposed: string[] = []
  const counts = { guided: 0, changedSince: 0 }
  let after: string | null = null
  for (;;) {
    const incidents: readonly Incident[] = await project.incidentsSeenBy(check.id, after, incidentsPerPage)
    if (incidents.length === 0) return { proposed, ...counts }
    after = incidents.at(-1)?.id ?? null
    for (const incident of incidents) {
      signal?.throwIfAborted()
      proposed.push(...(await proposeFor(dependencies, check.id, incident, counts)))
    }
  }
}

async function proposeFor(
  dependencies: RepairDependencies,
  checkId: string,
  incident: Incident,
  counts: { guided: number; changedSince: number },
): Promise<readonly string[]> {
  const { project, config, targets } = dependencies
  const earlier = await project.repairs({ incidentId: incident.id, limit: 1000 })
  const kept: string[] = []
  let hasPlan = false
  for (const access of wrongSources(incident, config.access)) {
    const target = targets.find(({ source }) => source === access.name)
    const read = target && recordInEvidence(incident, access)
    const plan = read && (await planNow(dependencies, target, incident, access, read))
    if (!plan) continue
    hasPlan = true
    if (plan === 'changed') {
      counts.changedSince += 1
      continue
    }
    const transition = proposalOf(dependencies, checkId, incident, plan, target.how)
    const ofRecord = earlier.filter(
      (repair) => repair.undoes === null && isOfRecord(repair, transition.repair),
    )
    if (ofRecord.some((repair) => repair.state === 'rejected' && isSameContent(repair, transition.repair))) {
      continue
    }
    await supersedeOthers(dependencies, checkId, ofRecord, transition.repair)
    kept.push(...(await project.addRepairs([{ repair: transition.repair, entries: [transition.entry] }])))
  }
  if (!hasPlan) counts.guided += 1
  return kept
}

function proposalOf(
  { clock, config, project }: RepairDependencies,
  checkId: string,
  incident: Incident,
  { planned, inspection }: PlannedNow,
  how: Repair['how'],
): RepairTransition {
  const { subject } = incident
  if (!subject) throw new Error(`The incident ${incident.id} has a repair and no subject.`)
  const { source, container, record, changes } = planned
  const values = changes.map(({ field, after }) => `${field} to ${JSON.stringify(after ?? null)}`).join(', ')
  return proposeRepair(
    {
      id: idOf('rep', project.projectId, checkId, incident.id, source, container, record),
      incidentId: incident.id,
      identityKey: identityKey(incident.identity),
      kind: incident.kind,
      subject,
      customerId: incident.customerId,
      act: repairActOf(incident.kind),
      hurts: incident.hurts,
      paying: incident.access?.owed.paid ?? false,
      takesAway: incident.hurts !== 'customer',
      summary: `Set ${values} on ${subject.id}.`,
      source,
      container,
      record,
      changes,
      sideEffects: inspection.sideEffects,
      how,
      checkId,
      configFingerprint: config.fingerprint,
      evidenceHash: sha256(JSON.stringify(incident.evidence)),
      undoes: null,
    },
    { by: `check:${checkId}`, at: clock.now() },
  )
}

function isOfRecord(a: Repair, b: Repair): boolean {
  return a.source === b.source && a.container === b.container && a.record === b.record
}

function isSameContent(a: Repair, b: Repair): boolean {
  return (
    a.changes.length === b.changes.length &&
    a.changes.every(({ field, before, after }) =>
      b.changes.some(
        (change) =>
          change.field === field && isSameValue(change.before, before) && isSameValue(change.after, after),
      ),
    )
  )
}

/** What was proposed for this record before and says something else is no longer what would end the drift. */
async function supersedeOthers(
  { project, clock }: RepairDependencies,
  checkId: string,
  ofRecord: readonly Repair[],
  next: Repair,
): Promise<void> {
  const outdated = ofRecord.filter(
    (repair) => openRepairStates.includes(repair.state) && !isSameContent(repair, next),
  )
  if (outdated.length === 0) return
  const actor = { by: `check:${checkId}`, at: clock.now() }
  await project.changeRepairs(
    outdated.map(({ id }) => id),
    actor.at,
    ({ repair }) => {
      if (repair.state !== 'proposed' && repair.state !== 'approved') return null
      const moved = supersedeRepair(repair, actor, 'A later check would set other values.')
      return { repair: moved.repair, entries: [moved.entry] }
    },
  )
}

/** Why nothing was proposed, where that is a brake and no mistake; everything else is thrown on. */
export function heldBackBy(error: unknown): RepairError | null {
  const brakes: readonly string[] = ['no-check', 'check-incomplete', 'config-changed', 'held']
  return error instanceof RepairError && brakes.includes(error.code) ? error : null
}
