import { lookup as lookUp } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { connect as connectSocket, isIP } from 'node:net'
import { connect as connectTls, rootCertificates, type SecureContextOptions, type TLSSocket } from 'node:tls'
import type { AddressPolicy } from './address-policy.ts'
import type { ConnectionTarget } from './connection-target.ts'
import { isPortAllowed, type JudgedAddress, judgeAddress } from './judge-address.ts'
import type { Lookup } from './postgres-connection.ts'
import { isSupabaseHost, supabaseAuthority } from './supabase-authority.ts'
import { Unreached } from './unreached.ts'

/** All addresses of a name, as this machine resolves it. */
export const systemLookup: Lookup = async (host) => {
  const found = await lookUp(host, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

/** More are not tried one after the other. */
const mostAddresses = 4

/**
 * Opens a connection to the server of a target: the name is resolved once, every answer is looked at, and the
 * connection goes to the very address that was looked at, so that a second answer cannot lead elsewhere. Unless the
 * target says otherwise, the server's certificate is checked before anything else is sent.
 *
 * @throws Unreached
 */
export async function reach(
  target: ConnectionTarget,
  ports: { readonly lookup: Lookup; readonly addresses: AddressPolicy },
  signal: AbortSignal,
): Promise<Socket> {
  const answers = isIP(target.host) ? [target.host] : await answersFor(target.host, ports.lookup, signal)
  const judged = answers.map((answer) => judgeAddress(answer, ports.addresses))
  for (const address of judged) assertAllowed(address, target, ports.addresses)
  let last: unknown = new Unreached('name-unresolved')
  for (const address of judged.slice(0, mostAddresses)) {
    try {
      return await dial(target, address, signal)
    } catch (error) {
      // Another address is another way to the same server, not another server: what it said stays said.
      if (!(error instanceof Unreached) || error.kind !== 'no-answer') throw error
      last = error
    }
  }
  throw last
}

async function answersFor(host: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  const answers = await orAbort(
    lookup(host).catch((error) => {
      throw new Unreached('name-unresolved', null, error)
    }),
    signal,
  )
  if (answers.length === 0) throw new Unreached('name-unresolved')
  return answers
}

function assertAllowed(judged: JudgedAddress, { port, tls }: ConnectionTarget, policy: AddressPolicy): void {
  if (!judged.isAllowed) throw new Unreached('address-refused', judged.kind)
  if (!isPortAllowed(port, judged, policy)) throw new Unreached('port-refused')
  if (tls.kind === 'off' && judged.kind === 'public') throw new Unreached('encryption-needed')
}

async function dial(target: ConnectionTarget, { address, family }: JudgedAddress, signal: AbortSignal) {
  const socket = connectSocket({ host: address, family, port: target.port, autoSelectFamily: false })
  const stop = () => socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  // From here on errors are told by the events that are waited for; one that comes between two must not end the process.
  socket.on('error', () => {})
  try {
    signal.throwIfAborted()
    await eventOf(socket, 'connect', signal, 'no-answer')
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    if (target.tls.kind === 'off') return socket
    await askForEncryption(socket, signal)
    return await secure(socket, target, signal)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const encryptionRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
async function askForEncryption(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.write(encryptionRequest)
  const answer = await eventOf<Buffer>(socket, 'data', signal, 'broken-off')
  socket.pause()
  // More than the one letter would be words of somebody between, to be taken for encrypted ones later.
  if (answer.length === 1 && answer[0] === 0x53) return
  throw new Unreached(answer.length === 1 && answer[0] === 0x4e ? 'encryption-missing' : 'not-postgres')
}

async function secure(
  socket: Socket,
  { host, tls }: ConnectionTarget,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const authority = tls.kind === 'off' ? null : tls.authority
  const encrypted = connectTls({
    socket,
    host,
    // A name only: an address must not be sent (RFC 6066, section 3).
    ...(isIP(host) ? {} : { servername: host }),
    ...trusted(host, authority),
    ...(tls.kind === 'pinned' ? { checkServerIdentity: () => undefined } : {}),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  })
  encrypted.on('error', () => {})
  try {
    await eventOf(encrypted, 'secureConnect', signal, 'certificate-refused')
    if (!encrypted.authorized) throw new Unreached('certificate-refused')
    encrypted.disableRenegotiation()
    return encrypted
  } catch (error) {
    encrypted.destroy()
    throw error
  }
}

/** What is pinned counts by itself, be it a root, an authority below one, or the server's own certificate. */
function trusted(host: string, authority: string | null): SecureContextOptions {
  if (authority !== null) return { ca: [authority], allowPartialTrustChain: true }
  return isSupabaseHost(host) ? { ca: [...rootCertificates, supabaseAuthority] } : {}
}

/** Waits for an event; an error, the end of the connection or the signal comes first otherwise. */
async function eventOf<T>(
  socket: Socket,
  event: string,
  signal: AbortSignal,
  otherwise: Unreached['kind'],
): Promise<T> {
  signal.throwIfAborted()
  return await new Promise<T>((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.removeListener(event, succeed)
      socket.removeListener('error', fail)
      socket.removeListener('close', close)
      signal.removeEventListener('abort', abort)
      act()
    }
    const succeed = (value: T) => settle(() => resolve(value))
    const fail = (error: Error) => {
      const code = codeOf(error)
      settle(() => reject(new Unreached(kindOf(code, otherwise), code, error)))
    }
    const close = () =>
      settle(() => reject(new Unreached(otherwise === 'no-answer' ? 'no-answer' : 'broken-off')))
    const abort = () => settle(() => reject(signal.reason))
    socket.once(event, succeed)
    socket.once('error', fail)
    socket.once('close', close)
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** While encryption is set up, most errors are about the certificate; these are not. */
function kindOf(code: string | null, otherwise: Unreached['kind']): Unreached['kind'] {
  if (otherwise !== 'certificate-refused') return otherwise
  if (code === 'ECONNRESET') return 'broken-off'
  return code === 'EPROTO' || code?.startsWith('ERR_SSL') ? 'encryption-failed' : otherwise
}

async function orAbort<T>(act: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let abort = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([act, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}
