import type { Clock, Store } from '@trueup/core'
import type { Connection } from './connection.ts'
import { connect } from './connection.ts'
import { createPostgresStore } from './postgres-store.ts'
import { StoreError } from './store-error.ts'

export interface StoreOptions {
  /** The address of a PostgreSQL, as the `pg` driver reads it. Without it the embedded database is used. */
  readonly databaseUrl?: string | null | undefined
  readonly home: string
  readonly clock: Clock
}

export async function openStore({ databaseUrl }: StoreOptions): Promise<Store> {
  if (!databaseUrl) throw new StoreError({ code: 'folder-unusable', message: 'x', fix: 'x' })
  return createPostgresStore(await connectUrl(databaseUrl))
}

async function connectUrl(databaseUrl: string): Promise<Connection> {
  return await connect(
    { connectionString: databaseUrl, max: 10 },
    { place: placeOf(databaseUrl), vacuumsItself: false },
  )
}

/** Host, port and name; never the user or the password. */
function placeOf(databaseUrl: string): string {
  return databaseUrl.replace(/^\w+:\/\/(?:.*@)?([^?#]*).*$/s, '$1')
}
