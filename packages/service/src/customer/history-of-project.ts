import { sql } from 'kysely'
import { ConfigError } from '../config/config-error.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { listEvents } from '../inbox/list-events.ts'
import { listConfigVersions, readConfigVersion } from '../project/config-versions.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { tablesOf } from '../project/project-service.ts'
import type { Mark } from './customer-history.ts'

const mostEvents = 200
const mostVersions = 100

/** What came about these by webhooks, and the versions of the configuration, as marks of a history. */
export async function marksBeside(
  { database }: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  about: readonly string[],
): Promise<readonly Mark[]> {
  const marks: Mark[] = []
  for (const one of about) {
    const { events } = await listEvents(database, tenant, { about: one }, { limit: mostEvents })
    for (const { id, type, createdAt, verdict } of events) {
      marks.push({ at: createdAt, kind: 'event', act: type, id, text: verdict })
    }
  }
  for (const { version, madeAt, note } of await listConfigVersions({ database }, tenant, {
    limit: mostVersions,
  })) {
    marks.push({ at: madeAt, kind: 'config', act: 'config-version', id: String(version), text: note ?? '' })
  }
  const distinct = new Map(marks.map((mark) => [`${mark.kind} ${mark.id}`, mark]))
  return [...distinct.values()]
}

/** The configuration that held at a moment; `null`: there was none, or this version of Trueup no longer takes it. */
export async function configAt(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  time: Date,
): Promise<ProjectConfig | null> {
  const row = await tablesOf(service, tenant)
    .selectFrom('trueup.project_config')
    .select(sql<number>`max(version)`.as('version'))
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('made_at', '<=', time)
    .executeTakeFirst()
  const held = row?.version ? await readConfigVersion(service, tenant, row.version) : null
  if (!held) return null
  try {
    return parseConfig(held.document)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}
