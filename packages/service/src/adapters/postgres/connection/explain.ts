import type { SourceErrorCode } from '@trueup/core'
import pg from 'pg'
import type { ConnectionTarget } from './connection-target.ts'
import { placeOf } from './connection-target.ts'
import { PostgresError, type PostgresReason } from './postgres-error.ts'
import { isAboutLogin, meaningOf, refusedConnection } from './sqlstate.ts'
import { isSupabaseHost } from './supabase-authority.ts'
import { Uncommitted } from './uncommitted.ts'
import { Unreached, type UnreachedKind } from './unreached.ts'
import { WireProblem, type WireProblemKind } from './wire-problem.ts'

/** What an error says, without whose database it is. */
export interface Told {
  readonly code: SourceErrorCode
  readonly reason: PostgresReason
  /** Goes on after "The database host:port/name ". */
  readonly says: string
  readonly fix: string
  readonly retryable: boolean
}

/**
 * Turns whatever went wrong with a database into our own words. Nothing that the server wrote stands in them.
 *
 * @param when whether a session was being opened: what a pooler says then is about the login, whatever its code
 */
export function explain(
  error: unknown,
  source: string,
  target: ConnectionTarget,
  when: 'connecting' | 'connected',
): PostgresError {
  if (error instanceof PostgresError) return error
  const sqlstate = sqlstateOf(error)
  const isLogin = when === 'connecting' && sqlstate !== null && isAboutLogin(sqlstate)
  const told = isLogin ? refusedConnection(sqlstate) : tell(error, sqlstate, target)
  return new PostgresError({
    source,
    code: told.code,
    reason: told.reason,
    message: `The database ${placeOf(target)} ${told.says}.`,
    fix: told.fix,
    retryable: told.retryable,
    sqlstate,
    // Errors of the driver may hold the statement and its values, so only their kind is kept.
    cause: new Error(sqlstate ? `SQLSTATE ${sqlstate}` : kindOf(error)),
  })
}

function tell(error: unknown, sqlstate: string | null, target: ConnectionTarget): Told {
  if (error instanceof Unreached) return tellUnreached(error, target)
  if (error instanceof WireProblem) return wireProblems[error.kind]
  if (error instanceof Uncommitted) return uncommitted[error.kind]
  if (sqlstate !== null) return meaningOf(sqlstate)
  return unexpected
}

/** An answer of the server; the guard has let nothing else of it through. */
function sqlstateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

function kindOf(error: unknown): string {
  if (error instanceof Unreached)
    return error.detail === null ? error.kind : `${error.kind} (${error.detail})`
  if (error instanceof WireProblem) return error.kind
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}

const askAgain = 'Try again; a check goes on where it was.'
const checkHost =
  'Check the host and the port in the connection string, and what stands between this machine and it.'

const unexpected: Told = {
  code: 'answer-unreadable',
  reason: 'unexpected',
  says: 'could not be asked, or its answer not read',
  fix: 'This is likely a mistake in Trueup. Please report it.',
  retryable: false,
}

const uncommitted: Readonly<Record<Uncommitted['kind'], Told>> = {
  'rolled-back': {
    code: 'source-failed',
    reason: 'rolled-back',
    says: 'rolled the transaction back instead of committing it, since a statement in it had failed',
    fix: 'Look at the statement that failed; nothing was changed.',
    retryable: false,
  },
  unknown: {
    code: 'unreachable',
    reason: 'commit-unknown',
    says: 'did not say whether the transaction was committed before the connection was lost',
    fix: 'Ask the journal of repairs in the database before doing it again.',
    retryable: false,
  },
}

function tellUnreached({ kind, detail }: Unreached, { host, port, tls }: ConnectionTarget): Told {
  const told = unreached[kind]
  if (kind === 'address-refused') {
    return {
      ...told,
      says: `is at ${addressWords[detail ?? ''] ?? 'an address'}, where Trueup may not connect`,
    }
  }
  if (kind === 'port-refused') return { ...told, says: `is at port ${port}, where Trueup may not connect` }
  if (kind === 'no-answer' && /^db\.[^.]+\.supabase\.co$/.test(host))
    return { ...told, fix: supabaseDirectFix }
  if (kind === 'certificate-refused') {
    const reason = certificateWords[detail ?? ''] ?? 'cannot be trusted'
    const fix = tls.kind === 'verify-full' && tls.authority === null ? ownAuthorityFix(host) : pinnedFix
    return { ...told, says: `shows a certificate that ${reason}`, fix }
  }
  return told
}

const supabaseDirectFix =
  'The direct host of Supabase answers over IPv6 only. Copy the string of the session pooler from Connect in the dashboard, or check the network.'
const pinnedFix =
  'Give the certificate of the authority that signed the one the server shows now, as PEM text.'

function ownAuthorityFix(host: string): string {
  return isSupabaseHost(host)
    ? 'Download the certificate in the dashboard (Database settings, SSL configuration) and give it as the pinned authority.'
    : "Give the certificate of your provider's authority as the pinned authority, as PEM text, or use the name that the certificate is for."
}

const addressWords: Readonly<Record<string, string>> = {
  private: 'a private address',
  loopback: 'an address of this machine itself',
  'link-local': 'a link-local address',
  shared: 'a shared address (100.64.0.0/10)',
  translated: 'a translated address',
  multicast: 'a multicast address',
  unspecified: 'no particular address',
  reserved: 'a reserved address',
  unreadable: 'something that is no address',
}

