import type { Clock, Store } from '@trueup/core'
import pg from 'pg'
import type { Database } from './database.ts'
import { connect } from './database.ts'
import { openEmbedded } from './embedded/open-embedded.ts'
import { createPostgresStore } from './postgres-store.ts'
import { StoreError } from './store-error.ts'

export interface StoreOptions {
  /** The address of a PostgreSQL, as the `pg` driver reads it. Without it, or empty: the embedded database. */
  readonly databaseUrl?: string | null | undefined
  /** Where the embedded database has its folder `database`; `null` keeps it in memory, for runs that leave nothing. */
  readonly home: string | null
  /** Says, to whoever finds the embedded database in use, since when it is. */
  readonly clock: Clock
}

/**
 * Opens the store and brings its schema up to date: on a PostgreSQL server, or on the embedded one, by the same code.
 *
 * @throws StoreError
 * @example
 * const store = await openStore({ home: '/home/me/.trueup', clock })
 * const project = await store.project('app')
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  return createPostgresStore(await openDatabase(options))
}

/**
 * The database under the store, for a service that keeps more in it than checks and incidents.
 *
 * @throws StoreError
 */
export async function openDatabase({ databaseUrl, home, clock }: StoreOptions): Promise<Database> {
  return databaseUrl ? await connectUrl(databaseUrl) : await openEmbedded(home, clock)
}

/** Connections to a server. A check uses few at a time; the rest is for commands that run beside it. */
const mostConnections = 10

async function connectUrl(databaseUrl: string): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw malformed('it does not begin with postgres:// or postgresql://')
  }
  try {
    new pg.Client(databaseUrl)
  } catch {
    // What the driver says is not handed on: it may hold the address, and so the password.
    throw malformed('it cannot be taken apart; in a password write @ / # as %40 %2F %23')
  }
  const config = {
    connectionString: databaseUrl,
    max: mostConnections,
    connectionTimeoutMillis: 15_000,
    pipeline: true,
  }
  return await connect(config, { place: placeOf(databaseUrl), isEmbedded: false })
}

function malformed(reason: string): StoreError {
  return new StoreError({
    code: 'url-malformed',
    message: `DATABASE_URL is not the address of a PostgreSQL: ${reason}.`,
    fix: 'Write it as postgres://user:password@host:5432/database, or unset it to use the embedded database.',
  })
}

/** Host, port and name; never the user or the password. */
function placeOf(databaseUrl: string): string {
  return databaseUrl.replace(/^\w+:\/\/(?:.*@)?([^?#]*).*$/s, '$1')
}
