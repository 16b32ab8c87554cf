import type { Cause, Incident } from '@trueup/core'
import { causeFound, findCause } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectService } from '../project/project-service.ts'
import { columnText, toJson } from '../store/json-codec.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'
import type { OpenedIncident } from './gather-evidence.ts'
import { gatherEvidence } from './gather-evidence.ts'

const incidentsAtOnce = 100
const minuteMs = 60_000
/** What is found later tells more: an event that Stripe gives up on, say. A cause that is certain stays. */
const againAfterMinutes = [15, 120, 24 * 60]

/** A cause as it was found, and when. */
export interface FoundCause {
  readonly cause: Cause
  readonly foundAt: Date
}

/**
 * Works out the causes that are due of a project. What is closed by then is left alone. Cut short anywhere, what is left
 * stays due.
 *
 * @throws StoreError, VaultError
 */
export async function findDueCauses(
  projects: ProjectService,
  tenant: ProjectTenant,
  signal: AbortSignal,
): Promise<void> {
  const now = projects.clock.now()
  const db = causeDb(projects.database, tenant)
  await sql`update trueup.incident_cause cause set due_at = null from trueup.incident incident
    where cause.workspace_id = ${tenant.workspaceId} and cause.project_id = ${tenant.projectId}
      and cause.due_at is not null and incident.project_id = cause.project_id
      and incident.incident_id = cause.incident_id and incident.state not in ('open', 'acknowledged')`.execute(
    db,
  )
  while (!signal.aborted) {
    const { rows } = await sql<Row>`select ${columns} from ${joined}
      where cause.workspace_id = ${tenant.workspaceId} and cause.project_id = ${tenant.projectId}
        and cause.due_at <= ${now} order by cause.due_at, cause.incident_id limit ${incidentsAtOnce}`.execute(
      db,
    )
    if (rows.length === 0) return
    await findCausesOf(projects, tenant, rows)
  }
}

/**
 * Works out the cause of one incident by what is known now.
 *
 * @returns `null`: there is no such incident
 * @throws StoreError, VaultError
 */
export async function findCauseNow(
  projects: ProjectService,
  tenant: ProjectTenant,
  incidentId: string,
): Promise<FoundCause | null> {
  const db = causeDb(projects.database, tenant)
  const id = columnText(incidentId)
  // An incident that was opened a moment ago may not have been followed yet.
  await sql`insert into trueup.incident_cause (workspace_id, project_id, incident_id, opening, opened_at)
    select workspace_id, project_id, incident_id, (incident->>'openings')::integer, opened_at
    from trueup.incident where project_id = ${tenant.projectId} and incident_id = ${id}
    on conflict do nothing`.execute(db)
  const { rows } = await sql<Row>`select ${columns} from ${joined}
    where cause.workspace_id = ${tenant.workspaceId} and cause.project_id = ${tenant.projectId}
      and cause.incident_id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return null
  const [found] = await findCausesOf(projects, tenant, [row])
  return found ?? null
}

interface Row extends OpenedIncident {
  readonly looks: number
}

const joined = sql`trueup.incident_cause cause join trueup.incident incident
  on incident.project_id = cause.project_id and incident.incident_id = cause.incident_id`
const columns = sql`incident.incident, cause.opening, cause.opened_at as "openedAt", cause.looks`

async function findCausesOf(
  projects: ProjectService,
  tenant: ProjectTenant,
  opened: readonly Row[],
): Promise<readonly FoundCause[]> {
  const evidence = await gatherEvidence(projects, tenant, opened)
  const found: FoundCause[] = []
  for (const [place, gathered] of evidence.entries()) {
    const row = opened[place]
    if (row) found.push(await keepCause(projects, tenant, row, findCause(gathered)))
  }
  return found
}

/** Keeps a cause, and enters it where it is another than before. */
async function keepCause(
  { database, clock }: ProjectService,
  tenant: ProjectTenant,
  { incident, opening, looks }: Row,
  cause: Cause,
): Promise<FoundCause> {
  const now = clock.now()
  const dueAt = nextLook(cause, incident, looks, now)
  return await causeDb(database, tenant)
    .transaction()
    .execute(async (tx) => {
      const own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
        and incident_id = ${columnText(incident.id)} and opening = ${opening}`
      const { rows } = await sql<{
        kind: string | null
        on: string | null
        confidence: string | null
        findings: number
        foundAt: Date | null
      }>`select kind, cause_on as "on", confidence, findings, found_at as "foundAt" from trueup.incident_cause
        where ${own} for update`.execute(tx)
      const [before] = rows
      // It was opened anew meanwhile, and is looked into anew.
      if (!before) return { cause, foundAt: now }
      const isSame =
        before.kind === cause.kind && before.on === cause.on && before.confidence === cause.confidence
      const foundAt = isSame ? (before.foundAt ?? now) : now
      const finding = isSame ? before.findings : before.findings + 1
      await sql`update trueup.incident_cause set kind = ${cause.kind}, cause_on = ${columnText(cause.on)},
          confidence = ${cause.confidence}, cause = ${toJson(cause)}::json, found_at = ${foundAt},
          findings = ${finding}, looks = ${looks + 1}, due_at = ${dueAt}
        where ${own}`.execute(tx)
      if (!isSame) await stageEntries(tenant, tx, [causeFound(incident, cause, { at: now, finding })])
      return { cause, foundAt }
    })
}

function nextLook(cause: Cause, { state }: Incident, looks: number, now: Date): Date | null {
  const minutes = againAfterMinutes[looks]
  const isOpen = state === 'open' || state === 'acknowledged'
  if (minutes === undefined || cause.confidence === 'certain' || !isOpen) return null
  return new Date(now.getTime() + minutes * minuteMs)
}
