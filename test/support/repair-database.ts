import pg from 'pg'
import {
  openPostgresForRepairs,
  ownMachinePolicy,
  type PostgresRepairConnection,
} from '../../packages/service/src/adapters/postgres/connection/index.ts'
import { systemRng, systemTimer } from '../../packages/service/src/adapters/system.ts'
import { createTestDatabase } from './database.ts'
import { relayTo } from './relay.ts'

/** A database of an app, its owner's hands on it, and a way in for a role that repairs. */
export interface RepairDatabase {
  /** The address for a superuser, through the Unix socket. */
  readonly url: string
  readonly name: string
  /** Roles belong to the whole server, so each database has one of its own name; it is dropped with the database. */
  readonly role: string
  /** Runs statements as the superuser. */
  owner(text: string, values?: readonly unknown[]): Promise<pg.QueryResult>
  /** Connects as a role, as Trueup does. */
  connect(role: string): PostgresRepairConnection
  loseNextCommit(): void
  close(): Promise<void>
}

const usersTable = `
  create table public.users (
    id text primary key,
    plan text,
    premium boolean not null default false,
    email text,
    stripe_customer_id text,
    trial_ends_at timestamptz,
    seats bigint,
    features jsonb,
    tags text[]
  );
`

/** Makes a database with a table of users. */
export async function createRepairDatabase(): Promise<RepairDatabase> {
  const database = await createTestDatabase({ empty: true })
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  pool.on('error', () => {})
  await pool.query(usersTable)
  const relay = await relayTo(database.url)
  const name = new pg.Client({ connectionString: database.url }).database ?? ''
  const role = `repair_${name.replace('trueup_test_', '')}`
  const connections: PostgresRepairConnection[] = []
  return {
    url: database.url,
    name,
    role,
    owner: (text, values) => pool.query(text, values ? [...values] : undefined),
    connect(user) {
      const connection = openPostgresForRepairs(
        {
          user,
          password: null,
          host: '127.0.0.1',
          port: relay.port,
          database: name,
          tls: { kind: 'off' },
          endpoint: 'direct',
        },
        { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy },
      )
      connections.push(connection)
      return connection
    },
    loseNextCommit: () => relay.loseNextCommit(),
    async close() {
      for (const connection of connections) await connection.close()
      await relay.close()
      await pool.end()
      await database.drop()
      await dropRoles(database.url, [role, `${role}_owner`])
    },
  }
}

/** The database is gone, so nothing of these roles is left. */
async function dropRoles(url: string, roles: readonly string[]): Promise<void> {
  const server = url.replace(/^(\w+:\/\/[^/?]*)\/[^?]*/, '$1/postgres')
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    for (const role of roles) await client.query(`drop role if exists "${role}"`)
  } finally {
    await client.end()
  }
}
