import type { SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import { BillingError } from '../../billing-error.ts'
import { decodeJson, encodeJson } from '../json.ts'
import type {
  AppRow,
  InboxEvent,
  LeasedWork,
  Postponement,
  StoreUnit,
  SubjectRecord,
  Work,
  WorkDraft,
  WorkKind,
} from '../store.ts'
import { newSubject } from '../store.ts'
import type { AppTable } from './app-table.ts'
import { readAppCustomer, writeAppTable } from './app-table.ts'
import type { SqlConnection, SqlRow } from './driver.ts'

/** The store within one transaction of PostgreSQL at READ COMMITTED: order is kept by row locks and unique keys. */
export class SqlUnit<Transaction> implements StoreUnit<Transaction> {
  readonly transaction: Transaction
  readonly #connection: SqlConnection
  readonly #schema: string
  readonly #appTable: AppTable | undefined

  constructor(
    connection: SqlConnection,
    transaction: Transaction,
    schema: string,
    appTable: AppTable | undefined,
  ) {
    this.#connection = connection
    this.transaction = transaction
    this.#schema = schema
    this.#appTable = appTable
  }

  async subject(subject: SubjectId): Promise<SubjectRecord | null> {
    return readSubject(this.#connection, this.#schema, subject)
  }

  async subjectOfCustomer(customerId: string): Promise<SubjectRecord | null> {
    const rows = await this.#connection.query(
      `select record from ${this.#schema}.subjects where customer_id = $1`,
      [customerId],
    )
    return recordIn(rows)
  }

  async lockSubject(subject: SubjectId): Promise<SubjectRecord> {
    await this.#connection.query(
      `insert into ${this.#schema}.subjects (key, type, id, record) values ($1, $2, $3, $4) on conflict (key) do nothing`,
      [subjectKey(subject), subject.type, subject.id, encodeJson(newSubject(subject))],
    )
    const rows = await this.#connection.query(
      `select record from ${this.#schema}.subjects where key = $1 for update`,
      [subjectKey(subject)],
    )
    return recordIn(rows) ?? newSubject(subject)
  }

  async saveSubject(record: SubjectRecord): Promise<void> {
    const { granted } = record
    await this.#refuseTaken(record)
    const rows = await this.#connection.query(
      `update ${this.#schema}.subjects set
         customer_id = $2, plan = $3, paid = $4, reason = $5, trial_ends_at = cast($6 as timestamptz),
         entitlements = cast($7 as jsonb), seats = cast($8 as integer), read_at = cast($9 as timestamptz),
         deleted_at = cast($10 as timestamptz), record = $11
       where key = $1 returning 1 as saved`,
      [
        subjectKey(record.subject),
        record.customerId,
        granted?.plan ?? null,
        granted?.paid ?? false,
        record.reason,
        granted?.trialEndsAt?.toISOString() ?? null,
        granted && granted.entitlements !== 'every' ? JSON.stringify(granted.entitlements) : null,
        granted && typeof granted.seats === 'number' ? granted.seats : null,
        record.readAt?.toISOString() ?? null,
        record.deletedAt?.toISOString() ?? null,
        encodeJson(record),
      ],
    )
    if (rows.length === 0)
      throw new Error(`${subjectKey(record.subject)} was saved without having been locked.`)
  }

  /** The unique key refuses as well; asked first, since an error ends a transaction of PostgreSQL. */
  async #refuseTaken({ subject, customerId }: SubjectRecord): Promise<void> {
    if (customerId === null) return
    const [taken] = await this.#connection.query(
      `select 1 as taken from ${this.#schema}.subjects where customer_id = $1 and key <> $2`,
      [customerId, subjectKey(subject)],
    )
    if (!taken) return
    throw new BillingError({
      code: 'customer-taken',
      message: `The customer ${customerId} belongs to another subject than ${subjectKey(subject)}.`,
      fix: 'Give each subject a customer of its own.',
    })
  }

  async subjectsReadBefore(moment: Date, limit: number): Promise<readonly SubjectId[]> {
    const rows = await this.#connection.query(
      `select type, id from ${this.#schema}.subjects
       where customer_id is not null and (read_at is null or read_at < cast($1 as timestamptz))
       order by read_at nulls first, key limit cast($2 as integer)`,
      [moment.toISOString(), limit],
    )
    return rows.map(({ type, id }) => subjectFrom(type, id) ?? unreadable('subjects'))
  }

  async addEvent({ source, id, type, keys, receivedAt }: InboxEvent): Promise<boolean> {
    // In one order everywhere, so that two twins wait for one another and not each for the other.
    const sorted = [...new Set(keys)].sort()
    const rows = await this.#connection.query(
      `insert into ${this.#schema}.events (source, key, event_id, type, received_at)
       select $1, key, $3, $4, cast($5 as timestamptz) from jsonb_array_elements_text(cast($2 as jsonb)) as key
       on conflict do nothing returning key`,
      [source, JSON.stringify(sorted), id, type, receivedAt.toISOString()],
    )
    return rows.length === sorted.length
  }

  async forgetEvents(before: Date): Promise<number> {
    const rows = await this.#connection.query(
      `delete from ${this.#schema}.events where received_at < cast($1 as timestamptz) returning 1 as forgotten`,
      [before.toISOString()],
    )
    return rows.length
  }

  async putWork({ key, kind, subject, detail, dueAt }: WorkDraft): Promise<void> {
    await this.#connection.query(
      `insert into ${this.#schema}.work as known (key, kind, subject_type, subject_id, detail, due_at)
       values ($1, $2, $3, $4, $5, cast($6 as timestamptz))
       on conflict (key) do update set
         detail = excluded.detail,
         due_at = case when known.set_aside then excluded.due_at else least(known.due_at, excluded.due_at) end,
         generation = known.generation + 1, attempts = 0, set_aside = false, last_error = null`,
      [key, kind, subject?.type ?? null, subject?.id ?? null, detail, dueAt.toISOString()],
    )
  }

  async leaseWork({ now, limit, leaseMs, keys }: Parameters<StoreUnit<Transaction>['leaseWork']>[0]) {
    const rows = await this.#connection.query(
      `with due as (
         select key from ${this.#schema}.work
         where not set_aside and due_at <= cast($1 as timestamptz)
           and (leased_until is null or leased_until < clock_timestamp())
           and (cast($4 as jsonb) is null
             or key in (select jsonb_array_elements_text(cast($4 as jsonb))))
         order by due_at, key limit cast($2 as integer) for update skip locked
       )
       update ${this.#schema}.work as held
       set lease = cast(gen_random_uuid() as text),
         leased_until = clock_timestamp() + cast($3 as double precision) * interval '1 millisecond'
       from due where held.key = due.key returning held.lease, ${workColumns('held')}`,
      [now.toISOString(), limit, leaseMs, keys ? JSON.stringify(keys) : null],
    )
    return rows
      .map((row): LeasedWork => ({ ...workFrom(row), lease: String(row.lease) }))
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.key < b.key ? -1 : 1))
  }

  async finishWork({ key, lease, generation }: LeasedWork): Promise<boolean> {
    const done = await this.#connection.query(
      `delete from ${this.#schema}.work where key = $1 and lease = $2 and generation = cast($3 as integer) returning 1 as done`,
      [key, lease, generation],
    )
    if (done.length > 0) return true
    await this.#connection.query(
      `update ${this.#schema}.work set lease = null, leased_until = null where key = $1 and lease = $2`,
      [key, lease],
    )
    return false
  }

  async postponeWork({ key, lease, generation }: LeasedWork, to: Postponement): Promise<boolean> {
    const rows = await this.#connection.query(
      `update ${this.#schema}.work set
         due_at = case when generation = cast($3 as integer) then cast($4 as timestamptz)
           else least(due_at, cast($4 as timestamptz)) end,
         attempts = cast($5 as integer), last_error = $6,
         set_aside = cast($7 as boolean) and generation = cast($3 as integer), lease = null, leased_until = null
       where key = $1 and lease = $2 returning 1 as postponed`,
      [key, lease, generation, to.dueAt.toISOString(), to.attempts, to.error, to.setAside],
    )
    return rows.length > 0
  }

  async waitingWork({ limit, keys }: Parameters<StoreUnit<Transaction>['waitingWork']>[0]) {
    const rows = await this.#connection.query(
      `select ${workColumns('held')} from ${this.#schema}.work as held
       where cast($2 as jsonb) is null or key in (select jsonb_array_elements_text(cast($2 as jsonb)))
       order by held.due_at, held.key limit cast($1 as integer)`,
      [limit, keys ? JSON.stringify(keys) : null],
    )
    return rows.map(workFrom)
  }

  async cursor(name: string): Promise<string | null> {
    const [row] = await this.#connection.query(`select value from ${this.#schema}.cursors where name = $1`, [
      name,
    ])
    return row ? String(row.value) : null
  }

  async setCursor(name: string, value: string): Promise<void> {
    await this.#connection.query(
      `insert into ${this.#schema}.cursors (name, value) values ($1, $2)
       on conflict (name) do update set value = excluded.value`,
      [name, value],
    )
  }

  async appRowCustomer(subject: SubjectId): Promise<string | null> {
    return readAppCustomer(this.#connection, this.#appTable, subject)
  }

  async writeAppRow(record: SubjectRecord): Promise<AppRow> {
    return writeAppTable(this.#connection, this.#appTable, record)
  }
}

/** One subject, by its key. */
export async function readSubject(
  connection: SqlConnection,
  schema: string,
  subject: SubjectId,
): Promise<SubjectRecord | null> {
  return recordIn(
    await connection.query(`select record from ${schema}.subjects where key = $1`, [subjectKey(subject)]),
  )
}

/** The record that was written; the store is the only one to write it. */
function recordIn([row]: readonly SqlRow[]): SubjectRecord | null {
  return row ? (decodeJson(String(row.record)) as SubjectRecord) : null
}

/** Moments as text, since libraries read them as different things. */
function workColumns(table: string): string {
  return `${table}.key, ${table}.kind, ${table}.subject_type, ${table}.subject_id, ${table}.detail,
    to_char(${table}.due_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as due_at,
    ${table}.generation, ${table}.attempts, ${table}.set_aside, ${table}.last_error`
}

const kinds: readonly WorkKind[] = ['read', 'adopt', 'sync', 'mirror', 'row', 'card', 'notice']

function workFrom(row: SqlRow): Work {
  return {
    key: String(row.key),
    kind: kinds.find((kind) => kind === row.kind) ?? unreadable('work'),
    subject: subjectFrom(row.subject_type, row.subject_id),
    detail: typeof row.detail === 'string' ? row.detail : null,
    dueAt: new Date(String(row.due_at)),
    generation: Number(row.generation),
    attempts: Number(row.attempts),
    setAside: row.set_aside === true,
    lastError: typeof row.last_error === 'string' ? row.last_error : null,
  }
}

function subjectFrom(type: unknown, id: unknown): SubjectId | null {
  return (type === 'user' || type === 'organization') && typeof id === 'string' ? { type, id } : null
}

function unreadable(table: string): never {
  throw new BillingError({
    code: 'store-not-migrated',
    message: `A row of ${table} holds what this version does not know.`,
    fix: 'Run the version of @trueup/sdk that wrote it, or a newer one.',
  })
}
