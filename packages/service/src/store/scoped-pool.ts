import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

/** Whose rows a statement may see: those of a workspace, or of one project of it. */
export interface Tenant {
  readonly workspaceId: string
  readonly projectId?: string | undefined
}

/** Every row, for what is found before the tenant is known and for what spans all of them. */
export const everyTenant: Tenant = { workspaceId: '*' }

/** What a pool gives out, as far as statements need it. */
export interface StatementClient {
  query(text: string, parameters?: readonly unknown[]): Promise<unknown>
  release(error?: Error | boolean): void
}

/**
 * A pool whose every statement sees the rows of one tenant alone, by the row-level security of the tables: whatever a
 * statement's own conditions say, and also when it has none. The tenant is named in each transaction anew
 * (`set local`), since a connection serves one tenant after the other and, behind a pooler, not even the same server
 * process; a statement outside of a transaction gets one of its own.
 *
 * @param role takes the place of a user whom row-level security does not hold, such as a superuser.
 */
export function scopedPool(
  connect: () => Promise<StatementClient>,
  tenant: Tenant,
  role: string | null,
): PostgresPool {
  const settings = [
    ...(role ? [`set local role ${pg.escapeIdentifier(role)}`] : []),
    `set local trueup.workspace = ${pg.escapeLiteral(tenant.workspaceId)}`,
    `set local trueup.project = ${pg.escapeLiteral(tenant.projectId ?? '')}`,
    // To compile a statement to machine code takes a server half a second, which is longer than it then takes to run.
    'set local jit = off',
  ].join('; ')
  return {
    connect: async () => {
      const client = await connect()
      const scoped = new ScopedClient(client, settings)
      const query: unknown = (text: string, parameters: readonly unknown[]) => scoped.query(text, parameters)
      // Kysely passes a cursor only to stream rows, which nothing here does.
      return { query: query as PostgresPoolClient['query'], release: () => scoped.release() }
    },
    // Whoever made the pool ends it.
    end: async () => {},
  }
}

class ScopedClient {
  readonly #client: StatementClient
  readonly #settings: string
  #inTransaction = false
  /** A connection whose transaction could not be ended is given back to nobody. */
  #broken = false

  constructor(client: StatementClient, settings: string) {
    this.#client = client
    this.#settings = settings
  }

  async query(text: string, parameters: readonly unknown[]): Promise<unknown> {
    const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase()
    switch (word) {
      case 'begin':
      case 'start':
        this.#inTransaction = true
        return await this.#client.query(`${text}; ${this.#settings}`)
      case 'commit':
      case 'rollback':
        // `rollback to` a savepoint goes on with the transaction.
        if (!/^\s*rollback\s+to\b/i.test(text)) this.#inTransaction = false
        return await this.#client.query(text)
      // Refused inside of a transaction; touches no row's content.
      case 'vacuum':
        return await this.#client.query(text)
      // Left undone, with no more than a warning, for a role that does not own the table. Reads rows of every tenant,
      // gives none, and what a transaction analyzes are its own temporary tables.
      case 'analyze':
        return await this.#client.query(text)
      default:
        return this.#inTransaction
          ? await this.#client.query(text, parameters)
          : await this.#alone(text, parameters)
    }
  }

  async #alone(text: string, parameters: readonly unknown[]): Promise<unknown> {
    await this.#client.query(`begin; ${this.#settings}`)
    try {
      const result = await this.#client.query(text, parameters)
      await this.#client.query('commit')
      return result
    } catch (error) {
      await this.#client.query('rollback').catch(() => {
        this.#broken = true
      })
      throw error
    }
  }

  release(): void {
    this.#client.release(this.#broken || this.#inTransaction)
  }
}
