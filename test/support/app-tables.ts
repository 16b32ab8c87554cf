import pg from 'pg'
import {
  openPostgres,
  ownMachinePolicy,
  type PostgresConnection,
} from '../../packages/service/src/adapters/postgres/connection/index.ts'
import { systemRng, systemTimer } from '../../packages/service/src/adapters/system.ts'
import { createTestDatabase } from './database.ts'
import { relayTo } from './relay.ts'

/** An app's database with tables of the test's own making, and the roles that look at it. */
export interface AppTables {
  /** Runs statements as a superuser; the rows of the last one. */
  run(sql: string): Promise<readonly Record<string, unknown>[]>
  /** A new name for a role of this database alone: roles belong to the whole server. */
  role(name: string): string
  /** A connection of the kind that Trueup reads through, as this role; as a superuser when none is named. */
  open(role?: string): PostgresConnection
  /** Closes the connections that were opened so far: a server takes only so many. */
  closeConnections(): Promise<void>
  /** How to reach it by a program, as a superuser, through a Unix socket. */
  readonly url: string
  /** The connection string for Trueup, as a role with a password that the server does not ask for. */
  urlOf(role: string, password: string): string
  readonly superuser: string
  close(): Promise<void>
}

/** Makes an empty database, to be filled with tables and roles. What it made goes away with it. */
export async function createAppTables(): Promise<AppTables> {
  const database = await createTestDatabase({ empty: true })
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  const relay = await relayTo(database.url)
  const opened: PostgresConnection[] = []
  const closeConnections = async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.close()))
  }
  const roles = new Set<string>()
  const unique = `${process.pid}_${process.hrtime.bigint()}`
  return {
    url: database.url,
    superuser: admin.user ?? 'postgres',
    urlOf: (role, password) =>
      `postgres://${role}:${password}@127.0.0.1:${relay.port}/${admin.database}?sslmode=disable`,
    async run(sql) {
      const answers: unknown = await admin.query(sql)
      const last: unknown = Array.isArray(answers) ? answers.at(-1) : answers
      return (last as { rows: Record<string, unknown>[] }).rows
    },
    role(name) {
      const made = `${name}_${unique}_${roles.size}`
      roles.add(made)
      return made
    },
    open(role = admin.user ?? 'postgres') {
      const connection = openPostgres(
        {
          user: role,
          password: null,
          host: '127.0.0.1',
          port: relay.port,
          database: admin.database ?? '',
          tls: { kind: 'off' },
          endpoint: 'direct',
        },
        { source: 'postgres', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy },
      )
      opened.push(connection)
      return connection
    },
    closeConnections,
    async close() {
      await closeConnections()
      await relay.close()
      for (const role of roles) {
        const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role])
        if (rowCount) await admin.query(`drop owned by "${role}" cascade; drop role "${role}"`)
      }
      await admin.end()
      await database.drop()
    },
  }
}
