import type { LedgerAct } from '@trueup/core'
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { DeliveryTables, ProjectTenant } from './delivery/delivery-tables.ts'

/** An entry as a follower sees it. */
export interface FollowedEntry {
  readonly sequence: number
  readonly act: LedgerAct
  readonly at: Date
  readonly incidentId: string | null
  /** The canonical JSON of the entry. */
  readonly bytes: Uint8Array
  /** What stands beside the entry, as canonical JSON; `null`: nothing, or it was erased. */
  readonly personal: string | null
}

const entriesPerStep = 500

/**
 * Reads the entries that a follower has not seen yet and hands those of these acts to `act`, in one transaction with
 * remembering how far it came: what `act` writes is written once for each entry, however often and by however many
 * processes this is called. One process at a time follows a project.
 *
 * @returns whether there may be more
 */
export async function followLedger<Tables extends DeliveryTables>(
  db: Kysely<Tables>,
  { workspaceId, projectId }: ProjectTenant,
  follower: 'alert' | 'webhook' | 'cause',
  acts: readonly LedgerAct[],
  act: (tx: Transaction<Tables>, entries: readonly FollowedEntry[]) => Promise<void>,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await sql`insert into trueup.ledger_follower (workspace_id, project_id, follower)
      values (${workspaceId}, ${projectId}, ${follower}) on conflict do nothing`.execute(tx)
    const { rows: place } = await sql<{ next: number }>`select next_sequence as next
      from trueup.ledger_follower where workspace_id = ${workspaceId} and project_id = ${projectId}
        and follower = ${follower} for update`.execute(tx)
    const next = place[0]?.next ?? 0
    const { rows: head } = await sql<{ size: number | null }>`select max(sequence) + 1 as size
      from trueup.ledger_entry where project_id = ${projectId}`.execute(tx)
    const size = head[0]?.size ?? 0
    if (next >= size) return false
    const { rows } = await sql<FollowedEntry>`
      select entry.sequence, entry.act, entry.at, entry.incident_id as "incidentId", entry.entry as bytes,
        beside.personal
      from trueup.ledger_entry entry left join trueup.ledger_personal beside
        on beside.project_id = entry.project_id and beside.sequence = entry.sequence
      where entry.project_id = ${projectId} and entry.sequence >= ${next} and entry.act = any(${[...acts]}::text[])
      order by entry.sequence limit ${entriesPerStep}`.execute(tx)
    await act(tx, rows)
    const isMore = rows.length === entriesPerStep
    const reached = isMore ? (rows.at(-1)?.sequence ?? next) + 1 : size
    await sql`update trueup.ledger_follower set next_sequence = ${reached} where workspace_id = ${workspaceId}
      and project_id = ${projectId} and follower = ${follower}`.execute(tx)
    return isMore
  })
}
