import type { CheckStore } from '@trueup/core'
import { sql } from 'kysely'
import { checkNumber } from './check-rows.ts'
import type { Scope } from './tables.ts'

/** Everything that a check observed and said; its run and the incidents stay. */
const observationTables = [
  'check_cursor',
  'observed_price',
  'observed_reversal',
  'observed_customer',
  'observed_fact',
  'observed_subject',
  'pointed_customer',
  'link',
  'candidate',
  'can_differ',
  'finding',
  'incident_seen',
] as const

/** Rows deleted in one statement, so that the embedded database can answer others in between. */
const rowsPerStatement = 20_000

/** Deletes what checks observed. One that was not finished cannot be resumed afterwards, and is so marked first. */
export function retention(scope: Scope): Pick<CheckStore, 'keepObservationsOf'> {
  const { db, projectId } = scope
  return {
    async keepObservationsOf(checkIds) {
      const kept = checkIds.map((id) => checkNumber(scope, id))
      const { rows } = await sql<{ check_number: number }>`
        update trueup.check_run set forgotten = true
        where project_id = ${projectId} and ${isOther(kept)} and not forgotten
        returning check_number`.execute(db)
      // A deletion that was cut short left rows of checks that are marked already, so all are looked for.
      for (const table of observationTables) await deleteOthers(scope, table, kept)
      if (!scope.vacuumsItself || rows.length === 0) return
      for (const table of observationTables) await sql`vacuum ${sql.id('trueup', table)}`.execute(db)
    },
  }
}

async function deleteOthers(scope: Scope, table: string, kept: readonly number[]): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from ${sql.id('trueup', table)} where ctid = any(array(
        select ctid from ${sql.id('trueup', table)}
        where project_id = ${scope.projectId} and ${isOther(kept)}
        limit ${rowsPerStatement}))`.execute(scope.db)
    if ((numAffectedRows ?? 0n) < BigInt(rowsPerStatement)) return
  }
}

/** A check that was begun after those that are kept may be at work: whoever finishes last does not end the next one. */
function isOther(kept: readonly number[]) {
  return kept.length === 0
    ? sql`true`
    : sql`check_number <> all(${kept}::bigint[]) and check_number < ${Math.max(...kept)}`
}
