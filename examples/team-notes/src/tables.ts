import type { FailedPayment } from '@trueup/sdk/react'
import type { Database } from './database.ts'

/** The notes of an organization, the newest first. */
export async function readNotes({ pool }: Database, organizationId: string): Promise<readonly string[]> {
  const { rows } = await pool.query(
    'select text from notes where organization_id = $1 order by id desc limit 100',
    [organizationId],
  )
  return rows.map(({ text }) => String(text))
}

export async function countNotes({ pool }: Database, organizationId: string): Promise<number> {
  const { rows } = await pool.query('select count(*)::int as notes from notes where organization_id = $1', [
    organizationId,
  ])
  return Number(rows[0]?.notes)
}

export async function writeNote({ pool }: Database, organizationId: string, text: string): Promise<void> {
  await pool.query('insert into notes (organization_id, text) values ($1, $2)', [organizationId, text])
}

/** What `onPaymentFailed` kept. */
export async function readFailedPayment(
  { pool }: Database,
  organizationId: string,
): Promise<FailedPayment | null> {
  const { rows } = await pool.query(
    `select amount_due::int, currency, to_char(next_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as next
     from failed_payments where organization_id = $1`,
    [organizationId],
  )
  const [row] = rows
  if (!row) return null
  return {
    amountDue: Number(row.amount_due),
    currency: String(row.currency),
    nextAttemptAt: typeof row.next === 'string' ? row.next : null,
  }
}
