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
  /** Whether a statement may be sent before the one in front of it is answered. */
  readonly pipeline: boolean
  query(text: string, parameters?: readonly unknown[]): Promise<unknown>
  release(error?: Error | boolean): void
}

/**
 * A pool whose every statement sees the rows of one tenant alone, by the row-level security of the tables: whatever a
 * statement's own conditions say, and also when it has none. The tenant is named in each transaction anew
 * (`set local`), since a connection serves one tenant after the other and, behind a pooler, not even the same server
 * process; a statement outside of a transaction gets one of its own.
 *
 * Where the client can, a statement is sent together with the begin in front of it: each answer that is waited for takes
 * as long as the way to the server and back. A begin that fails leaves its transaction open and failed, so that the
 * server refuses what was sent behind it.
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
  /** The begin that was sent and whose answer nobody waited for yet. */
  #begun: Promise<unknown> | null = null
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
        return await this.#begin(text)
      case 'commit':
      case 'rollback':
        // `rollback to` a savepoint goes on with the transaction.
        if (!/^\s*rollback\s+to\b/i.test(text)) this.#inTransaction = false
        return await this.#send(text)
      // Refused inside of a transaction; touches no row's content.
      case 'vacuum':
        return await this.#client.query(text)
      // Left undone, with no more than a warning, for a role that does not own the table. Reads rows of every tenant,
      // gives none, and what a transaction analyzes are its own temporary tables.
      case 'analyze':
        return await this.#send(text)
      default:
        return this.#inTransaction ? await this.#send(text, parameters) : await this.#alone(text, parameters)
    }
  }

  async #begin(text: string): Promise<unknown> {
    this.#inTransaction = true
    const begun = this.#client.query(`${text}; ${this.#settings}`)
    if (!this.#client.pipeline) return await begun
    // A failure is met by the next statement; until then it must not count as unhandled.
    begun.catch(() => {})
    this.#begun = begun
    return { command: 'BEGIN', rows: [], rowCount: null }
  }

  /** Sends a statement right behind a begin that is not answered yet, if there is one, and fails as that does. */
  async #send(text: string, parameters?: readonly unknown[]): Promise<unknown> {
    const begun = this.#begun
    this.#begun = null
    const answer = this.#client.query(text, parameters)
    return begun ? (await allAnswered([begun, answer]))[1] : await answer
  }

  async #alone(text: string, parameters: readonly unknown[]): Promise<unknown> {
    const begin = `begin; ${this.#settings}`
    if (this.#client.pipeline) {
      // Where the statement fails, the server takes the commit for a rollback.
      const commit = () => this.#client.query('commit').catch(this.#breaks)
      return (
        await allAnswered([this.#client.query(begin), this.#client.query(text, parameters), commit()])
      )[1]
    }
    try {
      await this.#client.query(begin)
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

  readonly #breaks = (error: unknown) => {
    this.#broken = true
    throw error
  }

  release(): void {
    this.#client.release(this.#broken || this.#inTransaction)
  }
}

/** The answers to what was sent together, once all have come; fails as the first of them that failed. */
async function allAnswered(answers: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(answers)
  return settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  })
}
