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

type Follower = 'alert' | 'webhook' | 'cause'

const entriesPerStep = 500

/**
 * Reads the entries that a follower has not seen yet and hands those of these acts to `act`, in one transaction with
 * remembering how far it came: what `act` writes is written once for each entry, however often and by however many
 * processes this is called. One process at a time follows a project. A project that was erased keeps its ledger, and
 * nobody follows it.
 *
 * @returns whether there may be more
 */
export async function followLedger<Tables extends DeliveryTables>(
  db: Kysely<Tables>,
  tenant: ProjectTenant,
  follower: Follower,
  acts: readonly LedgerAct[],
  act: (tx: Transaction<Tables>, entries: readonly FollowedEntry[]) => Promise<void>,
): Promise<boolean> {
  const { workspaceId, projectId } = tenant
  return await db.transaction().execute(async (tx) => {
    const next = (await placeOf(tx, tenant, follower)) ?? (await begin(tx, tenant, follower))
    if (next === null) return false
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

/** The entry that a follower reads next; `null` before it has followed this project at all. */
async function placeOf<Tables extends DeliveryTables>(
  tx: Transaction<Tables>,
  { workspaceId, projectId }: ProjectTenant,
  follower: Follower,
): Promise<number | null> {
  const { rows } = await sql<{ next: number }>`select next_sequence as next from trueup.ledger_follower
    where workspace_id = ${workspaceId} and project_id = ${projectId} and follower = ${follower}
    for update`.execute(tx)
  return rows[0]?.next ?? null
}

/** Begins to follow a project; `null` where it was erased. Waits for whoever erases it, so that no place is left. */
async function begin<Tables extends DeliveryTables>(
  tx: Transaction<Tables>,
  tenant: ProjectTenant,
  follower: Follower,
): Promise<number | null> {
  const { workspaceId, projectId } = tenant
  await sql`insert into trueup.ledger_follower (workspace_id, project_id, follower)
    select workspace_id, project_id, ${follower} from trueup.project where workspace_id = ${workspaceId}
      and project_id = ${projectId} and erased_at is null for share on conflict do nothing`.execute(tx)
  return await placeOf(tx, tenant, follower)
}
