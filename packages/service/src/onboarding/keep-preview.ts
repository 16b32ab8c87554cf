import type { Clock, ProjectStore, SubjectReading } from '@trueup/core'
import { identityKey, subjectOfKey } from '@trueup/core'
import { sql } from 'kysely'
import { fileIncidents } from '../check/file-incidents.ts'
import { rulesOf } from '../check/rules-of.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { incidentId } from '../incident-id.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import type { Database } from '../store/index.ts'
import { openProjectStore } from '../store/index.ts'
import { toJson } from '../store/json-codec.ts'
import type { CheckPreview } from './check-preview.ts'
import { previewOf } from './check-preview.ts'

/** Readings that are looked at to say which mapped fields hold anything. */
const sampleCount = 500
/** Previews of so many dry runs are kept. */
const mostKept = 20

/** The project of a dry run, without any of its sources. */
export interface PreviewReach {
  readonly database: Database
  readonly tenant: ProjectTenant
  readonly config: ProjectConfig
  readonly clock: Clock
}

/** What was kept of a dry run; `null`: nothing was. */
export async function keptPreview(
  database: Database,
  tenant: ProjectTenant,
  checkId: string,
): Promise<CheckPreview | null> {
  const { rows } = await sql<{ readonly preview: CheckPreview }>`select preview from trueup.check_preview
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and check_id = ${checkId}`.execute(
    database.scoped(tenant),
  )
  return rows[0]?.preview ?? null
}

/**
 * Works out what a dry run would have filed and keeps it, since what it read goes when the next check is done. Reads no
 * source. May run twice.
 *
 * @returns `null` where the check is none, is not a dry run, is not finished, was made under another configuration, or
 *   what it read is gone
 */
export async function keepPreview(reach: PreviewReach, checkId: string): Promise<CheckPreview | null> {
  const { database, tenant, config, clock } = reach
  const project = openProjectStore(database, tenant)
  const check = await project.loadCheck(checkId)
  if (!check?.dryRun || !check.finishedAt || !check.counts) return null
  if (check.configFingerprint !== config.fingerprint || !(await isStillRead(reach, checkId))) return null
  const dependencies = {
    project,
    config,
    clock,
    incidentId: (identity: string) => incidentId(tenant.projectId, identity),
  }
  const rules = await rulesOf(dependencies, check)
  const { incidents, counts, observed } = await fileIncidents(dependencies, check, rules)
  const [readings, known] = await Promise.all([
    sampledReadings(reach, project, checkId),
    project.incidentsByIdentity(incidents.map(({ identity }) => identityKey(identity))),
  ])
  const standing = [...known.values()].filter(({ state }) => state !== 'resolved')
  const preview = previewOf({
    check,
    counts,
    incidents,
    known: new Set(standing.map(({ id }) => id)),
    coverage: observed.coverage,
    subjects: counts.subjects,
    matchedSubjects: observed.matched,
    rules: config.match.map(({ text }) => text),
    readings,
  })
  await save(reach, preview)
  return preview
}

/** What a check read is deleted when a later one is done. */
async function isStillRead({ database, tenant }: PreviewReach, checkId: string): Promise<boolean> {
  const { rows } = await sql`select from trueup.check_run
    where project_id = ${tenant.projectId} and check_number = ${numberOf(checkId)} and not forgotten`.execute(
    database.scoped(tenant),
  )
  return rows.length > 0
}

async function sampledReadings(
  { database, tenant }: PreviewReach,
  project: ProjectStore,
  checkId: string,
): Promise<readonly SubjectReading[]> {
  const { rows } = await sql<{ readonly key: string }>`select distinct subject_key as key
    from trueup.observed_subject
    where project_id = ${tenant.projectId} and check_number = ${numberOf(checkId)}
    order by key limit ${sampleCount}`.execute(database.scoped(tenant))
  const pairs = await project.pairs(
    checkId,
    rows.map(({ key }) => ({ subject: subjectOfKey(key) })),
  )
  return pairs.flatMap((pair) => pair?.readings ?? [])
}

async function save({ database, tenant, clock }: PreviewReach, preview: CheckPreview): Promise<void> {
  const { workspaceId, projectId } = tenant
  const db = database.scoped(tenant)
  await sql`insert into trueup.check_preview (workspace_id, project_id, check_id, preview, made_at)
    values (${workspaceId}, ${projectId}, ${preview.checkId}, ${toJson(preview)}, ${clock.now()})
    on conflict (workspace_id, project_id, check_id) do update set preview = excluded.preview`.execute(db)
  await sql`delete from trueup.check_preview
    where workspace_id = ${workspaceId} and project_id = ${projectId} and check_id not in (
      select check_id from trueup.check_preview
      where workspace_id = ${workspaceId} and project_id = ${projectId}
      order by made_at desc, check_id limit ${mostKept})`.execute(db)
}

function numberOf(checkId: string): number {
  return Number(/^chk_(\d{1,15})$/.exec(checkId)?.[1] ?? 0)
}
