import type { CheckPhase, CheckRun, MatchCounts } from '@trueup/core'
import { checkFinished, checkPhases } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { compareSides } from './compare-sides.ts'
import { confirmDrifts } from './confirm-drifts.ts'
import type { Filed } from './file-incidents.ts'
import { fileIncidents } from './file-incidents.ts'
import type { CheckProgress } from './progress.ts'
import { rulesOf } from './rules-of.ts'

/** How whoever runs a check goes from phase to phase. */
export interface CheckCourse {
  /** Called before each phase that is begun, and once more with `null` before the check is finished; may throw. */
  enter(phase: CheckPhase | null): Promise<void>
  readonly report: (progress: CheckProgress) => void
}

/**
 * Takes a check whose sides are read to its end: matches, compares, confirms, files and finishes. Begins with the phase
 * that the check has reached; each may run twice with the same end. What needs the database alone is done beside what
 * needs this process.
 */
export async function concludeCheck(
  dependencies: CheckDependencies,
  begun: CheckRun,
  { enter, report }: CheckCourse,
): Promise<Filed> {
  const { project, clock } = dependencies
  const { id } = begun
  const isDue = (phase: CheckPhase) => checkPhases.indexOf(begun.phase) <= checkPhases.indexOf(phase)
  const rules = await rulesOf(dependencies, begun)
  if (isDue('match')) {
    await enter('match')
    await Promise.all([project.match(id, rules.match), project.rememberPointers(id)])
  }
  // What is read a second time is matched and counted again.
  const isReadAgain = isDue('confirm') && rules.policy.settleMinutes > 0
  let counted: MatchCounts | null = null
  if (isDue('compare')) {
    await enter('compare')
    const [counts] = await Promise.all([
      isReadAgain ? null : project.counts(id),
      compareSides(dependencies, id, rules, report),
      project.rememberLinks(id),
    ])
    counted = counts
  }
  if (isDue('confirm')) {
    await enter('confirm')
    if (isReadAgain) await confirmDrifts(dependencies, id, rules, report)
  }
  await enter('file')
  const [filed] = await Promise.all([
    fileIncidents(dependencies, begun, rules, { counted, report }),
    project.keepAccessSteps(id),
  ])
  await enter(null)
  const finishedAt = clock.now()
  const check = await project.loadCheck(id)
  if (!check) throw new Error(`The check ${id} is being finished and cannot be found.`)
  await project.finishCheck(id, filed.counts, finishedAt, checkFinished(check, filed.counts, finishedAt))
  return filed
}
