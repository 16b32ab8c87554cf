import type { Timer } from '@trueup/core'
import pg from 'pg'
import type { ConnectionTarget } from './connection-target.ts'
import type { Parameter, PostgresOptions } from './postgres-connection.ts'
import { reach, systemLookup } from './reach.ts'
import { type RawAnswer, Statement } from './statement.ts'
import { type AnswerLimits, WireGuard } from './wire-guard.ts'
import { problem } from './wire-problem.ts'
import { stoppedBy, within } from './within.ts'

/** What one statement may take, all said. */
export interface StatementLimits extends AnswerLimits {
  readonly timeMs: number
  readonly signal: AbortSignal | undefined
}

/** From the first look-up to a session that is ready. */
const connectMs = 10_000

/** One session with a server, through the driver, under guard. Statements run one after the other. */
export class Session {
  readonly #client: pg.Client
  readonly #guard: WireGuard
  readonly #timer: Timer
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(client: pg.Client, guard: WireGuard, timer: Timer) {
    this.#client = client
    this.#guard = guard
    this.#timer = timer
  }

  /** @throws Unreached, WireProblem, or what the driver throws */
  static async open(target: ConnectionTarget, options: PostgresOptions): Promise<Session> {
    const { timer, lookup = systemLookup, addresses, signal } = options
    const limit = { ms: options.connectMs ?? connectMs, timer, outer: signal }
    return await within(limit, async (until) => {
      const socket = await reach(target, { lookup, addresses }, until)
      const guard = new WireGuard(socket, { hasPassword: target.password !== null })
      try {
        const client = clientThrough(guard, target)
        await stoppedBy(
          until,
          (why) => guard.break(why),
          () => client.connect(),
        )
        return new Session(client, guard, timer)
      } catch (error) {
        const why = whyRefused(guard, error)
        guard.destroy()
        throw why
      }
    })
  }

  /** Whether it can take another statement. */
  get isOpen(): boolean {
    return !this.#guard.destroyed
  }

  /**
   * Sends a statement: with parameters exactly one, without (`null`) several are allowed.
   *
   * @throws WireProblem, or what the driver throws
   */
  async run(
    text: string,
    parameters: readonly Parameter[] | null,
    limits: StatementLimits,
  ): Promise<RawAnswer> {
    const turn = this.#turn.then(() => this.#send(text, parameters, limits))
    this.#turn = turn.catch(() => {})
    return await turn
  }

  /** Says goodbye, when nothing is under way. */
  async end(): Promise<void> {
    if (!this.isOpen) return
    await this.#client.end()
  }

  /** Ends it at once, whatever is under way. */
  abandon(): void {
    this.#guard.break(problem('closed'))
  }

  async #send(
    text: string,
    parameters: readonly Parameter[] | null,
    limits: StatementLimits,
  ): Promise<RawAnswer> {
    const limit = { ms: limits.timeMs, timer: this.#timer, outer: limits.signal }
    try {
      return await within(limit, (until) =>
        stoppedBy(
          until,
          (why) => this.#guard.break(why),
          () => this.#submit(text, parameters, limits),
        ),
      )
    } catch (error) {
      throw isAnswer(error) ? error : (this.#guard.problem ?? (this.isOpen ? error : problem('lost')))
    }
  }

  async #submit(
    text: string,
    parameters: readonly Parameter[] | null,
    limits: AnswerLimits,
  ): Promise<RawAnswer> {
    return await new Promise((resolve, reject) => {
      const statement = new Statement(text, parameters, { resolve, reject })
      this.#guard.expectAnswer(limits)
      this.#client.query(statement)
    })
  }
}

/**
 * The driver's client, speaking through the guard. It is given no text of the user's and nothing that it would take
 * from `PG*` variables or files: what it would say at the start is replaced, since it reads some of that from the
 * environment wherever a value is empty.
 */
function clientThrough(guard: WireGuard, target: ConnectionTarget): pg.Client {
  const client = new pg.Client({
    stream: () => guard,
    host: 'guarded',
    port: target.port,
    user: target.user,
    database: target.database,
    password: () => target.password?.reveal() ?? '',
    ssl: false,
    sslnegotiation: 'postgres',
    client_encoding: 'UTF8',
    application_name: applicationName,
  })
  // NODE_PG_FORCE_NATIVE puts another client in its place, which opens connections of its own.
  if (Reflect.get(Reflect.get(client, 'connection') ?? {}, 'stream') !== guard) {
    throw new Error('The driver does not speak through the guard: unset NODE_PG_FORCE_NATIVE.')
  }
  const start = { user: target.user, database: target.database, application_name: applicationName }
  Object.assign(client, { getStartupConf: () => start })
  // An idle session that ends is noticed by its stream; without a listener it would end the process.
  client.on('error', () => {})
  return client
}

const applicationName = 'trueup'

/**
 * The driver compares the server's proof of the password with its own, and has no code for one that is wrong: then
 * the connection still stands, and the server has not said no.
 */
function whyRefused(guard: WireGuard, error: unknown): unknown {
  if (guard.problem) return guard.problem
  if (isAnswer(error)) return error
  if (guard.destroyed) return problem('lost')
  return guard.askedForProof ? problem('scram-unproved') : error
}

/** An answer of the server, which says what it says also when it ends the connection. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}
