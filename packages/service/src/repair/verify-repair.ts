import type { Incident, LedgerDraft, Repair, RepairSituation } from '@trueup/core'
import { reopenIncident, resolveIncident, storedText, verifyRepair as verify } from '@trueup/core'
import { requireRepair } from './approve-repair.ts'
import { incidentEntries } from './incident-entry.ts'
import { isAsShown } from './is-as-shown.ts'
import type { Judgement } from './judge-repair.ts'
import { judgeRepair, targetOf } from './judge-repair.ts'
import { readTruth } from './read-truth.ts'
import type { RepairDependencies } from './repair-dependencies.ts'

/**
 * The second reading after a repair, of both sides: it is verified when its record no longer shows the drift. The
 * incident is resolved once no record shows it; one whose repair was undone opens again where the drift is back.
 *
 * @returns the repair as it stands
 * @throws SourceError when a side cannot be read: the repair stays as it is and is verified later
 */
export async function verifyRepair(
  dependencies: RepairDependencies,
  id: string,
  by: string,
): Promise<Repair> {
  const { project, clock, reached } = dependencies
  const repair = await requireRepair(dependencies, id)
  if (repair.state !== 'applied' && repair.state !== 'untold') return repair
  await reached('before-verify')
  const reading = await readAgain(dependencies, repair)
  const at = clock.now()
  const [now] = await project.changeRepairs([id], at, (situation) => {
    const stored = situation.repair
    if (stored.state !== 'applied' && stored.state !== 'untold') return null
    const moved = verify(stored, { by, at }, { agrees: reading.agrees, note: reading.note })
    const changed = incidentAfter(situation, moved.repair, reading, { by: `repair:${id}`, at })
    return {
      repair: moved.repair,
      ...(changed ? { incident: changed.incident } : {}),
      entries: [moved.entry, ...(changed ? changed.entries : [])],
    }
  })
  await reached('after-verify')
  return now ?? repair
}

interface SecondReading {
  readonly agrees: boolean
  readonly note: string
  /** Whether the drift is gone everywhere, is there, or nobody can say. */
  readonly drift: 'gone' | 'there' | 'unknown'
}

async function readAgain(dependencies: RepairDependencies, repair: Repair): Promise<SecondReading> {
  const target = targetOf(dependencies, repair)
  const { found, values } = await target.inspect(repair)
  const isWritten = found && repair.changes.every(({ field, after }) => isAsShown(after, values[field]))
  const shown = repair.changes
    .map(({ field }) => `${field} is ${found ? storedText(values[field]) : 'no more'}`)
    .join(', ')
  if (repair.undoes !== null) {
    return { agrees: isWritten, note: shown, drift: await driftNow(dependencies, repair) }
  }
  const judgement = await judgeRepair(dependencies, repair)
  return { ...readingOf(judgement, isWritten), note: `Read again: ${shown}.` }
}

function readingOf(judgement: Judgement, isWritten: boolean): Omit<SecondReading, 'note'> {
  switch (judgement.kind) {
    case 'gone':
      return { agrees: true, drift: judgement.ended ? 'gone' : 'there' }
    case 'due':
    case 'other':
      return { agrees: false, drift: 'there' }
    case 'cannot-tell':
      return { agrees: isWritten, drift: 'unknown' }
  }
}

/** Whether the drift that the first repair had ended is back. */
async function driftNow(dependencies: RepairDependencies, repair: Repair): Promise<SecondReading['drift']> {
  const judgement = await readTruth(dependencies, repair.subject)
  if (judgement.kind === 'unmatched') return 'unknown'
  const { verdict } = judgement.finding
  if (verdict.kind === 'cannot-tell') return 'unknown'
  const drifts = verdict.kind === 'drifts' ? verdict.drifts : []
  const isThere = drifts.some(
    ({ kind, on, component }) => `${kind}|${on}|${component}` === repair.identityKey,
  )
  return isThere ? 'there' : 'gone'
}

function incidentAfter(
  { incident }: RepairSituation,
  repair: Repair,
  { drift }: SecondReading,
  act: { readonly by: string; readonly at: Date },
): { readonly incident: Incident; readonly entries: readonly LedgerDraft[] } | null {
  if (!incident) return null
  const isOpen = incident.state === 'open' || incident.state === 'acknowledged'
  const changed =
    drift === 'gone' && isOpen
      ? resolveIncident(incident, act, 'Read again after the repair, it is gone.')
      : drift === 'there' && repair.undoes !== null && incident.state === 'resolved'
        ? reopenIncident(incident, act, 'The repair was undone.')
        : null
  return changed && { incident: changed.incident, entries: incidentEntries(incident, changed, act, repair) }
}
