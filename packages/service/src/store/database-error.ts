import type { StoreErrorCode } from './store-error.ts'
import { StoreError } from './store-error.ts'

interface Meaning {
  readonly code: StoreErrorCode
  readonly says: string
  readonly fix: string
  readonly retryable: boolean
}

const urlFix = 'Check DATABASE_URL: postgres://user:password@host:5432/database.'
const unreachable: Meaning = {
  code: 'unreachable',
  says: 'cannot be reached',
  fix: 'Start PostgreSQL, or check host and port in DATABASE_URL. Without DATABASE_URL the embedded database is used.',
  retryable: true,
}
const busy: Meaning = { ...unreachable, says: 'is not taking connections now', fix: 'Try again shortly.' }
const lost: Meaning = {
  code: 'connection-lost',
  says: 'ended the connection',
  fix: 'Run the command again; a check goes on where it stopped.',
  retryable: true,
}
const refused: Meaning = {
  code: 'authentication',
  says: 'refused the user or the password',
  fix: urlFix,
  retryable: false,
}
const raced: Meaning = {
  code: 'query-failed',
  says: 'gave way to another transaction',
  fix: 'Try again.',
  retryable: true,
}

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) and system errors, by their code. */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOENT: unreachable,
  ECONNRESET: lost,
  EPIPE: lost,
  '57P01': lost,
  '57P02': lost,
  '57P03': busy,
  '53300': busy,
  '28P01': refused,
  '28000': refused,
  '3D000': {
    code: 'database-missing',
    says: 'has no such database',
    fix: 'Create it (createdb NAME), or correct the name at the end of DATABASE_URL.',
    retryable: false,
  },
  '42501': {
    code: 'permission-missing',
    says: 'does not allow this user to do that',
    fix: 'Let the user create a schema in this database: GRANT CREATE ON DATABASE name TO user.',
    retryable: false,
  },
  '53100': {
    code: 'disk-full',
    says: 'has no space left on its disk',
    fix: 'Free space on the disk that holds the database; nothing that was acknowledged is lost.',
    retryable: true,
  },
  '40001': raced,
  '40P01': raced,
}

/**
 * Says what an error of the database driver means. `place` names the database without its password. An error that
 * already has a meaning is handed back as it is.
 */
export function databaseError(error: unknown, place: string): StoreError {
  if (error instanceof StoreError) return error
  const meaning = meanings[codeOf(error)] ?? (isBrokenConnection(error) ? lost : null)
  const reason = error instanceof Error ? error.message : String(error)
  return new StoreError({
    code: meaning?.code ?? 'query-failed',
    message: meaning
      ? `The database ${place} ${meaning.says}: ${reason}`
      : `The database ${place} refused a statement: ${reason}`,
    fix: meaning?.fix ?? 'Please report this with the message; the data is as it was before the statement.',
    retryable: meaning?.retryable ?? false,
    cause: error,
  })
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code)
  return ''
}

/** The driver gives a connection that ended no code, only words; an answer of the database always has one. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '' && /^Connection terminated/.test(error.message)
}
