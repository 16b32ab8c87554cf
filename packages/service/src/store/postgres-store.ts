import type { ProjectStore, Store } from '@trueup/core'
import { sql } from 'kysely'
import { checkRows } from './check-rows.ts'
import type { Connection } from './connection.ts'
import { differing } from './differing.ts'
import { findings } from './findings.ts'
import { incidents } from './incidents.ts'
import { columnText } from './json-codec.ts'
import { ledger } from './ledger.ts'
import { matching } from './matching.ts'
import { observations } from './observations.ts'
import { pushedSubjects } from './pushed-subjects.ts'
import { repairs } from './repairs.ts'
import { retention } from './retention.ts'
import { rowCounts } from './row-counts.ts'
import type { Scope } from './tables.ts'

/** The store on a PostgreSQL whose schema stands; closing it ends the connection. */
export function createPostgresStore(connection: Connection): Store {
  const { db, vacuumsItself } = connection
  return {
    async project(projectId) {
      await sql`insert into trueup.project (project_id) values (${columnText(projectId)})
        on conflict do nothing`.execute(db)
      const { workspace_id: workspaceId } = await db
        .selectFrom('trueup.project')
        .select('workspace_id')
        .where('project_id', '=', columnText(projectId))
        .executeTakeFirstOrThrow()
      return createProjectStore({ db, projectId, workspaceId, vacuumsItself })
    },
    close: () => connection.close(),
  }
}

function createProjectStore(scope: Scope): ProjectStore {
  return {
    projectId: scope.projectId,
    ...checkRows(scope),
    ...observations(scope),
    ...matching(scope),
    ...differing(scope),
    ...rowCounts(scope),
    ...findings(scope),
    ...incidents(scope),
    ...retention(scope),
    ...repairs(scope),
    ...ledger(scope),
    ...pushedSubjects(scope),
  }
}
