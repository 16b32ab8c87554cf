import type { ProjectBehindDashboard } from './dashboard.ts'
import type { ApiClient } from './service.ts'

/**
 * Lets the repairs of a project be written to the app's database, by the functions whose SQL the service gives, and
 * brings a second person who may approve them.
 */
export async function connectRepairs({
  dashboard,
  app,
  ada,
  workspaceId,
  projectId,
}: ProjectBehindDashboard): Promise<{ readonly bob: ApiClient }> {
  const path = `/api/v1/projects/${projectId}`
  const { sql, connectionString } = await ada.do(`POST ${path}/setup/databases/postgres/repair-sql`, {})
  await app.run(sql)
  await ada.do(`POST ${path}/sources`, {
    kind: 'postgres-repairs',
    source: 'postgres',
    url: connectionString,
  })
  return { bob: await dashboard.join(ada, workspaceId, 'admin') }
}
