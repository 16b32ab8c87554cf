import type { Clock, LedgerDraft, ProjectStore } from '@trueup/core'
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { systemClock, systemRandomBytes } from '../adapters/system.ts'
import type { Environment } from '../environment.ts'
import type { LedgerKeeper } from '../ledger/ledger-keeper.ts'
import { ledgersOf } from '../open-records.ts'
import type { Database } from '../store/index.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { Tables } from '../store/tables.ts'
import type { RandomBytes } from '../vault/sealed-form.ts'
import type { SealedText } from '../vault/sealed-text.ts'
import { projectUnknown } from './project-error.ts'
import { SecretUses } from './secret-uses.ts'
import type { ProjectTables } from './tables.ts'

/** Whose project, and which. */
export interface ProjectTenant {
  readonly workspaceId: string
  readonly projectId: string
}

/** What everything about projects works with. */
export interface ProjectService {
  readonly database: Database
  readonly vault: SealedText
  /** When secrets were taken out, and for what. */
  readonly uses: SecretUses
  /** What whoever runs the service says: addresses of vendors, where connections may go. Its keys are of no project. */
  readonly operator: Environment
  /** The same as it is for one project: a demo is given the addresses of its own made-up accounts. */
  readonly operatorOf: (tenant: ProjectTenant) => Promise<Environment>
  readonly ledgerOf: (project: ProjectStore) => LedgerKeeper
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/**
 * @throws LedgerError when the signing key that the environment gives is none
 *
 * @example
 * const service = createProjectService({ database, vault, operator: readEnvironment(process.env) })
 */
export function createProjectService(options: {
  readonly database: Database
  readonly vault: SealedText
  readonly operator: Environment
  /** Default: the operator, whatever the project. */
  readonly operatorOf?: (tenant: ProjectTenant) => Promise<Environment>
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}): ProjectService {
  const { clock = systemClock, randomBytes = systemRandomBytes } = options
  return {
    operatorOf: async () => options.operator,
    ...options,
    clock,
    randomBytes,
    uses: new SecretUses({ database: options.database, clock }),
    ledgerOf: ledgersOf(options.operator),
  }
}

/** The statements of one project. */
export function tablesOf({ database }: Pick<ProjectService, 'database'>, tenant: ProjectTenant) {
  return database.scoped(tenant).withTables<ProjectTables>()
}

export type ProjectStatements = Kysely<Tables & ProjectTables>
export type ProjectTransaction = Transaction<Tables & ProjectTables>

/** Enters acts in the transaction of the state that they explain. */
export async function enter(
  tenant: ProjectTenant,
  tx: ProjectTransaction,
  drafts: readonly LedgerDraft[],
): Promise<void> {
  await stageEntries(tenant, tx, drafts)
}

/**
 * Holds a project until the transaction ends, so that of two who change the same thing of it the second one sees what
 * the first one did. What only refers to the project goes on.
 *
 * @throws ProjectError `project-unknown`
 */
export async function lockProject(
  { workspaceId, projectId }: ProjectTenant,
  tx: ProjectTransaction,
): Promise<void> {
  const { rows } = await sql`select project_id from trueup.project
    where workspace_id = ${workspaceId} and project_id = ${projectId} for no key update`.execute(tx)
  if (rows.length === 0) throw projectUnknown(projectId)
}
