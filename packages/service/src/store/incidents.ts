import type { Incident, IncidentStore, LedgerDraft } from '@trueup/core'
import { identityKey, severities } from '@trueup/core'
import { sql } from 'kysely'
import { jsonRows, texts, writeInBulk } from './bulk.ts'
import { checkNumber, requireCheckRow } from './check-rows.ts'
import { incidentList } from './incident-list.ts'
import { incidentIn } from './incident-rows.ts'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import type { Scope } from './tables.ts'

type IncidentRow = Parameters<typeof incidentIn>[0]

/** The records of drift, and which check saw which. */
export function incidents(scope: Scope): Omit<IncidentStore, 'undecided'> {
  const { db, projectId, workspaceId } = scope

  const write = async (
    tx: Scope['db'],
    saved: readonly Incident[],
    check: number | null,
    entries: readonly LedgerDraft[],
  ): Promise<void> => {
    await writeInBulk(
      saved,
      ({ id }) => id,
      (rows) =>
        sql`insert into trueup.incident (project_id, workspace_id, incident_id, identity_key, state,
            severity_rank, opened_at, incident)
          select ${projectId}, ${workspaceId}, * from rows from (
            unnest(${texts(rows, ({ id }) => id)}::text[]),
            unnest(${texts(rows, ({ identity }) => identityKey(identity))}::text[]),
            unnest(${rows.map(({ state }) => state)}::text[]),
            unnest(${rows.map(({ severity }) => severities.indexOf(severity))}::smallint[]),
            unnest(${rows.map(({ openedAt }) => openedAt.toISOString())}::timestamptz[]),
            ${jsonRows(rows.map(toJson))})
          on conflict (project_id, incident_id) do update
            set identity_key = excluded.identity_key, state = excluded.state,
                severity_rank = excluded.severity_rank, opened_at = excluded.opened_at,
                incident = excluded.incident`.execute(tx),
    )
    await stageEntries(scope, tx, entries)
    if (check === null) return
    await sql`insert into trueup.incident_seen (project_id, check_number, workspace_id, incident_id)
      select ${projectId}, ${check}, ${workspaceId}, *
      from unnest(${texts(saved, ({ id }) => id)}::text[])
      on conflict do nothing`.execute(tx)
  }

  /**
   * The lock under which repairs change incidents too, taken before any row of them: so no two can wait for each
   * other, and an incident that is not there yet is not filed by two at once.
   */
  const lockChanges = async (tx: Scope['db']): Promise<void> => {
    await sql`insert into trueup.repair_control (project_id, workspace_id)
      values (${projectId}, ${workspaceId}) on conflict do nothing`.execute(tx)
    await sql`select from trueup.repair_control where project_id = ${projectId} for update`.execute(tx)
  }

  return {
    ...incidentList(scope),
    async incidentsByIdentity(identityKeys) {
      const { rows } = await sql<IncidentRow>`
        select incident from trueup.incident
        where project_id = ${projectId} and identity_key = any(${identityKeys.map(columnText)}::text[])`.execute(
        db,
      )
      return new Map(rows.map(incidentIn).map((incident) => [identityKey(incident.identity), incident]))
    },
    async incident(id) {
      const row = await db
        .selectFrom('trueup.incident')
        .select('incident')
        .where('project_id', '=', projectId)
        .where('incident_id', '=', columnText(id))
        .executeTakeFirst()
      return row ? incidentIn(row) : null
    },
    async saveIncidents(saved, checkId, entries) {
      const number = checkId === null ? null : (await requireCheckRow(scope, checkId)).check_number
      await db.transaction().execute(async (tx) => {
        await write(tx, saved, number, entries)
      })
    },
    async changeIncidents(which, checkId, decide) {
      const number = checkId === null ? null : (await requireCheckRow(scope, checkId)).check_number
      return await db.transaction().execute(async (tx) => {
        await lockChanges(tx)
        const isMeant =
          'ids' in which
            ? sql`incident_id = any(${which.ids.map(columnText)}::text[])`
            : sql`identity_key = any(${which.identityKeys.map(columnText)}::text[])`
        const { rows } = await sql<IncidentRow>`select incident from trueup.incident
          where project_id = ${projectId} and ${isMeant}
          order by incident_id for update`.execute(tx)
        const { incidents: changed, entries } = decide(rows.map(incidentIn))
        await write(tx, changed, number, entries)
        return changed
      })
    },
    async incidents({ states, minSeverity, after, limit }) {
      const least = minSeverity === undefined ? 0 : severities.indexOf(minSeverity)
      const behind =
        after === undefined
          ? sql``
          : sql`and (-severity_rank, opened_at, incident_id) > (
              select -severity_rank, opened_at, incident_id from trueup.incident
              where project_id = ${projectId} and incident_id = ${columnText(after)})`
      const { rows } = await sql<IncidentRow>`
        select incident from trueup.incident
        where project_id = ${projectId} and severity_rank >= ${least}
          and (${states === undefined} or state = any(${[...(states ?? [])]}::text[])) ${behind}
        order by severity_rank desc, opened_at, incident_id limit ${limit}`.execute(db)
      return rows.map(incidentIn)
    },
    async unseenIncidents(checkId, after, limit) {
      const { rows } = await sql<IncidentRow>`
        select incident from trueup.incident i
        where project_id = ${projectId} and state in ('open', 'acknowledged') and incident_id > ${after ?? ''}
          and (select count(*) from trueup.incident_seen s where s.project_id = i.project_id
            and s.check_number = ${checkNumber(scope, checkId)} and s.incident_id = i.incident_id) = 0
        order by incident_id limit ${limit}`.execute(db)
      return rows.map(incidentIn)
    },
  }
}
