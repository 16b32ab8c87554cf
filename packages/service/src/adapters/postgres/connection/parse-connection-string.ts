import type { Parsed } from '@trueup/core'
import { Secret } from '../../../secret.ts'
import type { ConnectionTarget, TlsMode } from './connection-target.ts'
import { parseAuthority } from './parse-authority.ts'
import { parseHost } from './parse-host.ts'
import { refusedParameters } from './refused-parameters.ts'

/** Why a connection string was not taken. Closed list. */
export type ConnectionStringCode =
  | 'empty'
  | 'too-long'
  | 'not-an-address'
  | 'control-character'
  | 'unescaped-character'
  | 'escape-malformed'
  | 'user-missing'
  | 'password-placeholder'
  | 'host-missing'
  | 'host-list'
  | 'host-malformed'
  | 'socket'
  | 'port-malformed'
  | 'database-missing'
  | 'database-malformed'
  | 'parameter-refused'
  | 'parameter-repeated'
  | 'sslmode-refused'
  | 'authority-malformed'
  | 'authority-unused'

export type ParsedConnectionString = Parsed<ConnectionTarget, ConnectionStringCode>

/** A refusal on its way out of the parts below; it never leaves this file. */
class Refused extends Error {
  readonly refusal: { readonly code: ConnectionStringCode; found: string; needed: string; fix: string }

  constructor(code: ConnectionStringCode, found: string, fix: string, needed: string = shape) {
    super(code)
    this.refusal = { code, found, needed, fix }
  }
}

const shape = 'an address such as postgres://user:password@host:5432/database'
const longest = 4096
const escapeFix = 'In user, password and database write % as %25, / as %2F, ? as %3F, # as %23 and @ as %40.'

/**
 * Reads a connection string by a grammar of our own: `postgres://user:password@host:port/database`, one host, and no
 * parameter but `sslmode` (`verify-full`, which also holds when nothing is said; `require`, only with a pinned
 * authority; `disable`, only to addresses that the operator allows). Everything else that other clients take is
 * refused by its name: it could read files, open Unix sockets, change the session, or weaken TLS. No part of the
 * password, nor anything that might be one, stands in a refusal.
 *
 * @param text as it was pasted; spaces around it do not matter
 * @param authority certificates (PEM) of the authority to pin, or `null`
 * @example
 * parseConnectionString('postgresql://postgres.abcd:secret@aws-0-eu-central-1.pooler.supabase.com:6543/postgres', null)
 */
export function parseConnectionString(text: string, authority: string | null): ParsedConnectionString {
  try {
    return { ok: true, value: targetOf(text.trim(), authority) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal }
    throw error
  }
}

function targetOf(text: string, authority: string | null): ConnectionTarget {
  const rest = afterScheme(text)
  const { login, place, database, query } = partsOf(rest)
  const { user, password } = readLogin(login)
  const { host, port } = readPlace(place)
  const parsedDatabase = readDatabase(database)
  const tls = readTls(readQuery(query), authority)
  return { user, password, host, port, database: parsedDatabase, tls, endpoint: endpointOf(host, port) }
}

function afterScheme(text: string): string {
  if (text === '')
    throw new Refused('empty', 'nothing', 'Copy the connection string from your database provider.')
  if (text.length > longest)
    throw new Refused('too-long', `${text.length} characters`, 'Give the connection string only.')
  const scheme = /^postgres(?:ql)?:\/\//.exec(text)?.[0]
  if (!scheme)
    throw new Refused(
      'not-an-address',
      kindOfText(text),
      'Write it as an address that begins with postgres:// or postgresql://.',
    )
  assertPrintable(text)
  return text.slice(scheme.length)
}

function kindOfText(text: string): string {
  if (/^(?:jdbc:)/i.test(text)) return 'an address for JDBC'
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return 'an address of another kind'
  if (/^["'`]/.test(text)) return 'a text in quotation marks'
  if (/^\w+\s*=/.test(text)) return 'a list of key=value, or an assignment'
  if (/^[/.~]/.test(text)) return 'a path'
  return 'something that does not begin with postgres://'
}

function assertPrintable(text: string): void {
  // Zero-width and direction marks come along when text is copied from a page, and cannot be seen.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) {
    throw new Refused(
      'control-character',
      'a character that cannot be seen',
      'Copy it again, as one line of plain text.',
    )
  }
  if (/\s/u.test(text)) {
    throw new Refused(
      'unescaped-character',
      'a space',
      'Take it out; a space that belongs to the password is written %20.',
    )
  }
}

/** Takes the address apart where nothing is in doubt; what is after the last @ cannot be a password any more. */
function partsOf(rest: string) {
  const unescaped = (found: string) => new Refused('unescaped-character', found, escapeFix)
  if (rest.includes('\\')) throw unescaped('a backslash')
  if (rest.includes('#')) throw unescaped('a #')
  const at = rest.lastIndexOf('@')
  if (at < 0)
    throw new Refused(
      'user-missing',
      'no user before the host',
      'Write user and password before the host, with an @ after them.',
    )
  const login = rest.slice(0, at)
  if (/[/?@]/.test(login)) throw unescaped('a /, ? or @ in the user or the password')
  const [, place = '', database = '', query = ''] =
    /^([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(rest.slice(at + 1)) ?? []
  return { login, place, database, query }
}

function readLogin(login: string): { readonly user: string; readonly password: Secret | null } {
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(login) ?? []
  if (user === '')
    throw new Refused(
      'user-missing',
      'no user before the host',
      'Write user and password before the host, with an @ after them.',
    )
  if (password !== undefined && placeholder.test(password)) {
    throw new Refused(
      'password-placeholder',
      'a placeholder in place of the password',
      'Put the password of the role there, without brackets.',
    )
  }
  return { user: decoded(user), password: password ? new Secret(decoded(password)) : null }
}

/** As the pages of providers show it: `[YOUR-PASSWORD]`, `<password>`, `****`. */
const placeholder =
  /^(?:(?:\[|%5b|<|\{)[^\]>}]*pass(?:word|wd)?[^\]>}]*(?:\]|%5d|>|\})|your[-_]?password|[*•]{4,})$/i

