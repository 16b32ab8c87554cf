import type { Timer } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { sql } from 'kysely'
import { requestFullCheck } from '../check/request-check.ts'
import { addEndpointSecret } from '../inbox/endpoint-secrets.ts'
import type { EndpointDirectory } from '../inbox/endpoints.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { newId } from '../new-id.ts'
import { putConfig } from '../project/config-versions.ts'
import { connectSource } from '../project/connect-source.ts'
import { eraseProject } from '../project/delete-project.ts'
import type { Project } from '../project/manage-projects.ts'
import { changeProject, createProject, readProject } from '../project/manage-projects.ts'
import { openProjectRecords } from '../project/project-records.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import type { Schedules } from '../schedule/schedules.ts'
import { Secret } from '../secret.ts'
import type { DemoWorlds } from './demo-worlds.ts'
import { missing, notAllowed } from './demo-worlds.ts'
import { storyteller, tellStory } from './tell-story.ts'

export const demoStates = ['none', 'preparing', 'ready', 'failed'] as const

/** The demo of a workspace as it stands. */
export interface DemoState {
  readonly allowed: boolean
  readonly state: (typeof demoStates)[number]
  readonly failure: string | null
  readonly project: Project | null
}

export interface DemosOptions {
  readonly worlds: DemoWorlds
  readonly projects: ProjectService
  readonly schedules: Pick<Schedules, 'of'>
  readonly endpoints: EndpointDirectory
  readonly jobs: Jobs
  readonly timer: Timer
  /** Told of a demo that could not be made ready. */
  readonly onError: (error: unknown) => void
}

/** Demo projects: a workspace has one at most. */
export interface Demos {
  of(workspaceId: string): Promise<DemoState>
  /**
   * Makes the demo of a workspace, or gives the one that there is.
   *
   * @throws ProjectError `demo-not-allowed`, `demo-full`, `demo-asleep`
   */
  start(workspaceId: string, by: string): Promise<DemoState>
  /** Makes it anew, as another project. @throws ProjectError `demo-missing` and as {@link start} */
  reset(workspaceId: string, by: string): Promise<DemoState>
  /** Ends a demo: its world, and the project with all that is in it. */
  end(tenant: ProjectTenant, by: string): Promise<void>
  /** Keeps the worlds of this process alive, and tells their stories to the end. To be called every few seconds. */
  keep(signal: AbortSignal): Promise<void>
}

interface Row {
  readonly projectId: string
  readonly state: 'preparing' | 'ready' | 'failed'
  readonly failure: string | null
}

/** Demos on worlds of their own, made through the same acts as any project. */
export function createDemos(options: DemosOptions): Demos {
  const { worlds, projects, onError } = options
  const telling = new Set<string>()

  const of = async (workspaceId: string): Promise<DemoState> => {
    const row = await rowOf(projects, workspaceId)
    if (!row) return { allowed: worlds.isAllowed, state: 'none', failure: null, project: null }
    const { projectId, state, failure } = row
    const project = await readProject(projects, { workspaceId, projectId })
    return { allowed: worlds.isAllowed, state, failure, project }
  }

  const start = async (workspaceId: string, by: string): Promise<DemoState> => {
    if (!worlds.isAllowed) throw notAllowed()
    if (await rowOf(projects, workspaceId)) return await of(workspaceId)
    const { id: projectId } = await createProject(projects, workspaceId, { name: 'Demo', timeZone: 'UTC' })
    const tenant = { workspaceId, projectId }
    if (!(await claim(projects, tenant, by))) {
      // Somebody else of the workspace was quicker.
      await eraseProject(projects, tenant, { by })
      return await of(workspaceId)
    }
    try {
      const sandbox = await worlds.host(tenant)
      if (!sandbox) throw new Error('The world of a demo that has just been made lives elsewhere.')
      await setUp(options, tenant, sandbox)
    } catch (error) {
      await end(tenant, by)
      throw error
    }
    return await of(workspaceId)
  }

  const end = async (tenant: ProjectTenant, by: string): Promise<void> => {
    await worlds.end(tenant.projectId)
    await eraseProject(projects, tenant, { by })
    options.endpoints.forget(tenant.projectId)
  }

  const tell = async (tenant: ProjectTenant, signal: AbortSignal): Promise<void> => {
    if (telling.has(tenant.projectId)) return
    telling.add(tenant.projectId)
    try {
      const row = await rowOf(projects, tenant.workspaceId)
      if (row?.projectId !== tenant.projectId || row.state !== 'preparing') return
      const sandbox = await worlds.host(tenant)
      if (!sandbox) return
      await tellStory(options, tenant, sandbox, signal)
      await settle(projects, tenant, 'ready', null)
    } catch (error) {
      if (signal.aborted) return
      onError(error)
      await settle(projects, tenant, 'failed', error instanceof Error ? error.message : 'unknown')
    } finally {
      telling.delete(tenant.projectId)
    }
  }

  return {
    of,
    start,
    end,
    async reset(workspaceId, by) {
      if (!worlds.isAllowed) throw notAllowed()
      const row = await rowOf(projects, workspaceId)
      if (!row) throw missing()
      await end({ workspaceId, projectId: row.projectId }, by)
      return await start(workspaceId, by)
    },
    async keep(signal) {
      for (const tenant of await worlds.keepAlive()) {
        // It takes longer than the leases of the others may wait for.
        void tell(tenant, signal)
      }
    },
  }
}

