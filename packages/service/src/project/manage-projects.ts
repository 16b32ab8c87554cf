import { sql } from 'kysely'
import { newId } from '../new-id.ts'
import { moveSchedules } from '../schedule/schedules.ts'
import { ProjectError, projectUnknown } from './project-error.ts'
import type { ProjectService, ProjectStatements, ProjectTenant } from './project-service.ts'
import { enter, lockProject, tablesOf } from './project-service.ts'
import type { ProjectState } from './tables.ts'

/** A project as its settings show it. */
export interface Project {
  readonly id: string
  readonly name: string
  /** IANA name, such as `Europe/Berlin`: when schedules run and digests are sent. */
  readonly timeZone: string
  readonly state: ProjectState
  readonly createdAt: Date
  /** It stands on made-up accounts, which are no one's. */
  readonly demo: boolean
  /** Asked for, and not done yet; `null`: it stays. */
  readonly deletion: Deletion | null
}

/** A deletion that can still be taken back. */
export interface Deletion {
  readonly askedAt: Date
  readonly askedBy: string
  /** When all that is the project's is erased, but its ledger. */
  readonly dueAt: Date
}

/**
 * Makes a project of a workspace. It is set up before anything is checked by itself.
 *
 * @throws ProjectError `name-invalid`, `time-zone-invalid`
 */
export async function createProject(
  { database, clock, randomBytes }: Pick<ProjectService, 'database' | 'clock' | 'randomBytes'>,
  workspaceId: string,
  { name, timeZone }: { readonly name: string; readonly timeZone: string },
): Promise<Project> {
  const project: Project = {
    id: newId('prj', randomBytes),
    name: nameOf(name),
    timeZone: timeZoneOf(timeZone),
    state: 'setting-up',
    createdAt: clock.now(),
    demo: false,
    deletion: null,
  }
  await sql`insert into trueup.project (workspace_id, project_id, name, time_zone, state, created_at)
    values (${workspaceId}, ${project.id}, ${project.name}, ${project.timeZone}, ${project.state}, ${project.createdAt})`.execute(
    database.scoped({ workspaceId }),
  )
  return project
}

/** The projects of a workspace, the oldest first. */
export async function listProjects(
  { database }: Pick<ProjectService, 'database'>,
  workspaceId: string,
): Promise<readonly Project[]> {
  const { rows } = await sql<Row>`select ${columns} from trueup.project
    where workspace_id = ${workspaceId} and erased_at is null order by created_at, project_id`.execute(
    database.scoped({ workspaceId }),
  )
  return rows.map(projectOf)
}

/** @throws ProjectError `project-unknown` */
export async function readProject(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
): Promise<Project> {
  return await readProjectIn(tablesOf(service, tenant), tenant)
}

async function readProjectIn(db: ProjectStatements, tenant: ProjectTenant): Promise<Project> {
  const { rows } = await sql<Row>`select ${columns} from trueup.project
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and erased_at is null`.execute(
    db,
  )
  const [found] = rows
  if (found) return projectOf(found)
  throw projectUnknown(tenant.projectId)
}

/**
 * Renames a project, sets its time zone, or lets it go live or pause. Each change is an entry.
 *
 * @throws ProjectError `project-unknown`, `name-invalid`, `time-zone-invalid`
 */
export async function changeProject(
  service: Pick<ProjectService, 'database' | 'clock'>,
  tenant: ProjectTenant,
  change: {
    readonly name?: string | undefined
    readonly timeZone?: string | undefined
    readonly state?: ProjectState | undefined
  },
  { by }: { readonly by: string },
): Promise<Project> {
  const name = change.name === undefined ? null : nameOf(change.name)
  const timeZone = change.timeZone === undefined ? null : timeZoneOf(change.timeZone)
  const at = service.clock.now()
  return await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      const was = await readProjectIn(tx, tenant)
      const is: Project = {
        ...was,
        name: name ?? was.name,
        timeZone: timeZone ?? was.timeZone,
        state: change.state ?? was.state,
      }
      if (was.deletion !== null && is.state !== was.state) throw isToBeDeleted()
      const changed = (['name', 'timeZone', 'state'] as const).filter((key) => is[key] !== was[key])
      if (changed.length === 0) return was
      await sql`update trueup.project set name = ${is.name}, time_zone = ${is.timeZone}, state = ${is.state}
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(tx)
      if (changed.includes('timeZone')) await moveSchedules(tx, tenant, { timeZone: is.timeZone, now: at })
      await enter(tenant, tx, [
        {
          key: `project-changed:${at.toISOString()}:${changed.join(',')}`,
          act: 'project-changed',
          at,
          by,
          about: {},
          facts: { changed, state: is.state, timeZone: is.timeZone },
          personal: null,
        },
      ])
      return is
    })
}

// The project of a folder that was checked from the command line was never given a name.
const columns = sql.raw(
  `project_id as id, coalesce(nullif(name, ''), project_id) as name, time_zone as "timeZone", state,
    created_at as "createdAt", deletion_asked_at as "askedAt", deletion_asked_by as "askedBy",
    deletion_due_at as "dueAt",
    exists (select from trueup.demo_world world where world.project_id = project.project_id) as demo`,
)

interface Row extends Omit<Project, 'deletion'> {
  readonly askedAt: Date | null
  readonly askedBy: string | null
  readonly dueAt: Date | null
}

function projectOf({ askedAt, askedBy, dueAt, ...project }: Row): Project {
  const deletion = askedAt && askedBy && dueAt ? { askedAt, askedBy, dueAt } : null
  return { ...project, deletion }
}

function isToBeDeleted(): ProjectError {
  return new ProjectError({
    code: 'deletion-asked',
    message: 'The project is to be deleted, and does nothing until that is taken back.',
    fix: 'Take the deletion back first.',
  })
}

const longestName = 80

function nameOf(text: string): string {
  const name = text.trim()
  if (name !== '' && name.length <= longestName && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name)) return name
  throw new ProjectError({
    code: 'name-invalid',
    message: 'A project needs a name of 1 to 80 characters that can be seen.',
    fix: 'Give it the name of your app.',
  })
}

function timeZoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw new ProjectError({
      code: 'time-zone-invalid',
      message: `${JSON.stringify(name.slice(0, 60))} is no time zone.`,
      fix: 'Name one as in the IANA database, such as Europe/Berlin or UTC.',
    })
  }
}
