import { runCheck } from '../check/run-check.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { LedgerError } from '../ledger/ledger-error.ts'
import { sealLedger } from '../ledger/seal-ledger.ts'
import { sequencingBeside } from '../ledger/sequence-beside.ts'
import type { OpenedProject } from '../main.ts'
import { openProject } from '../main.ts'
import { proposeAfterCheck } from '../repair/propose-after-check.ts'
import { UsageError } from '../usage-error.ts'
import { collectSooner } from './collect-sooner.ts'
import { matchingOf } from './output/matching.ts'
import { readCannotTell } from './output/read-cannot-tell.ts'
import type { CheckReport } from './output/report.ts'
import { reportOf } from './output/report.ts'
import type { ProgressDisplay } from './progress-display.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface ReportCheckOptions {
  readonly dryRun: boolean
  readonly fresh: boolean
  /** The moment the rules are applied at; now when left out. */
  readonly asOf?: Date | undefined
  readonly allowSecretKey: boolean
  /** Take counts and tables that are far from those of the last check as right. */
  readonly acceptChanges?: boolean
  /** Keep nothing after the check. */
  readonly inMemory: boolean
  /** Told what the ledger of the check could not do. The check itself stands. */
  readonly onLedgerError?: (error: LedgerError) => void
  readonly signal: AbortSignal
}

/** Opens the project, runs a full check with its progress on `display`, and gathers what it found. */
export async function reportCheck(
  environment: Environment,
  config: ProjectConfig,
  options: ReportCheckOptions,
  display: ProgressDisplay,
): Promise<CheckReport> {
  collectSooner('reading')
  display.waitFor(environment.databaseUrl ? 'connecting to the database' : 'opening the embedded database')
  try {
    const project = await openProject(environment, config, options)
    const sequencing = sequencingBeside(project.ledger)
    try {
      display.waitFor('asking the sources')
      const outcome = await unlessAborted(
        options.signal,
        runCheck(project, {
          dryRun: options.dryRun,
          fresh: options.fresh,
          signal: options.signal,
          onProgress: (progress) => {
            display.show(progress)
            if (progress.kind === 'filed') sequencing.begin()
            if (progress.kind === 'phase' && progress.phase === 'compare') collectSooner('concluding')
          },
          ...(options.asOf ? { asOf: options.asOf } : {}),
          ...(options.acceptChanges ? { acceptChanges: true } : {}),
        }),
      )
      await sequencing.settled()
      const [cannotTell, holds, ledgerErrors] = await Promise.all([
        readCannotTell(project.project, outcome.check.id),
        project.project.repairHolds(),
        closeRecords(environment, project, options),
      ])
      for (const error of ledgerErrors) options.onLedgerError?.(error)
      const { catalogue, access } = config
      const matching = matchingOf(config.match, outcome.coverage)
      return reportOf(
        outcome,
        { catalogue, access, clerkApiUrl: environment.clerkApiUrl },
        { cannotTell, matching, holds },
      )
    } catch (error) {
      throw options.signal.aborted && !options.inMemory ? stoppedCheck(error) : error
    } finally {
      await sequencing.settled()
      await project.close()
    }
  } finally {
    display.stop()
  }
}

async function closeRecords(
  environment: Environment,
  project: OpenedProject,
  { dryRun, inMemory }: ReportCheckOptions,
): Promise<readonly LedgerError[]> {
  if (!dryRun && !inMemory) await proposeAfterCheck(environment, project.config, project)
  return sealLedger(project.ledger)
}

function stoppedCheck(cause: unknown): UsageError {
  return new UsageError({
    code: 'stopped',
    message: 'The check was stopped before its end.',
    fix: 'Run the same command again: it goes on where it was.',
    cause,
  })
}