async function rowOf({ database }: ProjectService, workspaceId: string): Promise<Row | null> {
  const { rows } = await sql<Row>`select project_id as "projectId", state, failure from trueup.demo_world
    where workspace_id = ${workspaceId}`.execute(database.scoped({ workspaceId }))
  return rows[0] ?? null
}

/** Makes a project the demo of its workspace; false where there is one. */
async function claim(
  { database, clock, randomBytes }: ProjectService,
  tenant: ProjectTenant,
  by: string,
): Promise<boolean> {
  const { workspaceId, projectId } = tenant
  return await database
    .scoped({ workspaceId })
    .transaction()
    .execute(async (tx) => {
      // A workspace has one: of two who ask at once the second sees what the first one made.
      await sql`select from trueup.workspace where workspace_id = ${workspaceId} for update`.execute(tx)
      const { rows } =
        await sql`insert into trueup.demo_world (workspace_id, project_id, seed, made_at, made_by)
        select ${workspaceId}, ${projectId}, ${newId('demo', randomBytes)}, ${clock.now()}, ${by}
        where not exists (select from trueup.demo_world where workspace_id = ${workspaceId})
        returning project_id`.execute(tx)
      return rows.length > 0
    })
}

async function settle(
  { database }: ProjectService,
  tenant: ProjectTenant,
  state: 'ready' | 'failed',
  failure: string | null,
): Promise<void> {
  await sql`update trueup.demo_world set state = ${state}, failure = ${failure}
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(
    database.scoped(tenant),
  )
}

/** Sets a demo up as a person would: keys, configuration, webhooks; and has it checked for the first time. */
async function setUp(
  { projects, schedules, endpoints, jobs }: DemosOptions,
  tenant: ProjectTenant,
  { stripe, clerk, config }: Sandbox,
): Promise<void> {
  const by = storyteller
  await connectSource(projects, tenant, { kind: 'stripe', key: new Secret(stripe.restrictedKey) }, { by })
  await connectSource(projects, tenant, { kind: 'clerk', key: new Secret(clerk.secretKey) }, { by })
  await connectSource(projects, tenant, { kind: 'clerk-repairs', key: new Secret(clerk.secretKey) }, { by })
  // Nobody wants to wait ten minutes for a drift that is made on purpose.
  const document = { ...config, policy: { ...config.policy, settleMinutes: 0 } }
  await putConfig(projects, tenant, document, { expectedVersion: 0, by, note: 'The demo as it comes.' })
  const { database, vault, clock, randomBytes } = projects
  for (const [provider, secret] of [
    ['stripe', stripe.webhookSecret],
    ['clerk', clerk.webhookSecret],
  ] as const) {
    const given = { secret: new Secret(secret), by, replaces: false }
    await addEndpointSecret({ database, vault, endpoints, clock, randomBytes }, tenant, provider, given)
  }
  await changeProject(projects, tenant, { state: 'live' }, { by })
  await schedules.of(tenant)
  const records = await openProjectRecords(projects, tenant)
  await requestFullCheck({ ...records, jobs, tenant }, { dryRun: false, acceptChanges: false })
}
