import { DriverStream } from '../../driver-stream.ts'
import type { EmbeddedEngine } from './engine.ts'
import {
  cStrings,
  message,
  readOpening,
  splitMessages,
  statementNameAt,
  typeOf,
  welcome,
  withPrefix,
} from './protocol.ts'

/** Messages after which a client waits for an answer: Sync, Query, Flush, CopyDone and CopyFail. */
const askingTypes: readonly string[] = ['S', 'Q', 'H', 'c', 'f']

/**
 * One client of the embedded database, as a stream that looks like a socket to the `pg` client. It holds the session
 * from its first message until the database says that it is idle again, so that nobody else gets into its transaction.
 */
export class ClientStream extends DriverStream {
  readonly #engine: EmbeddedEngine
  readonly #number: number
  /** Named statements belong to the session, which all clients share: a prefix keeps each client's its own. */
  readonly #prefix: string
  readonly #statements = new Set<string>()
  /** Whom the client said to be; its statements act as this role. */
  #user = ''
  #isOpen = false
  #unread: Buffer = Buffer.alloc(0)
  #batch: Buffer[] = []
  #work: Promise<void> = Promise.resolve()

  constructor(engine: EmbeddedEngine, number: number) {
    super()
    this.#engine = engine
    this.#number = number
    this.#prefix = `c${number}_`
  }

  /** Hands on what another client was notified of: the session cannot tell who listens. */
  notify(notifications: Buffer): void {
    if (this.#isOpen && !this.destroyed) this.push(notifications)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk
    if (!this.#isOpen) this.#open()
    if (this.#isOpen) this.#read()
    done()
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#leave().then(() => {
      this.push(null)
      done()
    }, done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#leave().then(
      () => done(error),
      () => done(error),
    )
  }

  #open(): void {
    for (;;) {
      const found = readOpening(this.#unread)
      if (!found) return
      this.#unread = found.rest
      if (found.opening === 'encryption') {
        this.push(Buffer.from('N'))
        continue
      }
      if (found.opening === 'cancel') {
        this.push(null)
        return
      }
      this.#user = found.user ?? ''
      this.#isOpen = true
      this.push(welcome(this.#engine.serverVersion, this.#number))
      return
    }
  }

  #read(): void {
    const { messages, rest } = splitMessages(this.#unread)
    this.#unread = rest
    for (const sent of messages) {
      const type = typeOf(sent)
      if (type === 'X') continue
      this.#batch.push(this.#withOwnStatement(sent))
      if (!askingTypes.includes(type)) continue
      const bytes = joined(this.#batch)
      this.#batch = []
      this.#work = this.#work.then(() => this.#ask(bytes)).catch((error) => void this.destroy(error))
    }
  }

  #withOwnStatement(sent: Buffer): Buffer {
    const at = statementNameAt(sent)
    if (at === null) return sent
    const name = this.#prefix + sent.toString('utf8', at, sent.indexOf(0, at))
    if (typeOf(sent) === 'P') this.#statements.add(name)
    if (typeOf(sent) === 'C') this.#statements.delete(name)
    return withPrefix(sent, at, this.#prefix)
  }

  async #ask(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { session } = this.#engine
    await session.take(this)
    if (this.destroyed) return
    const refusal = await this.#engine.actAs(this.#user)
    if (refusal) {
      session.giveBack(this)
      this.push(refusal)
      this.push(null)
      return
    }
    const { messages } = splitMessages(await this.#engine.exchange(bytes))
    const notifications = messages.filter((answer) => typeOf(answer) === 'A')
    const answers = messages.filter((answer) => typeOf(answer) !== 'A')
    if (notifications.length > 0) {
      const all = Buffer.concat(notifications)
      for (const client of this.#engine.clients) client.notify(all)
    }
    if (answers.length > 0 && !this.destroyed) this.push(Buffer.concat(answers))
    // A batch that a Flush ended has no "ready" at its end: the statement goes on, and so does the turn.
    const last = answers.at(-1)
    if (last && typeOf(last) === 'Z' && String.fromCharCode(last[5] ?? 0) === 'I') session.giveBack(this)
  }

  /** Undoes what a client left unfinished and forgets its statements, whether it said goodbye or broke off. */
  async #leave(): Promise<void> {
    if (!this.#engine.clients.delete(this)) return
    await this.#work
    const { session } = this.#engine
    const isInTransaction = session.isHeldBy(this)
    if (!isInTransaction && this.#statements.size === 0) return
    await session.take(this)
    try {
      const close = [...this.#statements].map((name) =>
        message('C', Buffer.concat([Buffer.from('S'), cStrings(name)])),
      )
      // Sync first: after an error the session ignores everything until it comes.
      const rollback = isInTransaction ? [message('S'), message('Q', cStrings('rollback'))] : []
      await this.#engine.exchange(joined([...rollback, ...close, message('S')]))
    } finally {
      session.giveBack(this)
    }
  }
}

/** One array with memory of its own, which can be handed to the worker. */
function joined(parts: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
