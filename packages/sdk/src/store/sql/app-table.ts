import type { SubjectId } from '@trueup/core'
import { stripeCustomerOf } from '../../customer/stripe-customer-of.ts'
import type { AppRow, SubjectRecord } from '../store.ts'
import type { SqlConnection, SqlValue } from './driver.ts'
import { quoted } from './identifier.ts'

/**
 * A table that the app has already, with a row for each subject: what is granted is written into it, in the transaction
 * that writes it to the store. Columns that are not named are left alone, and no row is ever added.
 *
 * @example
 * { table: 'teams', key: 'clerk_org_id', customerId: 'stripe_customer_id', plan: 'plan' }
 */
export interface AppTable {
  /** `teams`, or with its schema `public.teams`. */
  readonly table: string
  /** The column of Clerk's id of the user or organization. */
  readonly key: string
  /** Where the customer's id is kept. One that stands there already is taken over. */
  readonly customerId?: string
  readonly plan?: string
  /** A boolean. */
  readonly paid?: string
  /** A text: why access is what it is. */
  readonly reason?: string
  /** A `timestamptz`. */
  readonly trialEndsAt?: string
  readonly entitlements?: { readonly column: string; readonly type: 'jsonb' | 'text[]' }
  /** An integer; `null` for no bound and where seats play no part. */
  readonly seats?: string
}

/** @throws BillingError `options-invalid` for a name that is none */
export function checkAppTable(app: AppTable): void {
  for (const name of [app.table, app.key, ...assignments(app, null).map(({ column }) => column)]) quoted(name)
}

export async function readAppCustomer(
  connection: SqlConnection,
  app: AppTable | undefined,
  subject: SubjectId,
): Promise<string | null> {
  if (!app?.customerId) return null
  const [row] = await connection.query(
    `select ${quoted(app.customerId)} as customer_id from ${quoted(app.table)} where ${quoted(app.key)} = $1`,
    [subject.id],
  )
  return typeof row?.customer_id === 'string' && row.customer_id !== '' ? row.customer_id : null
}

/** Writes what is granted into the subject's row; no row is no success. */
export async function writeAppTable(
  connection: SqlConnection,
  app: AppTable | undefined,
  record: SubjectRecord,
): Promise<AppRow> {
  if (!app) return 'not-mapped'
  const set = assignments(app, record)
  if (set.length === 0) return 'not-mapped'
  const text = set.map(({ column, cast }, place) => `${quoted(column)} = ${cast(`$${place + 2}`)}`).join(', ')
  const rows = await connection.query(
    `update ${quoted(app.table)} set ${text} where ${quoted(app.key)} = $1 returning 1 as written`,
    [record.subject.id, ...set.map(({ value }) => value)],
  )
  return rows.length > 0 ? 'written' : 'missing'
}

interface Assignment {
  readonly column: string
  readonly value: SqlValue
  readonly cast: (parameter: string) => string
}

/** What is written where; of a subject whose billing was not read yet only the customer. */
function assignments(app: AppTable, record: SubjectRecord | null): readonly Assignment[] {
  const granted = record?.granted ?? null
  const knows = record === null || granted !== null
  const entitlements = granted && granted.entitlements !== 'every' ? granted.entitlements : []
  const seats = granted && typeof granted.seats === 'number' ? granted.seats : null
  const all: readonly (Assignment | null)[] = [
    to(app.customerId, stripeCustomerOf(record), 'text'),
    knows ? to(app.plan, granted?.plan ?? null, 'text') : null,
    knows ? to(app.paid, granted?.paid ?? false, 'boolean') : null,
    knows ? to(app.reason, record?.reason ?? null, 'text') : null,
    knows ? to(app.trialEndsAt, granted?.trialEndsAt?.toISOString() ?? null, 'timestamptz') : null,
    knows ? to(app.seats, seats, 'integer') : null,
    knows && app.entitlements
      ? {
          column: app.entitlements.column,
          value: JSON.stringify(entitlements),
          cast: app.entitlements.type === 'jsonb' ? asJson : asTexts,
        }
      : null,
  ]
  return all.flatMap((each) => each ?? [])
}

function to(column: string | undefined, value: SqlValue, type: string): Assignment | null {
  return column === undefined ? null : { column, value, cast: (parameter) => `cast(${parameter} as ${type})` }
}

function asJson(parameter: string): string {
  return `cast(${parameter} as jsonb)`
}

function asTexts(parameter: string): string {
  return `array(select jsonb_array_elements_text(cast(${parameter} as jsonb)))`
}
