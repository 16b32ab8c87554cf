import type { ProjectStore, Store } from '@trueup/core'
import { sql } from 'kysely'
import { accessSteps } from './access-steps.ts'
import { checkRows } from './check-rows.ts'
import { checkUnits } from './check-units.ts'
import type { Database } from './database.ts'
import { differing } from './differing.ts'
import { exceptions } from './exceptions.ts'
import { findings } from './findings.ts'
import { incidents } from './incidents.ts'
import { columnText } from './json-codec.ts'
import { ledger } from './ledger.ts'
import { matching } from './matching.ts'
import { observations } from './observations.ts'
import { pairFiling } from './pair-filing.ts'
import { pushedSubjects } from './pushed-subjects.ts'
import { repairs } from './repairs.ts'
import { retention } from './retention.ts'
import { rowCounts } from './row-counts.ts'
import type { Scope } from './tables.ts'

/** The store on a PostgreSQL whose schema stands; closing it ends the connection. */
export function createPostgresStore(database: Database): Store {
  return {
    async project(projectId) {
      const { workspaceId } = await ensureProject(database, projectId)
      return openProjectStore(database, { workspaceId, projectId })
    },
    close: () => database.close(),
  }
}

/** The project of a folder is there as soon as it is named. */
async function ensureProject(
  { system }: Database,
  projectId: string,
): Promise<{ readonly workspaceId: string }> {
  await sql`insert into trueup.project (project_id) values (${columnText(projectId)})
    on conflict do nothing`.execute(system)
  return await system
    .selectFrom('trueup.project')
    .select('workspace_id as workspaceId')
    .where('project_id', '=', columnText(projectId))
    .executeTakeFirstOrThrow()
}

/**
 * What is kept of a project that is there, and whose statements see no other.
 *
 * @example
 * const project = openProjectStore(database, { workspaceId: 'wsp_1', projectId: 'prj_1' })
 */
export function openProjectStore(
  database: Database,
  tenant: { readonly workspaceId: string; readonly projectId: string },
): ProjectStore {
  return createProjectStore({ ...tenant, db: database.scoped(tenant), vacuumsItself: database.isEmbedded })
}

function createProjectStore(scope: Scope): ProjectStore {
  return {
    projectId: scope.projectId,
    ...accessSteps(scope),
    ...checkRows(scope),
    ...observations(scope),
    ...matching(scope),
    ...differing(scope),
    ...rowCounts(scope),
    ...findings(scope),
    ...incidents(scope),
    ...exceptions(scope),
    ...pairFiling(scope),
    ...checkUnits(scope, createProjectStore),
    ...retention(scope),
    ...repairs(scope),
    ...ledger(scope),
    ...pushedSubjects(scope),
  }
}
