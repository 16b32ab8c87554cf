import type { Told } from './explain.ts'

const login =
  'Check user, password and database in the connection string; through a Supabase pooler the user is written role.project.'
const grants =
  'Let the role do that, with the SQL that Trueup writes for a reading role (trueup connect postgres prints it).'
const schemaChanged = 'Look whether the schema was changed, and correct the mapping.'
const later = 'Try again later; a check goes on where it was.'

function told(
  code: Told['code'],
  reason: Told['reason'],
  says: string,
  fix: string,
  retryable: 'retryable' | 'final',
): Told {
  return { code, reason, says, fix, retryable: retryable === 'retryable' }
}

const lost = told('unreachable', 'connection-lost', 'ended the connection', later, 'retryable')
const gaveWay = told('source-failed', 'gave-way', 'gave way to another transaction', later, 'retryable')
const exhausted = told(
  'source-failed',
  'out-of-resources',
  'is out of memory, disk or other means',
  later,
  'retryable',
)
const refused = told('key-rejected', 'login-refused', 'refused the user or the password', login, 'final')
const mismatch = told(
  'answer-unreadable',
  'type-mismatch',
  'holds a value of another type',
  schemaChanged,
  'final',
)
const constraint = told(
  'answer-unreadable',
  'constraint-violated',
  'refused the change: a constraint of the table forbids it',
  'Look at the constraints of the table; nothing was changed.',
  'final',
)

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, Told>> = {
  '28000': refused,
  '28P01': refused,
  '3D000': told('unreachable', 'database-missing', 'does not exist on that server', login, 'final'),
  '53300': told('rate-limited', 'too-many-connections', 'takes no more connections now', later, 'retryable'),
  '57P01': lost,
  '57P02': lost,
  '57P05': lost,
  '25P03': lost,
  '57P03': told('unreachable', 'starting', 'is starting or stopping', later, 'retryable'),
  '40001': gaveWay,
  '40P01': gaveWay,
  '57014': told(
    'source-failed',
    'statement-cancelled',
    'cancelled the statement, which took longer than 5 s or was stopped there',
    'Put an index on the key column of the mapped table, or try again when the server has less to do.',
    'retryable',
  ),
  '55P03': told('source-failed', 'locked', 'holds a lock on what was to be read', later, 'retryable'),
  '25006': told(
    'permission-missing',
    'read-only',
    'is read-only: a replica, or a server that failed over',
    'Use the address of the primary.',
    'retryable',
  ),
  '42501': told(
    'permission-missing',
    'permission-missing',
    'does not allow the role to do that',
    grants,
    'final',
  ),
  '42P01': told('answer-unreadable', 'table-missing', 'has no such table', schemaChanged, 'final'),
  '42703': told('answer-unreadable', 'column-missing', 'has no such column', schemaChanged, 'final'),
  '42883': told('answer-unreadable', 'function-missing', 'has no such function', schemaChanged, 'final'),
  '3F000': told('answer-unreadable', 'schema-missing', 'has no such schema', schemaChanged, 'final'),
  '42804': mismatch,
  P0001: told(
    'answer-unreadable',
    'raised',
    'stopped the statement: a function or trigger of the app raised an error',
    'Look at the functions and triggers of the table; nothing was changed.',
    'final',
  ),
}

/** By the first two characters, where the whole is not in the list. */
const classes: Readonly<Record<string, Told>> = {
  '08': lost,
  '22': mismatch,
  '23': constraint,
  '53': exhausted,
  '54': exhausted,
}

/**
 * Whether a refusal while connecting is about user, password or database: poolers say so with codes that mean something
 * else later (PgBouncer with 08P01, Supabase's with XX000).
 */
export function isAboutLogin(sqlstate: string): boolean {
  return sqlstate === '08P01' || meaningOf(sqlstate).reason === 'statement-refused'
}

export function refusedConnection(sqlstate: string): Told {
  return { ...refused, says: `refused the connection (SQLSTATE ${sqlstate})` }
}

/** What a SQLSTATE means for whoever reads or repairs an app's database. */
export function meaningOf(sqlstate: string): Told {
  return (
    meanings[sqlstate] ??
    classes[sqlstate.slice(0, 2)] ??
    told(
      'answer-unreadable',
      'statement-refused',
      `refused a statement (SQLSTATE ${sqlstate})`,
      'Please report this with the code; nothing was changed.',
      'final',
    )
  )
}
