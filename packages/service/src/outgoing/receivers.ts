import { createServer } from 'node:http'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A request that a receiver got. */
export interface Received {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a receiver answers with, until told otherwise: 200 and nothing. */
export interface Answer {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An HTTP server that keeps what is posted to it. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers to the next requests, one each; afterwards as usual. */
  readonly next: (Answer | 'break-off')[]
  usual: Answer
  /** Resolves once so many requests have been answered. */
  arrived(count: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts a receiver on this machine.
 *
 * @example
 * const receiver = await startReceiver()
 * receiver.next.push({ status: 503 })
 */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const next: (Answer | 'break-off')[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    )
    received.push({ path: request.url ?? '', headers, body })
    response.once('close', () => {
      for (const one of waiting) if (received.length >= one.count) one.resolve()
    })
    const answer = next.shift() ?? receiver.usual
    if (answer === 'break-off') {
      request.socket.destroy()
      return
    }
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver listens on no port.')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}`,
    received,
    next,
    usual: { status: 200 },
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return receiver
}

/** A mail that a server took. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | null
  readonly isEncrypted: boolean
  readonly raw: Buffer
}

export interface MailServer {
  readonly port: number
  readonly received: ReceivedMail[]
  /** What it says to the next mails in place of taking them. */
  readonly refusals: { readonly code: number; readonly message: string }[]
  close(): Promise<void>
}

/** Starts a mail server on this machine; whoever signs in does so as `trueup` with `correct horse`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const refusals: { readonly code: number; readonly message: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    ...options,
    onAuth({ username, password }, _session, answer) {
      if (username === 'trueup' && password === 'correct horse') answer(null, { user: username })
      else answer(Object.assign(new Error('Wrong user or password'), { responseCode: 535 }))
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const refusal = refusals.shift()
        if (refusal) {
          answer(Object.assign(new Error(refusal.message), { responseCode: refusal.code }))
          return
        }
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: session.user ?? null,
          isEncrypted: session.secure,
          raw: Buffer.concat(chunks),
        })
        answer()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('The mail server listens on no port.')
  return {
    port: address.port,
    received,
    refusals,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
