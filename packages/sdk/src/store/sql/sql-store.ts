import { BillingError } from '../../billing-error.ts'
import type { BillingStore } from '../store.ts'
import type { AppTable } from './app-table.ts'
import { checkAppTable } from './app-table.ts'
import type { SqlConnection, SqlDriver } from './driver.ts'
import { quoted } from './identifier.ts'
import { defaultSchema, migrate } from './migrations.ts'
import { readSubject, SqlUnit } from './sql-unit.ts'

export interface SqlStoreOptions {
  /** The PostgreSQL schema of the store's own tables. Default `trueup_billing`. */
  readonly schema?: string
  /** A table of the app that what is granted is written into as well. */
  readonly appTable?: AppTable
}

/** A store in the app's own PostgreSQL. */
export interface SqlStore<Transaction> extends BillingStore<Transaction> {
  /** Makes the store's tables, or brings them to this version. Safe to call at every start, by many at once. */
  migrate(): Promise<void>
}

/**
 * A store over anything that runs SQL for PostgreSQL 13 or later.
 *
 * @throws BillingError `options-invalid` for a name that is none
 */
export function sqlStore<Transaction>(
  driver: SqlDriver<Transaction>,
  options: SqlStoreOptions = {},
): SqlStore<Transaction> {
  const schemaName = options.schema ?? defaultSchema
  const schema = quoted(schemaName)
  if (options.appTable) checkAppTable(options.appTable)
  const unitOver = (transaction: Transaction) =>
    new SqlUnit(telling(driver.over(transaction)), transaction, schema, options.appTable)
  return {
    migrate: () =>
      inTransaction(driver, (transaction) => migrate(telling(driver.over(transaction)), schemaName)),
    unit: (act) => inTransaction(driver, (transaction) => act(unitOver(transaction))),
    subject: (subject) => readSubject(telling(driver), schema, subject),
    within: (transaction) => ({
      unit: (act) => act(unitOver(transaction)),
      subject: (subject) => readSubject(telling(driver.over(transaction)), schema, subject),
      within: (other) => sqlStore(driver, options).within(other),
    }),
  }
}

/** What `act` throws is thrown on as it is; what goes wrong around it is the store's. */
async function inTransaction<Transaction, T>(
  driver: SqlDriver<Transaction>,
  act: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  let thrown: { readonly error: unknown } | null = null
  try {
    return await driver.transaction(async (transaction) => {
      try {
        return await act(transaction)
      } catch (error) {
        thrown = { error }
        throw error
      }
    })
  } catch (error) {
    throw thrown ? error : storeError(error)
  }
}

/** The same connection, with errors in our words. */
function telling(connection: SqlConnection): SqlConnection {
  return {
    async query(sql, values) {
      try {
        return await connection.query(sql, values)
      } catch (error) {
        throw storeError(error)
      }
    },
  }
}

/** States of PostgreSQL that say that a table or a schema is not there. */
const notThere: readonly string[] = ['42P01', '3F000', '42703']

function storeError(error: unknown): BillingError {
  if (error instanceof BillingError) return error
  const state = sqlState(error)
  if (state !== null && notThere.includes(state)) {
    return new BillingError({
      code: 'store-not-migrated',
      message: `A table or column that the store needs is not there (SQLSTATE ${state}).`,
      fix: 'Call store.migrate() when the app starts, or run what migrationSql() gives; look at the names of appTable.',
      cause: error,
    })
  }
  // The words of the database may hold values of rows, so that they stay in the cause.
  return new BillingError({
    code: 'store-failed',
    message: `The database did not do what was asked${state === null ? '' : ` (SQLSTATE ${state})`}.`,
    fix: 'Look at the database, and at the cause of this error; the same may be tried again.',
    retryable: true,
    cause: error,
  })
}

/** Libraries wrap the database's error in errors of their own. */
function sqlState(error: unknown): string | null {
  for (let found = error, depth = 0; typeof found === 'object' && found !== null && depth < 5; depth += 1) {
    for (const holder of [found, Reflect.get(found, 'meta')]) {
      const code = typeof holder === 'object' && holder !== null ? Reflect.get(holder, 'code') : null
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code
    }
    found = Reflect.get(found, 'cause')
  }
  return null
}
