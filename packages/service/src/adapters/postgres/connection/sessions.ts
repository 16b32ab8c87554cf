import type { ConnectionTarget } from './connection-target.ts'
import type { PostgresOptions } from './postgres-connection.ts'
import { Session } from './session.ts'
import { problem } from './wire-problem.ts'

/** A check reads on one and looks something up on the other; the app needs the rest. */
const mostSessions = 2

/** The sessions with one server: opened when they are needed, at most two, kept while they are good. */
export class Sessions {
  readonly #target: ConnectionTarget
  readonly #options: PostgresOptions
  readonly #idle: Session[] = []
  readonly #inUse = new Set<Session>()
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #isClosed = false
  #hasConnected = false

  constructor(target: ConnectionTarget, options: PostgresOptions) {
    this.#target = target
    this.#options = options
  }

  /** Whether a session ever came about: then a server that does not answer is away rather than wrongly named. */
  get hasConnected(): boolean {
    return this.#hasConnected
  }

  /** A session for one transaction; waits while as many as there may be are taken. */
  async take(): Promise<Session> {
    await this.#takeTurn()
    try {
      const session = this.#kept() ?? (await this.#openSession())
      this.#inUse.add(session)
      return session
    } catch (error) {
      this.#endTurn()
      throw error
    }
  }

  /** Gives it back; it is kept for others when nothing was left open in it. */
  giveBack(session: Session, isClean: boolean): void {
    this.#inUse.delete(session)
    if (isClean && session.isOpen && !this.#isClosed) this.#idle.push(session)
    else session.abandon()
    this.#endTurn()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const wake of this.#waiting.splice(0)) wake()
    for (const session of this.#inUse) session.abandon()
    await Promise.all(this.#idle.splice(0).map((session) => session.end()))
  }

  async #takeTurn(): Promise<void> {
    while (this.#taken >= mostSessions && !this.#isClosed) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve))
    }
    if (this.#isClosed) throw problem('closed')
    this.#taken += 1
  }

  #endTurn(): void {
    this.#taken -= 1
    this.#waiting.shift()?.()
  }

  /** One that waited may have been ended by the server meanwhile. */
  #kept(): Session | null {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.isOpen) return kept
    }
    return null
  }

  async #openSession(): Promise<Session> {
    const session = await Session.open(this.#target, this.#options)
    this.#hasConnected = true
    if (!this.#isClosed) return session
    session.abandon()
    throw problem('closed')
  }
}
