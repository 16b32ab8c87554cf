import type { CheckPhase, CheckRun, Incident, MatchCoverage } from '@trueup/core'
import { checkStarted, isReadWhole } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { concludeCheck } from './conclude-check.ts'
import { holdMovedParts } from './hold-moved-parts.ts'
import { IdSet } from './id-set.ts'
import { countCustomers, lookUpCustomers } from './look-up-customers.ts'
import type { CheckProgress } from './progress.ts'
import { readSources } from './read-sources.ts'

/** A check unfinished for longer than this is begun anew: what it read has grown old. */
export const resumableHours = 12

export interface CheckOptions {
  /** Files nothing; the outcome holds what would have been filed. */
  readonly dryRun: boolean
  /** The moment the rules are applied at; the time of the start when left out. */
  readonly asOf?: Date
  /** Begins anew even where an unfinished check could be gone on with. */
  readonly fresh?: boolean
  /** A person looked at counts and tables that are far from those of the last check, and says that they are right. */
  readonly acceptChanges?: boolean
  readonly onProgress?: (progress: CheckProgress) => void
  readonly signal?: AbortSignal
}

export interface CheckOutcome {
  readonly check: CheckRun
  /** Whether every part of every source was read to its end. */
  readonly complete: boolean
  /** Whether it went on from a check that had been cut off. */
  readonly resumed: boolean
  /** What stands open after the check and was seen by it; of a dry run, what would. */
  readonly incidents: readonly Incident[]
}

/** Of a check that ran in one process. */
export interface WholeCheckOutcome extends CheckOutcome {
  /** How far the match rules reach. */
  readonly coverage: MatchCoverage
}

/**
 * Runs a full check: reads both sides in pages, matches and compares them in the store, reads every difference a
 * second time, and files what is left as incidents.
 *
 * It can be killed at any moment. Every page is stored together with the cursor that read it, and every phase may
 * run twice with the same end; started again under the same configuration it goes on where it was.
 *
 * A source that fails ends its own part only. The check then says that it is incomplete, concludes nothing from what
 * is absent, resolves nothing, and files `source-unreadable`. So it is where a part gave far fewer or far more rows than
 * in the last check that read everything, until a person says that this is right.
 *
 * @example
 * const outcome = await runCheck(dependencies, { dryRun: false })
 * if (!outcome.complete) warn(outcome.check.parts)
 */
export async function runCheck(
  dependencies: CheckDependencies,
  options: CheckOptions,
): Promise<WholeCheckOutcome> {
  const { project } = dependencies
  const { check: begun, resumed } = await beginCheck(dependencies, options)
  const report = (progress: CheckProgress) => options.onProgress?.(progress)
  const enter = async (phase: CheckPhase | null) => {
    options.signal?.throwIfAborted()
    if (phase === null) return
    await project.setPhase(begun.id, phase)
    report({ kind: 'phase', phase })
  }

  if (begun.phase === 'read') {
    await enter('read')
    const known = new IdSet()
    await readSources(dependencies, begun, known, report, options.signal)
    // Both count whole tables, and neither what the other changes.
    const [counted] = await Promise.all([
      countCustomers(dependencies, begun.id),
      holdMovedParts(dependencies, begun.id, options.acceptChanges ?? false, report),
    ])
    await lookUpCustomers(dependencies, begun.id, { known, counted }, report)
  }
  const { incidents, observed } = await concludeCheck(dependencies, begun, { enter, report })
  await project.keepObservationsOf([begun.id])
  const check = await loadCheck(dependencies, begun.id)
  report({ kind: 'phase', phase: 'finished' })
  return { check, complete: isComplete(check), resumed, incidents, coverage: observed.coverage }
}

/** Whether nothing was left unread, so that absence means something. */
export function isComplete(check: CheckRun): boolean {
  return Object.values(check.parts).every(isReadWhole)
}

async function beginCheck(
  dependencies: CheckDependencies,
  options: CheckOptions,
): Promise<{ readonly check: CheckRun; readonly resumed: boolean }> {
  const { project, clock, config } = dependencies
  const startedAt = clock.now()
  if (!options.fresh) {
    const unfinished = await project.unfinishedCheck(config.fingerprint)
    if (unfinished && isResumable(unfinished, options, startedAt)) return { check: unfinished, resumed: true }
  }
  const check = await project.startCheck(
    {
      kind: 'full',
      dryRun: options.dryRun,
      asOf: options.asOf ?? startedAt,
      startedAt,
      configFingerprint: config.fingerprint,
    },
    checkStarted,
  )
  return { check, resumed: false }
}

function isResumable(check: CheckRun, options: CheckOptions, now: Date): boolean {
  const ageHours = (now.getTime() - check.startedAt.getTime()) / 3_600_000
  const isSameMoment = !options.asOf || options.asOf.getTime() === check.asOf.getTime()
  return check.kind === 'full' && check.dryRun === options.dryRun && isSameMoment && ageHours < resumableHours
}

async function loadCheck(dependencies: CheckDependencies, checkId: string): Promise<CheckRun> {
  const check = await dependencies.project.loadCheck(checkId)
  if (!check) throw new Error(`The check ${checkId} is at work and cannot be found.`)
  return check
}
