import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Scope, Tables } from './tables.ts'

/**
 * Tells the planner of the rows that a check has just written. Only of the columns that are joined and compared: the
 * readings beside them are most of the bytes.
 */
export async function analyzeObservations({ db }: Scope): Promise<void> {
  await sql`analyze
    trueup.observed_customer (project_id, check_number, customer_id),
    trueup.observed_fact (project_id, check_number, customer_id, entitling),
    trueup.observed_subject (project_id, check_number, subject_key, points_to),
    trueup.pointed_customer (project_id, check_number, customer_id)`.execute(db)
}

/** The usual 4 MB make a server write the hashes of a hundred thousand rows to its disk. */
export async function withRoomToJoin({ vacuumsItself }: Scope, tx: Transaction<Tables>): Promise<void> {
  if (!vacuumsItself) await sql`set local work_mem = '64MB'`.execute(tx)
}