/** Codes of OpenSSL and Node. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an authority that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
}

const unreached: Readonly<Record<UnreachedKind, Told>> = {
  'name-unresolved': {
    code: 'unreachable',
    reason: 'name-unresolved',
    says: 'has a name that cannot be resolved',
    fix: 'Check the host in the connection string, and that this machine can resolve names.',
    retryable: true,
  },
  'address-refused': {
    code: 'unreachable',
    reason: 'address-refused',
    says: 'is at an address where Trueup may not connect',
    fix: 'Use the public address of the database. Whoever runs Trueup can allow ranges: TRUEUP_ALLOW_PRIVATE_HOSTS=10.0.0.0/8.',
    retryable: false,
  },
  'port-refused': {
    code: 'unreachable',
    reason: 'port-refused',
    says: 'is at a port where Trueup may not connect',
    fix: 'Use one of 5432, 5433, 6432, 6543. Whoever runs Trueup can allow others: TRUEUP_ALLOW_DATABASE_PORTS=5432,25060.',
    retryable: false,
  },
  'encryption-needed': {
    code: 'unreachable',
    reason: 'encryption-needed',
    says: 'is at a public address, and sslmode=disable would send everything in the clear',
    fix: 'Leave sslmode out, or write sslmode=verify-full.',
    retryable: false,
  },
  'no-answer': {
    code: 'unreachable',
    reason: 'unreachable',
    says: 'cannot be reached',
    fix: checkHost,
    retryable: true,
  },
  'broken-off': {
    code: 'unreachable',
    reason: 'unreachable',
    says: 'ended the connection before it was encrypted',
    fix: checkHost,
    retryable: true,
  },
  'not-postgres': {
    code: 'answer-unreadable',
    reason: 'protocol-broken',
    says: 'does not answer as PostgreSQL does',
    fix: 'Check that the port is that of PostgreSQL or its pooler.',
    retryable: false,
  },
  'encryption-missing': {
    code: 'unreachable',
    reason: 'encryption-missing',
    says: 'does not offer encryption (TLS)',
    fix: 'Switch ssl on in the server. For a database on this machine or in your own network write sslmode=disable.',
    retryable: false,
  },
  'encryption-failed': {
    code: 'unreachable',
    reason: 'encryption-failed',
    says: 'and this machine could not agree on how to encrypt',
    fix: 'The server has to offer TLS 1.2 or later (ssl_min_protocol_version); check what stands in between.',
    retryable: false,
  },
  'certificate-refused': {
    code: 'unreachable',
    reason: 'certificate-refused',
    says: 'shows a certificate that cannot be trusted',
    fix: pinnedFix,
    retryable: false,
  },
}

function unsafe(says: string, fix: string): Told {
  return { code: 'key-rejected', reason: 'authentication-unsafe', says, fix, retryable: false }
}

const scramFix =
  "Set password_encryption to scram-sha-256 in the server, set the role's password anew, and use scram-sha-256 in pg_hba.conf."
const notTrusted = 'Check that the host is the one you mean; if it is, tell whoever runs it.'

function broken(says: string, reason: PostgresReason = 'protocol-broken'): Told {
  return { code: 'answer-unreadable', reason, says, fix: notTrusted, retryable: false }
}

const wireProblems: Readonly<Record<WireProblemKind, Told>> = {
  'asks-for-clear-text': unsafe('asks for the password in clear text, which was not sent', scramFix),
  'asks-for-md5': unsafe('asks for the password hashed with MD5, which was not sent', scramFix),
  'asks-for-other': unsafe('asks for a way to authenticate other than SCRAM-SHA-256', scramFix),
  'no-scram': unsafe('offers no SCRAM-SHA-256', scramFix),
  'no-password': {
    code: 'key-malformed',
    reason: 'password-missing',
    says: 'asks for a password, and the connection string has none',
    fix: 'Write it as postgres://user:password@host:5432/database.',
    retryable: false,
  },
  'scram-malformed': unsafe('does not authenticate as SCRAM-SHA-256 provides', notTrusted),
  'scram-too-weak': unsafe(
    'asks for a proof of the password that could be guessed (fewer than 4096 iterations)',
    scramFix,
  ),
  'scram-too-strong': unsafe(
    'asks for a proof that would take too long (more than 100000 iterations)',
    scramFix,
  ),
  'scram-unproved': unsafe('could not prove that it knows the password itself', notTrusted),
  garbage: broken('sent what PostgreSQL would not'),
  unasked: broken('answered what it was not asked'),
  'message-too-long': broken('sent a message that is too long', 'answer-too-large'),
  'too-many-messages': broken('sent more messages than an answer has', 'answer-too-large'),
  'too-many-rows': broken('sent more rows than were asked for', 'answer-too-large'),
  'too-many-bytes': broken('sent a longer answer than is taken', 'answer-too-large'),
  'too-slow': {
    code: 'unreachable',
    reason: 'too-slow',
    says: 'did not answer in time',
    fix: askAgain,
    retryable: true,
  },
  lost: {
    code: 'unreachable',
    reason: 'connection-lost',
    says: 'ended the connection',
    fix: askAgain,
    retryable: true,
  },
  aborted: {
    code: 'unreachable',
    reason: 'aborted',
    says: 'was not waited for, since the work was stopped',
    fix: askAgain,
    retryable: true,
  },
  closed: {
    code: 'unreachable',
    reason: 'closed',
    says: 'is not connected to any more: the connection was closed on this side',
    fix: askAgain,
    retryable: false,
  },
}
