import type { Duplex } from 'node:stream'
import { DriverStream } from '../../../driver-stream.ts'
import { AuthenticationWatch } from './authentication-watch.ts'
import { BackendMessages } from './backend-messages.ts'
import { isDataRow, isRowDescription, isText, rebuiltError } from './message-shapes.ts'
import { problem, WireProblem } from './wire-problem.ts'

/** What the next statement may be answered with at most. */
export interface AnswerLimits {
  readonly rows: number
  readonly bytes: number
}

/** Messages that carry no rows: how many of them a statement may be answered with. */
const mostOtherMessages = 1000
/** Before a session is ready there is little to say. */
const connectLimits: AnswerLimits = { rows: 0, bytes: 256 * 1024 }
const idleLimits = connectLimits

/**
 * The stream that the driver speaks through. It takes the server's messages apart before the driver sees them: one
 * that the protocol does not provide for here, that is malformed, too long or one too many ends the connection, and so
 * does every way to authenticate but SCRAM-SHA-256 with sane iterations. Notices are dropped; of errors only the
 * SQLSTATE is let through. The driver itself believes every length that a server writes.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class WireGuard extends DriverStream {
  readonly #socket: Duplex
  readonly #messages = new BackendMessages()
  readonly #authentication: AuthenticationWatch
  /** Answers that are still to be ended by "ready for query"; the first is that to the start of the session. */
  #expected = 1
  #limits = connectLimits
  #rows = 0
  #bytes = 0
  #others = 0
  #columns = 0
  #isReady = false
  #problem: WireProblem | null = null

  constructor(socket: Duplex, { hasPassword }: { readonly hasPassword: boolean }) {
    super()
    this.#socket = socket
    this.#authentication = new AuthenticationWatch(hasPassword)
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
    // The driver listens from when it connects; before that an error must not end the process.
    this.on('error', () => {})
  }

  /** Why the guard ended the connection; `null` when it did not. */
  get problem(): WireProblem | null {
    return this.#problem
  }

  /** Whether the server asked for a proof of the password, and so owes one of its own. */
  get askedForProof(): boolean {
    return this.#authentication.askedForProof
  }

  /** Makes room for the answer to one more statement; to be said before it is sent. */
  expectAnswer(limits: AnswerLimits): void {
    if (this.#expected === 0) this.#startCounting(limits)
    else this.#limits = limits
    this.#expected += 1
  }

  /** Ends the connection; the driver is told why. */
  break(found: WireProblem): void {
    this.#problem ??= found
    this.destroy(found)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: () => void): void {
    // A server that never hangs up itself is not waited for.
    this.#socket.end(() => this.destroy())
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }

  #startCounting(limits: AnswerLimits): void {
    this.#limits = limits
    this.#rows = 0
    this.#bytes = 0
    this.#others = 0
  }

  #take(bytes: Buffer): void {
    if (this.destroyed) return
    this.#bytes += bytes.length
    try {
      if (this.#bytes > this.#limits.bytes) throw problem('too-many-bytes')
      this.#pass(bytes)
    } catch (error) {
      this.break(error instanceof WireProblem ? error : problem('garbage'))
    }
  }

  /** Hands on runs of messages that may pass as they came, so that nothing is copied. */
  #pass(bytes: Buffer): void {
    const whole = this.#messages.add(bytes)
    if (whole === null) return
    let from = 0
    for (let at = 0; at < whole.length; ) {
      const end = at + 1 + whole.readUInt32BE(at + 1)
      const verdict = this.#judge(whole, at + 5, end, whole[at] ?? 0)
      if (verdict !== 'pass') {
        this.#handOn(whole.subarray(from, at))
        if (verdict !== 'drop') this.#handOn(verdict)
        from = end
      }
      at = end
    }
    this.#handOn(whole.subarray(from))
  }

  /** The driver listens for `data`; an error that it throws while reading is caught where this was called. */
  #handOn(bytes: Buffer): void {
    if (bytes.length > 0 && !this.destroyed) this.emit('data', bytes)
  }

  #judge(bytes: Buffer, from: number, end: number, type: number): 'pass' | 'drop' | Buffer {
    if (type === letter.dataRow) return this.#judgeRow(bytes, from, end)
    this.#others += 1
    if (this.#others > mostOtherMessages) throw problem('too-many-messages')
    switch (type) {
      case letter.notice:
      case letter.parameter:
      case letter.notification:
        return 'drop'
      case letter.error:
        // Nothing was asked, so this is the last that comes: the server, or a pooler, ends the session.
        if (this.#expected === 0) throw problem('lost')
        return rebuiltError(bytes, from, end)
      case letter.ready:
        return this.#judgeReady(bytes, from, end)
    }
    return this.#isReady
      ? this.#judgeAnswer(bytes, from, end, type)
      : this.#judgeStart(bytes, from, end, type)
  }

  #judgeStart(bytes: Buffer, from: number, end: number, type: number): 'pass' {
    if (type === letter.authentication) this.#authentication.admit(bytes, from, end)
    else if (type !== letter.keyData || end - from !== 8) throw problem('garbage')
    return 'pass'
  }

  #judgeAnswer(bytes: Buffer, from: number, end: number, type: number): 'pass' {
    if (this.#expected === 0) throw problem('unasked')
    const isSound =
      type === letter.rowDescription
        ? isRowDescription(bytes, from, end)
        : type === letter.complete
          ? isText(bytes, from, end)
          : emptyLetters.includes(type) && from === end
    if (!isSound) throw problem('garbage')
    if (type === letter.rowDescription) this.#columns = bytes.readUInt16BE(from)
    return 'pass'
  }

  #judgeRow(bytes: Buffer, from: number, end: number): 'pass' {
    if (!this.#isReady || this.#expected === 0) throw problem('unasked')
    this.#rows += 1
    if (this.#rows > this.#limits.rows) throw problem('too-many-rows')
    if (!isDataRow(bytes, from, end, this.#columns)) throw problem('garbage')
    return 'pass'
  }

  #judgeReady(bytes: Buffer, from: number, end: number): 'pass' {
    if (end - from !== 1 || !readyStates.includes(bytes[from] ?? 0)) throw problem('garbage')
    if (this.#expected === 0) throw problem('unasked')
    this.#authentication.assertDone()
    this.#isReady = true
    this.#expected -= 1
    if (this.#expected === 0) this.#startCounting(idleLimits)
    return 'pass'
  }
}

const code = (text: string) => text.charCodeAt(0)
const letter = {
  authentication: code('R'),
  complete: code('C'),
  dataRow: code('D'),
  error: code('E'),
  keyData: code('K'),
  notice: code('N'),
  notification: code('A'),
  parameter: code('S'),
  ready: code('Z'),
  rowDescription: code('T'),
} as const
/** Parse complete, bind complete, no data, empty query. */
const emptyLetters: readonly number[] = ['1', '2', 'n', 'I'].map(code)
const readyStates: readonly number[] = ['I', 'T', 'E'].map(code)
