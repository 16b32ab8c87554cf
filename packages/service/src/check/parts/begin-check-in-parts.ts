import type { CheckRun } from '@trueup/core'
import { checkStarted } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { resumableHours } from '../run-check.ts'

export interface CheckInPartsOptions {
  readonly dryRun: boolean
  /** The moment the rules are applied at; the time of the start when left out. */
  readonly asOf?: Date
  /** Begins anew even where an unfinished check could be gone on with. */
  readonly fresh?: boolean
  /** A person looked at counts and tables that are far from those of the last check, and says that they are right. */
  readonly acceptChanges?: boolean
}

/**
 * Begins a full check that any number of processes may work on, or finds the one that is under way: see
 * {@link workOnCheck}. Asked twice for the same, it begins one check.
 *
 * @example
 * const { check } = await beginCheckInParts(dependencies, { dryRun: false })
 * await workOnCheck(dependencies, check.id, { timer })
 */
export async function beginCheckInParts(
  {
    project,
    clock,
    config,
  }: Pick<CheckDependencies, 'project' | 'clock'> & { readonly config: { readonly fingerprint: string } },
  options: CheckInPartsOptions,
): Promise<{ readonly check: CheckRun; readonly resumed: boolean }> {
  const startedAt = clock.now()
  const acceptsChanges = options.acceptChanges ?? false
  if (!options.fresh) {
    const unfinished = await project.unfinishedCheckInParts(config.fingerprint)
    if (unfinished && unfinished.acceptsChanges === acceptsChanges) {
      if (isResumable(unfinished.check, options, startedAt)) return { check: unfinished.check, resumed: true }
    }
  }
  const check = await project.startCheckInParts(
    {
      dryRun: options.dryRun,
      asOf: options.asOf ?? startedAt,
      startedAt,
      configFingerprint: config.fingerprint,
      acceptsChanges,
    },
    checkStarted,
  )
  return { check, resumed: false }
}

function isResumable(check: CheckRun, { dryRun, asOf }: CheckInPartsOptions, now: Date): boolean {
  const ageHours = (now.getTime() - check.startedAt.getTime()) / 3_600_000
  const isSameMoment = !asOf || asOf.getTime() === check.asOf.getTime()
  return check.dryRun === dryRun && isSameMoment && ageHours < resumableHours
}
