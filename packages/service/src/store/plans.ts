import type { RawBuilder, Transaction } from 'kysely'
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

/**
 * Has the statements of a transaction join whole tables, each read once. What was just written has no statistics yet, and
 * one row that is guessed where there are a hundred thousand makes a server compare each with each, for hours. Not for
 * statements that ask something for each row besides: that would be a join of whole tables as well.
 */
export async function joiningWholeTables(scope: Scope, tx: Transaction<Tables>): Promise<void> {
  await sql`set local enable_nestloop = off`.execute(tx)
  await withRoomToJoin(scope, tx)
}

/** Asks something of whole tables, in a transaction of its own. */
export async function askWholeTables<Answer>(
  scope: Scope,
  ask: (tx: Transaction<Tables>) => Promise<Answer>,
): Promise<Answer> {
  return await scope.db.transaction().execute(async (tx) => {
    await joiningWholeTables(scope, tx)
    return await ask(tx)
  })
}

/** What a count of whole tables comes to; `counted` is what a query selects, such as `count(*) from trueup.link`. */
export async function countInWholeTables(scope: Scope, counted: RawBuilder<unknown>): Promise<number> {
  const query = sql<{ count: number }>`select ${counted}`
  const { rows } = await askWholeTables(scope, (tx) => query.execute(tx))
  if (!rows[0]) throw new Error('A query of a count alone gives one row.')
  return rows[0].count
}
