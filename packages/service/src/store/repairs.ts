import type { CheckRun, Incident, Repair, RepairFilter, RepairStore, RepairSwitch } from '@trueup/core'
import { openRepairStates, writtenRepairStates } from '@trueup/core'
import { sql } from 'kysely'
import { checkNumber, runOf } from './check-rows.ts'
import { incidentIn } from './incident-rows.ts'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import type { Scope } from './tables.ts'

type Db = Scope['db']
type IncidentRow = Parameters<typeof incidentIn>[0]

/** The row that switches repairs off for all projects. */
const everywhere = '*'

/** The records of repairs, and what holds them back. */
export function repairs(scope: Scope): RepairStore {
  const { db, projectId, workspaceId } = scope

  return {
    async repair(id) {
      const { rows } = await sql<{ repair: Repair }>`select repair from trueup.repair
        where project_id = ${projectId} and repair_id = ${columnText(id)}`.execute(db)
      return rows[0]?.repair ?? null
    },
    async repairs(filter) {
      const { rows } = await sql<{ repair: Repair }>`select repair from trueup.repair
        where project_id = ${projectId} ${conditions(scope, filter)}
        order by proposed_at, repair_id limit ${filter.limit}`.execute(db)
      return rows.map(({ repair }) => repair)
    },
    async addRepairs(proposed) {
      return await db.transaction().execute(async (tx) => {
        const kept: string[] = []
        for (const { repair, entries } of proposed) {
          const { rows } =
            await sql`insert into trueup.repair (project_id, repair_id, workspace_id, incident_id,
              state, is_open, source, container, record, fields, batch_id, undoes, proposed_at, intended_at, repair)
            values (${projectId}, ${repair.id}, ${workspaceId}, ${repair.incidentId}, ${repair.state},
              ${isOpen(repair)}, ${columnText(repair.source)}, ${columnText(repair.container)},
              ${columnText(repair.record)}, ${fieldsOf(repair)}::text[], ${repair.batch?.id ?? null},
              ${repair.undoes}, ${repair.proposedAt}, ${repair.intendedAt}, ${toJson(repair)})
            on conflict do nothing returning repair_id`.execute(tx)
          if (rows.length === 0) continue
          kept.push(repair.id)
          await stageEntries(scope, tx, entries)
        }
        return kept
      })
    },
    async changeRepairs(ids, at, decide) {
      return await db.transaction().execute(async (tx) => {
        let nextToken = await takeControl(scope, tx, at)
        const switchedOff = await switchesIn(scope, tx, 'for share')
        const holds = await holdsIn(scope, tx)
        const changed: Repair[] = []
        for (const id of ids) {
          const repair = await lockedRepair(scope, tx, id)
          if (!repair) continue
          const incident = await lockedIncident(scope, tx, repair.incidentId)
          const writesOfLastHour = await writesTo(scope, tx, repair, at)
          const decision = decide({ repair, incident, switchedOff, holds, writesOfLastHour, nextToken })
          nextToken += 1
          changed.push(decision?.repair ?? repair)
          if (!decision) continue
          await writeRepair(scope, tx, decision.repair)
          if (decision.incident) await writeIncident(scope, tx, decision.incident)
          await stageEntries(scope, tx, decision.entries)
        }
        await sql`update trueup.repair_control set token = ${nextToken}
          where project_id = ${projectId}`.execute(tx)
        return changed
      })
    },
    async countWritten(source, container, field, since) {
      const states = writtenRepairStates.filter((state) => state !== 'executing')
      const { rows } = await sql<{ writes: number }>`select count(*) as writes from trueup.repair
        where project_id = ${projectId} and source = ${columnText(source)}
          and container = ${columnText(container)} and ${columnText(field)} = any(fields)
          and intended_at > ${since} and state = any(${states}::text[])`.execute(db)
      return rows[0]?.writes ?? 0
    },
    repairSwitches: () => switchesIn(scope, db, ''),
    async switchRepairs(which, off, entries) {
      const [row, workspace] = which === 'everywhere' ? [everywhere, everywhere] : [projectId, workspaceId]
      await db.transaction().execute(async (tx) => {
        await sql`insert into trueup.repair_control (project_id, workspace_id, switched_off)
          values (${row}, ${workspace}, ${off && toJson(off)})
          on conflict (project_id) do update set switched_off = excluded.switched_off`.execute(tx)
        await stageEntries(scope, tx, entries)
      })
    },
    repairHolds: () => holdsIn(scope, db),
    async newestFinishedCheck({ filing }): Promise<CheckRun | null> {
      const row = await db
        .selectFrom('trueup.check_run')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('kind', '=', 'full')
        .where('finished_at', 'is not', null)
        .where((where) => (filing ? where('dry_run', '=', false) : where.lit(true)))
        .orderBy('check_number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? await runOf(scope, row) : null
    },
    async incidentsSeenBy(checkId, after, limit) {
      const { rows } = await sql<IncidentRow>`select incident from trueup.incident i
        where project_id = ${projectId} and state in ('open', 'acknowledged') and incident_id > ${after ?? ''}
          and exists (select from trueup.incident_seen s where s.project_id = i.project_id
            and s.check_number = ${checkNumber(scope, checkId)} and s.incident_id = i.incident_id)
        order by incident_id limit ${limit}`.execute(db)
      return rows.map(incidentIn)
    },
    async storeTime() {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
      return rows[0]?.now ?? null
    },
  }
}

/** Takes the project's lock, and gives the first token that is greater than all before, also by the clock. */
async function takeControl({ projectId, workspaceId }: Scope, tx: Db, at: Date): Promise<number> {
  const { rows } = await sql<{
    token: number
  }>`insert into trueup.repair_control (project_id, workspace_id, token)
    values (${projectId}, ${workspaceId}, ${at.getTime()})
    on conflict (project_id) do update
      set token = greatest(trueup.repair_control.token + 1, excluded.token)
    returning token`.execute(tx)
  const [row] = rows
  if (!row) throw new Error(`The project ${projectId} has no row of control.`)
  return row.token
}

async function switchesIn(
  { projectId }: Scope,
  db: Db,
  lock: 'for share' | '',
): Promise<readonly RepairSwitch[]> {
  const { rows } = await sql<{ switched_off: RepairSwitch }>`select switched_off from trueup.repair_control
    where project_id in (${everywhere}, ${projectId}) and switched_off is not null
    order by project_id ${sql.raw(lock)}`.execute(db)
  return rows.map(({ switched_off }) => switched_off)
}

async function holdsIn({ projectId }: Scope, db: Db): Promise<readonly Incident[]> {
  const { rows } = await sql<IncidentRow>`select incident from trueup.incident
    where project_id = ${projectId} and state in ('open', 'acknowledged') and identity_key like 'mass-drift|%'
    order by incident_id`.execute(db)
  return rows.map(incidentIn)
}

async function lockedRepair({ projectId }: Scope, tx: Db, id: string): Promise<Repair | null> {
  const { rows } = await sql<{ repair: Repair }>`select repair from trueup.repair
    where project_id = ${projectId} and repair_id = ${columnText(id)} for update`.execute(tx)
  return rows[0]?.repair ?? null
}

async function lockedIncident({ projectId }: Scope, tx: Db, id: string): Promise<Incident | null> {
  const { rows } = await sql<IncidentRow>`select incident from trueup.incident
    where project_id = ${projectId} and incident_id = ${columnText(id)} for update`.execute(tx)
  return rows[0] ? incidentIn(rows[0]) : null
}

async function writesTo({ projectId }: Scope, tx: Db, repair: Repair, at: Date): Promise<number> {
  const { rows } = await sql<{ writes: number }>`select count(*) as writes from trueup.repair
    where project_id = ${projectId} and source = ${columnText(repair.source)}
      and container = ${columnText(repair.container)} and fields && ${fieldsOf(repair)}::text[]
      and intended_at > ${at}::timestamptz - interval '1 hour'
      and state = any(${[...writtenRepairStates]}::text[])`.execute(tx)
  return rows[0]?.writes ?? 0
}

async function writeRepair({ projectId }: Scope, tx: Db, repair: Repair): Promise<void> {
  await sql`update trueup.repair set state = ${repair.state}, is_open = ${isOpen(repair)},
      batch_id = ${repair.batch?.id ?? null}, intended_at = ${repair.intendedAt}, repair = ${toJson(repair)}
    where project_id = ${projectId} and repair_id = ${repair.id}`.execute(tx)
}

async function writeIncident({ projectId }: Scope, tx: Db, incident: Incident): Promise<void> {
  await sql`update trueup.incident set state = ${incident.state}, opened_at = ${incident.openedAt},
      incident = ${toJson(incident)}
    where project_id = ${projectId} and incident_id = ${incident.id}`.execute(tx)
}

function conditions({ projectId }: Scope, filter: RepairFilter) {
  const { states, incidentId, batchId, undoes, after } = filter
  return sql.join(
    [
      states === undefined ? sql`` : sql`and state = any(${[...states]}::text[])`,
      incidentId === undefined ? sql`` : sql`and incident_id = ${columnText(incidentId)}`,
      batchId === undefined ? sql`` : sql`and batch_id = ${columnText(batchId)}`,
      undoes === undefined ? sql`` : sql`and undoes = ${columnText(undoes)}`,
      after === undefined
        ? sql``
        : sql`and (proposed_at, repair_id) > (select proposed_at, repair_id from trueup.repair
            where project_id = ${projectId} and repair_id = ${columnText(after)})`,
    ],
    sql` `,
  )
}

function isOpen(repair: Repair): boolean {
  return openRepairStates.includes(repair.state)
}

function fieldsOf({ changes }: Repair): readonly string[] {
  return changes.map(({ field }) => columnText(field))
}
