import type { Repair } from '@trueup/core'
import { inverseOf, openRepairStates, proposeRepair, RepairError } from '@trueup/core'
import { requireRepair } from './approve-repair.ts'
import { idOf } from './hashes.ts'
import { isAsShown } from './is-as-shown.ts'
import { targetOf } from './judge-repair.ts'
import type { RepairDependencies } from './repair-dependencies.ts'

/** States in which a repair has written something that can be taken back. */
const written: readonly Repair['state'][] = ['applied', 'verified', 'differs', 'untold']

/**
 * Proposes to take a repair back: a new repair with old and new exchanged, by the same rules. Whoever asks for it
 * proposes it, so somebody else has to approve it; where it takes access from a paying customer, two have to.
 *
 * @returns the new repair, or the one that stands already
 * @throws RepairError `nothing-to-undo`
 */
export async function undoRepair(dependencies: RepairDependencies, id: string, by: string): Promise<Repair> {
  const { project, clock, config } = dependencies
  const repair = await requireRepair(dependencies, id)
  if (!written.includes(repair.state)) {
    throw nothingToUndo(`The repair ${id} is ${repair.state}: nothing was written that could be taken back.`)
  }
  const earlier = await project.repairs({ undoes: id, limit: 1000 })
  const standing = earlier.find(({ state }) => openRepairStates.includes(state) || written.includes(state))
  if (standing) return standing
  const target = targetOf(dependencies, repair)
  const { sideEffects, values } = await target.inspect(repair)
  // The write is guarded by what was written as the target puts it; another value by now guards it as it is planned.
  const changes = inverseOf(repair.changes).map((change) => {
    const shown = values[change.field]
    return isAsShown(change.before, shown) ? { ...change, before: shown } : change
  })
  const at = clock.now()
  const wording = changes.map(({ field, after }) => `${field} to ${JSON.stringify(after ?? null)}`).join(', ')
  const { incidentId, identityKey, kind, subject, customerId, act, source, container, record } = repair
  const moved = proposeRepair(
    {
      id: idOf('rep', project.projectId, 'undo', id, String(earlier.length)),
      incidentId,
      identityKey,
      kind,
      subject,
      customerId,
      act,
      hurts: repair.hurts === 'customer' ? 'business' : repair.hurts === 'business' ? 'customer' : 'both',
      paying: repair.paying,
      takesAway: !repair.takesAway,
      summary: `Set ${wording} on ${subject.id} again, as it was before ${id}.`,
      source,
      container,
      record,
      changes,
      sideEffects,
      how: target.how,
      checkId: repair.checkId,
      configFingerprint: config.fingerprint,
      evidenceHash: repair.evidenceHash,
      undoes: id,
    },
    { by, at },
  )
  await project.addRepairs([{ repair: moved.repair, entries: [moved.entry] }])
  return (await project.repair(moved.repair.id)) ?? moved.repair
}

function nothingToUndo(message: string): RepairError {
  return new RepairError({
    code: 'nothing-to-undo',
    message,
    fix: 'Look at it again: `trueup repair show`.',
  })
}
