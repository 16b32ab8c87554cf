import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../store-error.ts'
import { emptyBeginning } from './beginnings.ts'
import { ClientStream } from './client-stream.ts'
import { cStrings, message, splitMessages, typeOf } from './protocol.ts'
import { Session } from './session.ts'

type FromWorker =
  | { readonly ready: string }
  | { readonly closed: true }
  | { readonly archive: Uint8Array }
  | { readonly id: number; readonly bytes: Uint8Array }
  | { readonly id: number; readonly failure: string }

/** Who owns everything; sessions are theirs to begin with. */
const superuser = 'postgres'

interface Waiting {
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: StoreError) => void
}

/**
 * PostgreSQL inside this process: PGlite in a worker thread, behind streams that the `pg` client takes for sockets.
 * There is one session, so a transaction has it to itself until it ends; whoever comes meanwhile waits.
 *
 * @example
 * const engine = await EmbeddedEngine.start(null)
 * const pool = new pg.Pool({ stream: () => engine.connect(), ssl: false })
 */
export class EmbeddedEngine {
  readonly session = new Session()
  readonly clients = new Set<ClientStream>()
  readonly serverVersion: string
  readonly #worker: Worker
  #role = superuser
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #clientsMade = 0
  #failure: StoreError | null = null
  #closed: (() => void) | null = null

  /**
   * Starts on the files of a folder, which it makes when there are none; `null` keeps everything in memory. A folder
   * bears one engine at a time, of all processes: hold its lock first.
   *
   * @throws StoreError `engine-failed`
   */
  static async start(
    folder: string | null,
    options: {
      /**
       * Bytes that the write-ahead log may grow by until a checkpoint clears it. More makes writing quicker; less makes
       * the start after a kill quicker, and the folder smaller. 256 MiB unless told.
       */
      readonly logBytes?: number
      /** The archive that new files are unpacked from; `null`, or where there is none, they are made. An empty one unless told. */
      readonly beginning?: string | null
    } = {},
  ): Promise<EmbeddedEngine> {
    const { logBytes = 256 * 1024 * 1024, beginning = emptyBeginning } = options
    const worker = new Worker(new URL('./pglite-worker.mjs', import.meta.url), {
      workerData: { folder, logBytes, beginning },
      execArgv: [],
    })
    try {
      const [message]: { readonly ready: string }[] = await once(worker, 'message')
      return new EmbeddedEngine(worker, message?.ready ?? '')
    } catch (error) {
      await worker.terminate()
      throw failed(error)
    }
  }

  private constructor(worker: Worker, serverVersion: string) {
    this.#worker = worker
    this.serverVersion = serverVersion
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('its thread ended')))
  }

  /** A stream for one client, to be handed to `pg` as `stream`. */
  connect(): ClientStream {
    const client = new ClientStream(this, ++this.#clientsMade)
    if (this.#failure) client.destroy(this.#failure)
    else this.clients.add(client)
    return client
  }

  /** Sends bytes of the protocol to the session and gives the answer. The bytes are handed over, not copied. */
  async exchange(bytes: Uint8Array<ArrayBuffer>): Promise<Buffer> {
    if (this.#failure) throw this.#failure
    const id = ++this.#calls
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, bytes }, [bytes.buffer])
    })
  }

  /**
   * Makes what follows in the session act as this role, as if the session were its own. Whoever holds the session asks
   * for it, outside of a transaction.
   *
   * @returns the database's refusal, as a message of the protocol; `null` when it took the role.
   */
  async actAs(role: string): Promise<Buffer | null> {
    if (role === this.#role) return null
    const sql = `set session authorization "${role.replaceAll('"', '""')}"`
    const answer = await this.exchange(Uint8Array.from(message('Q', cStrings(sql))))
    const refusal = splitMessages(answer).messages.find((part) => typeOf(part) === 'E')
    if (refusal === undefined) this.#role = role
    return refusal ?? null
  }

  /** All files as a tar archive, for others to begin from. Ask for it while no client is connected. */
  async archive(): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure
    const sent = once(this.#worker, 'message')
    this.#worker.postMessage('archive')
    const [answer]: FromWorker[] = await sent
    if (!answer || !('archive' in answer)) throw failed(new Error('it gave something else than its files'))
    return answer.archive
  }

  /** Waits for the transaction under way, then ends: what was acknowledged is on disk. */
  async close(): Promise<void> {
    if (this.#failure) return
    await this.session.take(this)
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve
    })
    this.#worker.postMessage('close')
    await closed
    this.#failure = closedError()
    await this.#worker.terminate()
    for (const client of this.clients) client.destroy()
  }

  #receive(sent: FromWorker): void {
    if ('closed' in sent) this.#closed?.()
    if (!('id' in sent)) return
    const waiting = this.#waiting.get(sent.id)
    this.#waiting.delete(sent.id)
    if ('failure' in sent) waiting?.reject(failed(new Error(sent.failure)))
    else waiting?.resolve(Buffer.from(sent.bytes.buffer, sent.bytes.byteOffset, sent.bytes.byteLength))
  }

  /** Nothing more can come from a thread that ended; whoever waits must hear of it. */
  #fail(cause: Error): void {
    this.#closed?.()
    if (this.#failure) return
    this.#failure = failed(cause)
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
    for (const client of this.clients) client.destroy(this.#failure)
  }
}

function failed(cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError({
    code: 'engine-failed',
    message: `The embedded database stopped: ${reason}`,
    fix: 'Run the command again; what was acknowledged is kept. If it fails again, free memory and disk space, or set DATABASE_URL to a PostgreSQL.',
    cause,
  })
}

function closedError(): StoreError {
  return new StoreError({
    code: 'closed',
    message: 'The embedded database was closed.',
    fix: 'Open the store again.',
  })
}
