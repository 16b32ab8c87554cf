import type { CheckPhase, CheckRun, Lease, Timer } from '@trueup/core'
import { LeaseLost } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { concludeCheck } from '../conclude-check.ts'
import { holdMovedParts } from '../hold-moved-parts.ts'
import { IdSet } from '../id-set.ts'
import { countCustomers, lookUpCustomers, needsListOfCustomers } from '../look-up-customers.ts'
import type { CheckProgress } from '../progress.ts'
import { billingParts } from '../read-sources.ts'
import { holdLease } from './hold-lease.ts'

/** What became of a step of a check. */
export type Advanced =
  /** Parts are still to be read, by whoever leases them. */
  | 'reading'
  | 'finished'
  /** Somebody else holds the step by now. */
  | 'lost'

export interface AdvanceOptions {
  readonly timer: Timer
  readonly acceptsChanges: boolean
  readonly onProgress?: (progress: CheckProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Takes a check a step further than its parts: gives out what is to be read next, and once all is read, matches,
 * compares, confirms and files, each once, under the lease of the step. Killed at any moment, it is leased anew and goes
 * on in the phase that was reached; every phase may run twice with the same end.
 */
export async function advanceCheck(
  dependencies: CheckDependencies,
  lease: Lease,
  options: AdvanceOptions,
): Promise<Advanced> {
  const { project } = dependencies
  try {
    const isFinished = await holdLease(
      project,
      lease,
      options.timer,
      (signal) => advance(dependencies, lease, options, signal),
      options.signal,
    )
    if (isFinished) return 'finished'
    await project.endUnit(lease, { state: 'released' })
    return 'reading'
  } catch (error) {
    if (error instanceof LeaseLost) return 'lost'
    await project.endUnit(lease, { state: 'released' }).catch((lost: unknown) => {
      if (!(lost instanceof LeaseLost)) throw lost
    })
    throw error
  }
}

async function advance(
  dependencies: CheckDependencies,
  lease: Lease,
  { acceptsChanges, onProgress }: AdvanceOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { checkId } = lease
  const project = dependencies.project.heldBy(lease)
  const held = { ...dependencies, project }
  const report = (progress: CheckProgress) => onProgress?.(progress)
  const begun = await loadCheck(held, checkId)
  const enter = async (phase: CheckPhase | null) => {
    signal.throwIfAborted()
    if (phase === null) return
    await project.setPhase(checkId, phase)
    report({ kind: 'phase', phase })
  }
  if (begun.phase === 'read' && !(await isAllRead(held, begun, acceptsChanges, report))) return false
  await concludeCheck(held, begun, { enter, report })
  // The check is over, and so is its lease.
  await dependencies.project.keepObservationsOf([checkId])
  report({ kind: 'phase', phase: 'finished' })
  return true
}

/** Gives out what can be read by now; whether there is nothing left to read. */
async function isAllRead(
  dependencies: CheckDependencies,
  check: CheckRun,
  acceptsChanges: boolean,
  report: (progress: CheckProgress) => void,
): Promise<boolean> {
  const { project, billing, access } = dependencies
  const isSettled = (source: string, part: string) => {
    const state = check.parts[`${source}/${part}`]
    return state !== undefined && state.state !== 'reading'
  }
  const ofAccess = access.flatMap(({ name: source, subjectTypes }) =>
    subjectTypes.map((type) => ({ source, part: type === 'user' ? 'users' : 'organizations' })),
  )
  const due = [...ofAccess]
  for (const parts of billingParts(dependencies)) {
    due.unshift(...parts.map((part) => ({ source: billing.name, part })))
    if (!parts.every((part) => isSettled(billing.name, part))) break
  }
  await project.addUnits(check.id, due)
  const isRead = [
    ...ofAccess,
    ...billingParts(dependencies)
      .flat()
      .map((part) => ({ source: billing.name, part })),
  ].every(({ source, part }) => isSettled(source, part))
  if (!isRead) return false
  const customers = { source: billing.name, part: 'customers' } as const
  if (check.parts[`${billing.name}/customers`] === undefined) {
    await holdMovedParts(dependencies, check.id, acceptsChanges, report)
    if (await needsListOfCustomers(dependencies, check.id)) {
      await project.addUnits(check.id, [customers])
      return false
    }
  }
  const listing = check.parts[`${billing.name}/customers`]
  if (listing?.state === 'reading') return false
  // A list that failed is not read a second time here; what it lacks is not known.
  if (listing?.state !== 'failed') {
    const counted = await countCustomers(dependencies, check.id)
    await lookUpCustomers(dependencies, check.id, { known: new IdSet(), counted }, report)
  }
  return true
}

async function loadCheck({ project }: CheckDependencies, checkId: string): Promise<CheckRun> {
  const check = await project.loadCheck(checkId)
  if (!check) throw new Error(`The check ${checkId} is at work and cannot be found.`)
  return check
}
