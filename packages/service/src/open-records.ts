import { join } from 'node:path'
import type { ProjectStore } from '@trueup/core'
import { systemClock, systemRandomBytes } from './adapters/system.ts'
import type { Environment } from './environment.ts'
import { checkpointFolder } from './ledger/checkpoint-sink.ts'
import { LedgerKeeper } from './ledger/ledger-keeper.ts'
import { keyOfEnvironment, keysInHome, keysInMemory } from './ledger/signing-key.ts'

/** The project of a folder that is checked from the command line. */
const localProjectId = 'local'

/** What a project keeps, its ledger, and the end of what holds them. */
export interface OpenedRecords {
  readonly project: ProjectStore
  readonly ledger: LedgerKeeper
  close(): Promise<void>
}

export interface RecordsOptions {
  /** Keep nothing when the records are closed. */
  readonly inMemory?: boolean
}

/**
 * What the project keeps and its ledger, without its sources: for commands that only look at the records.
 *
 * @throws StoreError; LedgerError when the signing key that the environment gives is none.
 */
export async function openRecords(
  environment: Environment,
  options: RecordsOptions = {},
): Promise<OpenedRecords> {
  const ledgerOf = ledgersOf(environment, options)
  const { openStore } = await import('./store/index.ts')
  const store = await openStore({
    databaseUrl: options.inMemory ? null : environment.databaseUrl,
    home: options.inMemory ? null : environment.home,
    clock: systemClock,
  })
  const project = await store.project(localProjectId)
  return { project, ledger: ledgerOf(project), close: () => store.close() }
}

/**
 * Keeps the ledgers of any number of projects, with the signing key that the environment gives.
 *
 * @throws LedgerError when that is none.
 */
export function ledgersOf(
  { home, ledgerKey, ledgerCheckpoints }: Environment,
  options: RecordsOptions = {},
): (project: ProjectStore) => LedgerKeeper {
  const keys = options.inMemory
    ? keysInMemory(systemRandomBytes)
    : ledgerKey
      ? keyOfEnvironment(ledgerKey)
      : keysInHome(home, systemRandomBytes)
  const folders = [join(home, 'ledger-checkpoints'), ...(ledgerCheckpoints ? [ledgerCheckpoints] : [])]
  const sinks = options.inMemory ? [] : folders.map(checkpointFolder)
  return (project) =>
    new LedgerKeeper({ project, keys, sinks, clock: systemClock, randomBytes: systemRandomBytes })
}
