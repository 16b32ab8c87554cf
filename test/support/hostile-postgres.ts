import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { makeCertificate } from './secure-cluster.ts'

/** One client of a hostile server, as the server sees it. */
export interface Victim {
  /** What it says next: from one to many messages. Rejects when it is gone. */
  hear(): Promise<Buffer>
  /** Waits until it says something that holds this text. */
  hearUntil(text: string): Promise<string>
  /** Says something; resolves when there is room for more, `false` when the victim is gone. */
  say(...messages: readonly Buffer[]): Promise<boolean>
  /** Goes on with TLS, as the server of this certificate. */
  encrypt(certificate: Certificate): Promise<void>
  hangUp(): void
}

/** The key and certificate (PEM) of a server. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A server that says whatever its behaviour says. */
export interface HostileServer {
  readonly port: number
  /** Everything that clients said, after decryption too. */
  heard(): Buffer
  connections(): number
  /** Bytes that were sent to clients. */
  said(): number
  stop(): Promise<void>
}

/** Starts a server on 127.0.0.1 that does this to each client. */
export async function startHostileServer(behave: (victim: Victim) => Promise<void>): Promise<HostileServer> {
  const heard: Buffer[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let said = 0
  // It does not even hang up when the other side does.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const victim = new Wire(socket, heard, (bytes) => {
      said += bytes
    })
    // It goes away when it has seen enough, which is what the tests are about.
    behave(victim).catch(() => victim.hangUp())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    heard: () => Buffer.concat(heard),
    connections: () => connections,
    said: () => said,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  return address.port
}

class Wire implements Victim {
  #socket: Socket
  readonly #heard: Buffer[]
  readonly #count: (bytes: number) => void
  #unread: Buffer[] = []
  #wake: () => void = () => {}
  #isGone = false

  constructor(socket: Socket, heard: Buffer[], count: (bytes: number) => void) {
    this.#socket = socket
    this.#heard = heard
    this.#count = count
    this.#listen(socket)
  }

  async hear(): Promise<Buffer> {
    while (this.#unread.length === 0) {
      if (this.#isGone) throw new Error('The client is gone.')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return Buffer.concat(this.#unread.splice(0))
  }

  async hearUntil(text: string): Promise<string> {
    let all = ''
    while (!all.includes(text)) all += (await this.hear()).toString('latin1')
    return all
  }

  async say(...messages: readonly Buffer[]): Promise<boolean> {
    const bytes = Buffer.concat(messages)
    if (this.#isGone || !this.#socket.writable) return false
    this.#count(bytes.length)
    if (this.#socket.write(bytes)) return true
    const socket = this.#socket
    return await new Promise<boolean>((resolve) => {
      const settle = () => {
        socket.off('drain', settle)
        socket.off('close', settle)
        resolve(!this.#isGone)
      }
      socket.once('drain', settle)
      socket.once('close', settle)
    })
  }

  async encrypt(certificate: Certificate): Promise<void> {
    const raw = this.#socket
    raw.removeAllListeners('data')
    const secured = new TLSSocket(raw, { isServer: true, ...certificate })
    this.#listen(secured)
    this.#socket = secured
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', () => resolve())
      secured.once('close', () => reject(new Error('The client did not like the certificate.')))
    })
  }

  hangUp(): void {
    this.#socket.destroy()
  }

  #listen(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => {
      this.#heard.push(bytes)
      this.#unread.push(bytes)
      this.#wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#isGone = true
      this.#wake()
    })
  }
}

/** A message of a server: a letter, its length, its body. */
export function backend(type: string, ...body: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(
    body.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )
  const head = Buffer.alloc(5, type)
  head.writeInt32BE(4 + bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Certificates of each kind, made once for a run. */
export interface Certificates {
  /** The authority to pin. */
  readonly authority: string
  readonly good: Certificate
  readonly otherName: Certificate
  readonly selfSigned: Certificate
  /** Of an authority that nobody pinned. */
  readonly stranger: Certificate
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-certificates-'))
  const of = (name: string): Certificate => ({
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
    cert: readFileSync(join(folder, `${name}.crt`), 'utf8'),
  })
  try {
    const authority = makeCertificate(folder, { name: 'good', subjectNames: 'DNS:localhost,IP:127.0.0.1' })
    makeCertificate(folder, { name: 'other', subjectNames: 'DNS:db.example.com', signedBy: 'good' })
    makeCertificate(folder, { name: 'stranger', subjectNames: 'DNS:localhost' })
    return {
      authority,
      good: of('good'),
      otherName: of('other'),
      selfSigned: of('stranger-ca'),
      stranger: of('stranger'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
