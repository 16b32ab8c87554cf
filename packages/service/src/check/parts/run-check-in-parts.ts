import type { CheckRun, Incident, PartProgress } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { fileIncidents } from '../file-incidents.ts'
import { rulesOf } from '../rules-of.ts'
import type { CheckOutcome } from '../run-check.ts'
import { isComplete } from '../run-check.ts'
import type { CheckInPartsOptions } from './begin-check-in-parts.ts'
import { beginCheckInParts } from './begin-check-in-parts.ts'
import type { WorkOptions } from './work-on-check.ts'
import { workOnCheck } from './work-on-check.ts'

/** How far a check has come, for live pages. */
export interface CheckInPartsProgress {
  readonly check: CheckRun
  readonly parts: readonly PartProgress[]
}

/**
 * A full check in this process alone, in the parts that others may join in.
 *
 * @throws the signal's reason when it is aborted
 */
export async function runCheckInParts(
  dependencies: CheckDependencies,
  options: CheckInPartsOptions & WorkOptions,
): Promise<CheckOutcome> {
  const { check: begun, resumed } = await beginCheckInParts(dependencies, options)
  await workOnCheck(dependencies, begun.id, options)
  const check = await dependencies.project.loadCheck(begun.id)
  if (!check) throw new Error(`The check ${begun.id} is at work and cannot be found.`)
  return {
    check,
    complete: isComplete(check),
    resumed,
    incidents: await incidentsOfCheck(dependencies, check),
  }
}

/** What stands open and was seen by a check; of a dry run, what would, worked out from its findings. */
export async function incidentsOfCheck(
  dependencies: CheckDependencies,
  check: CheckRun,
): Promise<readonly Incident[]> {
  if (check.dryRun)
    return (await fileIncidents(dependencies, check, await rulesOf(dependencies, check))).incidents
  const seen: Incident[] = []
  for (;;) {
    const page = await dependencies.project.incidentsSeenBy(check.id, seen.at(-1)?.id ?? null, 500)
    if (page.length === 0) return seen
    seen.push(...page)
  }
}

/** How far a check in parts has come; `null`: the project has no such check. */
export async function checkProgress(
  { project }: Pick<CheckDependencies, 'project'>,
  checkId: string,
): Promise<CheckInPartsProgress | null> {
  const check = await project.loadCheck(checkId)
  if (!check) return null
  const isInParts = (await project.checkInParts(checkId)) !== null
  return { check, parts: isInParts ? await project.partProgress(checkId) : partsOf(check) }
}

/** Of a check that one process reads, only the state of each part is kept. */
function partsOf(check: CheckRun): readonly PartProgress[] {
  return Object.entries(check.parts).map(([name, state]) => {
    const [source = name, part = name] = name.split('/')
    const isDone = state.state !== 'reading'
    return { source, part, state, rows: 0, pieces: 1, piecesDone: isDone ? 1 : 0, readers: isDone ? 0 : 1 }
  })
}
