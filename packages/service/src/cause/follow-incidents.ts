import type { MoneyStanding, MoneyTurn } from '@trueup/core'
import { ledgerActs, moneyTurns } from '@trueup/core'
import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { DeliveryTables } from '../outgoing/delivery/delivery-tables.ts'
import type { FollowedEntry } from '../outgoing/follow-ledger.ts'
import { followLedger } from '../outgoing/follow-ledger.ts'
import type { Database } from '../store/index.ts'
import type { Tables } from '../store/tables.ts'
import type { ProjectTenant } from './cause-tables.ts'

type FollowTransaction = Transaction<Tables & DeliveryTables>

const incidentActs = ledgerActs.filter((act) => act.startsWith('incident-'))

/** What the entry of an act holds of its incident. */
interface IncidentFacts extends MoneyStanding {
  readonly openings: number
}

/** An entry about one incident. */
interface IncidentAct extends FollowedEntry {
  readonly incidentId: string
  readonly facts: IncidentFacts
}

/**
 * Takes over what the ledger has entered about incidents since it was last called: the moments at which money began or
 * ceased to be at risk, and whose cause is to be worked out.
 *
 * May be called at any time, any number of times and by any number of processes: each entry is taken over once.
 */
export async function followIncidents(database: Database, tenant: ProjectTenant): Promise<void> {
  const db = database.scoped(tenant).withTables<DeliveryTables>()
  // Of a project that was erased the ledger is left, and nothing is to be made of it again.
  const { rows } = await sql`select from trueup.project where workspace_id = ${tenant.workspaceId}
    and project_id = ${tenant.projectId} and erased_at is null`.execute(db)
  let isMore = rows.length > 0
  while (isMore) {
    isMore = await followLedger(db, tenant, 'cause', incidentActs, async (tx, entries) => {
      const acts = entries.flatMap(actIn)
      await keepTurns(tx, tenant, acts)
      await keepDue(tx, tenant, acts)
    })
  }
}

/** Entries for many that were only seen again name none and change nothing. */
function actIn(entry: FollowedEntry): readonly IncidentAct[] {
  const { incidentId } = entry
  return incidentId === null ? [] : [{ ...entry, incidentId, facts: factsIn(entry.bytes) }]
}

/** Relies on the entry having been written by `entriesOfIncidents`. */
function factsIn(bytes: Uint8Array): IncidentFacts {
  const { facts } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly facts: IncidentFacts }
  return facts
}

async function keepTurns(
  tx: FollowTransaction,
  tenant: ProjectTenant,
  acts: readonly IncidentAct[],
): Promise<void> {
  const [first] = acts
  if (!first) return
  const standing = await standingBefore(tx, tenant, acts, first.sequence)
  const turns = acts.flatMap(({ incidentId, sequence, at, facts }) => {
    const made = moneyTurns(standing.get(incidentId) ?? null, facts, at)
    standing.set(incidentId, facts)
    return made.map((turn, place) => ({ ...turn, sequence, place }))
  })
  await insertTurns(tx, tenant, turns)
}

async function insertTurns(
  tx: FollowTransaction,
  { workspaceId, projectId }: ProjectTenant,
  turns: readonly (MoneyTurn & { readonly sequence: number; readonly place: number })[],
): Promise<void> {
  if (turns.length === 0) return
  await sql`insert into trueup.money_turn (workspace_id, project_id, sequence, place, at, hurts, currency, at_risk,
      recovered)
    select ${workspaceId}, ${projectId}, * from unnest(${turns.map(({ sequence }) => sequence)}::bigint[],
      ${turns.map(({ place }) => place)}::smallint[], ${turns.map(({ at }) => at.toISOString())}::timestamptz[],
      ${turns.map(({ hurts }) => hurts)}::text[], ${turns.map(({ currency }) => currency)}::text[],
      ${turns.map(({ atRisk }) => atRisk)}::bigint[], ${turns.map(({ recovered }) => recovered)}::bigint[])
    on conflict do nothing`.execute(tx)
}

/** How these incidents stood before this entry of the ledger. */
async function standingBefore(
  tx: FollowTransaction,
  { projectId }: ProjectTenant,
  acts: readonly IncidentAct[],
  sequence: number,
): Promise<Map<string, MoneyStanding>> {
  const ids = [...new Set(acts.map(({ incidentId }) => incidentId))]
  const { rows } = await sql<{ incidentId: string; bytes: Uint8Array }>`
    select wanted.id as "incidentId", last.entry as bytes
    from unnest(${ids}::text[]) as wanted (id) cross join lateral (
      select entry from trueup.ledger_entry entry
      where entry.project_id = ${projectId} and entry.incident_id = wanted.id and entry.sequence < ${sequence}
        and entry.act = any(${[...incidentActs]}::text[])
      order by entry.sequence desc limit 1) last`.execute(tx)
  return new Map(rows.map(({ incidentId, bytes }) => [incidentId, factsIn(bytes)]))
}

/** An incident that opens, or comes back, is looked into at once. */
async function keepDue(
  tx: FollowTransaction,
  { workspaceId, projectId }: ProjectTenant,
  acts: readonly IncidentAct[],
): Promise<void> {
  const openings = new Map(
    acts
      .filter(({ act }) => act === 'incident-opened' || act === 'incident-reopened')
      .map((opened) => [opened.incidentId, opened]),
  )
  const opened = [...openings.values()]
  if (opened.length === 0) return
  await sql`insert into trueup.incident_cause as cause (workspace_id, project_id, incident_id, opening, opened_at, due_at)
    select ${workspaceId}, ${projectId}, opened.id, opened.opening, opened.at, opened.at
    from unnest(${opened.map(({ incidentId }) => incidentId)}::text[],
      ${opened.map(({ facts }) => facts.openings)}::integer[],
      ${opened.map(({ at }) => at.toISOString())}::timestamptz[]) as opened (id, opening, at)
    on conflict (workspace_id, project_id, incident_id) do update
      set opening = excluded.opening, opened_at = excluded.opened_at, due_at = excluded.due_at, kind = null,
        cause_on = null, confidence = null, cause = null, found_at = null, findings = 0, looks = 0
      where excluded.opening > cause.opening`.execute(tx)
}
