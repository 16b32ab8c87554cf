import type { LedgerDraft } from '@trueup/core'
import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import { jsonRows, texts, writeInBulk } from './bulk.ts'
import { toJson } from './json-codec.ts'
import type { Scope } from './tables.ts'

/**
 * Stages drafts for the ledger, in the transaction `db` of the state that they explain: either both are kept, or
 * neither is. A draft whose key is staged or entered already is left out, so that work which is done twice after a
 * crash is entered once.
 *
 * @example
 * await scope.db.transaction().execute(async (tx) => {
 *   await saveRepair(tx, repair)
 *   await stageEntries(scope, tx, [entry])
 * })
 */
export async function stageEntries(
  scope: Pick<Scope, 'projectId' | 'workspaceId'> & Partial<Scope>,
  db: QueryExecutorProvider,
  drafts: readonly LedgerDraft[],
): Promise<void> {
  await writeInBulk(
    drafts,
    ({ key }) => key,
    async (rows) => {
      // Where a draft is entered between the look and the insert, the sequencer leaves the second one out.
      await sql`insert into trueup.ledger_draft (project_id, workspace_id, key, draft)
        select ${scope.projectId}, ${scope.workspaceId}, staged.key, staged.draft
        from rows from (unnest(${texts(rows, ({ key }) => key)}::text[]), ${jsonRows(rows.map(toJson))})
          with ordinality as staged (key, draft, place)
        where not exists (select from trueup.ledger_entry entry
          where entry.project_id = ${scope.projectId} and entry.key = staged.key)
        order by staged.place
        on conflict do nothing`.execute(db)
    },
  )
}