function decoded(text: string): string {
  const plain = /%(?![\da-f]{2})/i.test(text) ? null : decode(text)
  if (plain === null) throw new Refused('escape-malformed', 'a % that escapes nothing', escapeFix)
  if (/\p{Cc}/u.test(plain)) {
    throw new Refused(
      'control-character',
      'an escaped control character',
      'Take it out; no name or password holds one.',
    )
  }
  return plain
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function readPlace(place: string): { readonly host: string; readonly port: number } {
  if (place === '')
    throw new Refused('host-missing', 'no host', 'Write the host after the @; Unix sockets are not used.')
  if (place.includes(','))
    throw new Refused('host-list', 'more than one host', 'Write the one host that is to be read.')
  if (/^%2f/i.test(place))
    throw new Refused(
      'socket',
      'the path of a Unix socket',
      'Write the host; to reach this machine itself write 127.0.0.1.',
    )
  const [, hostText = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(place) ?? []
  const host = parseHost(hostText)
  if (host === null) {
    throw new Refused(
      'host-malformed',
      'a host that is neither a name nor an address in its usual spelling',
      'Write a name in plain letters (db.example.com), four numbers (192.0.2.7), or IPv6 in brackets ([2001:db8::7]).',
    )
  }
  return { host, port: portText === undefined ? 5432 : readPort(portText) }
}

function readPort(text: string): number {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65535) return port
  throw new Refused(
    'port-malformed',
    'a port that is no number from 1 to 65535',
    'Write the port as a number, or leave it and the colon out for 5432.',
  )
}

function readDatabase(path: string): string {
  const name = path.slice(1)
  if (name === '')
    throw new Refused(
      'database-missing',
      'no database',
      'Write its name after the host, as in host:5432/postgres.',
    )
  if (name.includes('/'))
    throw new Refused('database-malformed', 'a / in the name of the database', escapeFix)
  return decoded(name)
}

/** The one parameter that is taken; `null` when it is not there. */
function readQuery(query: string): string | null {
  let sslmode: string | null = null
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
    if (name !== 'sslmode') throw refusedParameter(name)
    if (sslmode !== null) throw new Refused('parameter-repeated', 'sslmode twice', 'Write it once.')
    sslmode = value
  }
  return sslmode
}

function refusedParameter(name: string): Refused {
  const fix = refusedParameters[name.toLowerCase()] ?? 'Leave it out: sslmode is the only one.'
  const shown = /^[a-z][\w.-]{0,39}$/i.test(name)
    ? `the parameter ${name}`
    : 'a parameter with an unusual name'
  return new Refused('parameter-refused', shown, fix, 'no parameter but sslmode')
}

function readTls(sslmode: string | null, authorityText: string | null): TlsMode {
  const authority =
    authorityText === null || authorityText.trim() === '' ? null : readAuthority(authorityText)
  switch (sslmode) {
    case null:
    case 'verify-full':
      return { kind: 'verify-full', authority }
    case 'require':
      if (authority !== null) return { kind: 'pinned', authority }
      throw refusedMode(
        'sslmode=require, which does not look at who answers',
        'Write sslmode=verify-full, or leave it out; or give the certificate of the authority as PEM text.',
      )
    case 'disable':
      if (authority === null) return { kind: 'off' }
      throw new Refused(
        'authority-unused',
        'sslmode=disable together with a pinned authority',
        'Leave one of the two out.',
        'one or the other',
      )
  }
  const known = ['allow', 'prefer', 'verify-ca', 'no-verify'].find((mode) => mode === sslmode)
  throw refusedMode(
    known ? `sslmode=${known}` : 'a value of sslmode that is unknown',
    'Write sslmode=verify-full, or leave it out.',
  )
}

function refusedMode(found: string, fix: string): Refused {
  return new Refused(
    'sslmode-refused',
    found,
    fix,
    'sslmode=verify-full, require with a pinned authority, or disable on your own network',
  )
}

function readAuthority(text: string): string {
  const parsed = parseAuthority(text)
  if (parsed.ok) return parsed.pem
  throw new Refused(
    'authority-malformed',
    parsed.found,
    'Paste the text of the certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
    'one or more certificates as PEM text',
  )
}

/** Supabase and PgBouncer have their poolers at ports of their own. */
function endpointOf(host: string, port: number): ConnectionTarget['endpoint'] {
  if (port === 6543 || port === 6432) return 'transaction-pooler'
  return host.endsWith('.pooler.supabase.com') ? 'session-pooler' : 'direct'
}
