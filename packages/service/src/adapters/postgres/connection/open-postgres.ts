import type { ConnectionTarget } from './connection-target.ts'
import { placeOf } from './connection-target.ts'
import { explain } from './explain.ts'
import type {
  PostgresConnection,
  PostgresOptions,
  PostgresReader,
  PostgresRepairConnection,
  PostgresWriter,
} from './postgres-connection.ts'
import { PostgresError, type PostgresReason } from './postgres-error.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import { beginSnapshot, beginWriting, readerOf, Transaction } from './transaction.ts'

/** How long is waited before a read is tried again, the second, third and fourth time; then it has failed. */
const pausesMs = [250, 1000, 4000]

/** What may be gone when the same is read again. */
const passing: readonly PostgresReason[] = [
  'connection-lost',
  'starting',
  'too-many-connections',
  'gave-way',
  'out-of-resources',
]

/**
 * Sets up reading from an app's database. Nothing is sent yet: the first read connects. There is no way to write
 * through it: every statement runs in a read-only transaction, in a role that should not be able to write anyway.
 *
 * @example
 * const parsed = parseConnectionString(text, null)
 * if (!parsed.ok) throw refused(parsed.refusal)
 * const app = openPostgres(parsed.value, { source: 'postgres', timer, rng, addresses: ownMachinePolicy })
 * const [row] = await app.read<{ plan: string }>('select plan from public.users where id = $1', ['u_1'])
 * await app.close()
 */
export function openPostgres(target: ConnectionTarget, options: PostgresOptions): PostgresConnection {
  return new GuardedConnection(target, options).asReader()
}

/** Sets up an app's database for repairs, with the connection string that was given for them. Nothing is sent yet. */
export function openPostgresForRepairs(
  target: ConnectionTarget,
  options: PostgresOptions,
): PostgresRepairConnection {
  return new GuardedConnection(target, options).asWriter()
}

class GuardedConnection {
  readonly #target: ConnectionTarget
  readonly #options: PostgresOptions
  readonly #sessions: Sessions
  #requests = 0

  constructor(target: ConnectionTarget, options: PostgresOptions) {
    this.#target = target
    this.#options = options
    this.#sessions = new Sessions(target, options)
  }

  asReader(): PostgresConnection {
    return {
      target: this.#target,
      place: placeOf(this.#target),
      requests: () => this.#requests,
      read: (...statement) => this.#readAgain((reader) => reader.read(...statement)),
      readTexts: (...statement) => this.#readAgain((reader) => reader.readTexts(...statement)),
      inReadOnly: (act) => this.#inSnapshot(act),
      close: () => this.#sessions.close(),
    }
  }

  asWriter(): PostgresRepairConnection {
    return { ...this.asReader(), inTransaction: (act) => this.#inTransaction(act) }
  }

  async #readAgain<T>(act: (reader: PostgresReader) => Promise<T>): Promise<T> {
    const { timer, rng, signal } = this.#options
    for (let tries = 0; ; tries++) {
      try {
        return await this.#inSnapshot(act)
      } catch (error) {
        const pauseMs = pausesMs[tries]
        if (pauseMs === undefined || !this.#mayPass(error)) throw error
        await timer.sleep(pauseMs * (0.5 + rng.next()), signal).catch(() => {})
        if (signal?.aborted) throw error
      }
    }
  }

  #mayPass(error: unknown): boolean {
    if (!(error instanceof PostgresError)) return false
    return passing.includes(error.reason) || (error.reason === 'unreachable' && this.#sessions.hasConnected)
  }

  async #inSnapshot<T>(act: (reader: PostgresReader) => Promise<T>): Promise<T> {
    return await this.#inOne(beginSnapshot, async (transaction) => {
      const value = await act(readerOf(transaction))
      // What was read stands, whatever becomes of the end of a transaction that changed nothing.
      return { value, isClean: await transaction.rollBack() }
    })
  }

  async #inTransaction<T>(act: (writer: PostgresWriter) => Promise<T>): Promise<T> {
    return await this.#inOne(beginWriting, async (transaction) => {
      const value = await act(transaction)
      await transaction.commit()
      return { value, isClean: true }
    })
  }

  async #inOne<T>(
    begin: string,
    act: (transaction: Transaction) => Promise<{ readonly value: T; readonly isClean: boolean }>,
  ): Promise<T> {
    const session = await this.#session()
    let isClean = false
    try {
      const transaction = new Transaction(session, this.#options, (error) => this.#explain(error))
      await transaction.begin(begin)
      try {
        const done = await act(transaction)
        isClean = done.isClean
        return done.value
      } catch (error) {
        isClean = await transaction.rollBack()
        throw error
      }
    } finally {
      this.#sessions.giveBack(session, isClean)
    }
  }

  async #session(): Promise<Session> {
    this.#requests += 1
    try {
      return await this.#sessions.take()
    } catch (error) {
      throw this.#explain(error, 'connecting')
    }
  }

  #explain(error: unknown, when: 'connecting' | 'connected' = 'connected'): PostgresError {
    return explain(error, this.#options.source, this.#target, when)
  }
}
