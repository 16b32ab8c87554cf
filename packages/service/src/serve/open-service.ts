import type { Rng } from '@trueup/core'
import { hostedPolicy, parseAddressPolicy, systemLookup } from '../adapters/postgres/connection/index.ts'
import { systemClock, systemMachine, systemRandomBytes, systemRng, systemTimer } from '../adapters/system.ts'
import type { AlertDependencies } from '../alert/alert-dependencies.ts'
import type { DemoWorlds } from '../demo/demo-worlds.ts'
import { createDemoWorlds } from '../demo/demo-worlds.ts'
import type { Demos } from '../demo/demos.ts'
import { createDemos } from '../demo/demos.ts'
import type { Environment } from '../environment.ts'
import type { EventWriter } from '../inbox/batch-events.ts'
import { createEventWriter } from '../inbox/batch-events.ts'
import type { EndpointDirectory } from '../inbox/endpoints.ts'
import { createEndpointDirectory } from '../inbox/endpoints.ts'
import type { RefusalTally } from '../inbox/refusal-tally.ts'
import { createRefusalTally } from '../inbox/refusal-tally.ts'
import type { AnyQueue, Jobs } from '../jobs/jobs.ts'
import type { RunningJobs } from '../jobs/start-jobs.ts'
import { startJobs } from '../jobs/start-jobs.ts'
import { newId } from '../new-id.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { createProjectService } from '../project/project-service.ts'
import type { Schedules } from '../schedule/schedules.ts'
import { createSchedules } from '../schedule/schedules.ts'
import type { Database } from '../store/index.ts'
import { openDatabase, openProjectStore } from '../store/index.ts'
import { openTeam } from '../team/open-team.ts'
import { signInSecret } from '../team/sign-in/sign-in-secret.ts'
import type { Team } from '../team/team.ts'
import type { TeamSettings } from '../team/team-settings.ts'
import { UsageError } from '../usage-error.ts'
import { keyRingSource } from '../vault/key-ring-source.ts'
import type { Vault } from '../vault/open-vault.ts'
import { openVault } from '../vault/open-vault.ts'
import type { DiskRoom } from './disk-room.ts'
import { createDiskRoom } from './disk-room.ts'
import type { Metrics } from './metrics.ts'
import { createMetrics } from './metrics.ts'
import type { ServiceLog } from './service-log.ts'
import type { ServiceSettings } from './service-settings.ts'
import type { Traces } from './traces.ts'
import { noTraces } from './traces.ts'

/** Everything that requests and jobs are answered with. One process has one, whatever its role. */
export interface Service {
  readonly settings: ServiceSettings
  readonly environment: Environment
  readonly log: ServiceLog
  readonly metrics: Metrics
  readonly database: Database
  readonly vault: Vault
  readonly team: Team
  readonly projects: ProjectService
  /** The made-up accounts of demos, and the demos themselves. */
  readonly worlds: DemoWorlds
  readonly demos: Demos
  readonly schedules: Schedules
  readonly endpoints: EndpointDirectory
  readonly events: EventWriter
  readonly refusals: RefusalTally
  readonly alerts: AlertDependencies
  readonly jobs: RunningJobs
  readonly rng: Rng
  /** Of the embedded database; `null`: the database is elsewhere. */
  readonly disk: DiskRoom | null
}

export interface ServiceOptions {
  readonly environment: Environment
  readonly settings: ServiceSettings
  readonly team: TeamSettings
  readonly log: ServiceLog
  readonly traces?: Traces
  /** The queues of a service, made when all that they work with is there. */
  readonly queuesOf: (service: Service) => readonly AnyQueue[]
}

/**
 * Opens the database, the vault and the queues, and puts together what works on them. Nothing is answered and no job is
 * worked on yet.
 *
 * @throws StoreError, VaultError, LedgerError, TeamError, UsageError
 */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { environment, settings, log } = options
  const database = await openDatabase({
    databaseUrl: environment.databaseUrl,
    home: environment.home,
    clock: systemClock,
  })
  try {
    return await assemble(database, options)
  } catch (error) {
    await database.close()
    throw error
  }

  async function assemble(
    database: Database,
    { queuesOf, team: teamSettings, traces = noTraces }: ServiceOptions,
  ): Promise<Service> {
    const ports = { clock: systemClock, timer: systemTimer, rng: systemRng, randomBytes: systemRandomBytes }
    const vault = await openVault({ ...ports, database, keys: keyRingSource(environment, ports) })
    if (vault.keysMadeAt) {
      log.warn(
        `Made the key that secrets are sealed under: ${vault.keysMadeAt}. Keep a copy of it elsewhere.`,
      )
    }
    const worlds = createDemoWorlds({
      database,
      operator: environment,
      isAllowed: settings.demo,
      canHost: settings.role !== 'worker',
      host: { machine: systemMachine(), process: newId('proc', systemRandomBytes) },
      onError: (error) => log.error('The world of a demo could not be begun.', error),
    })
    const projects = createProjectService({
      ...ports,
      database,
      vault,
      operator: environment,
      operatorOf: (tenant) => worlds.operatorOf(tenant),
    })
    const team = await openTeam({
      ...ports,
      database,
      settings: teamSettings,
      secrets: [await signInSecret({ ...ports, database, vault })],
      background: (work) =>
        void work.catch((error: unknown) => log.error('Work in the background failed.', error)),
    })
    let started: RunningJobs | null = null
    const jobs = onceStarted(() => started)
    const metrics = createMetrics()
    const schedules = createSchedules({ database, clock: systemClock })
    const endpoints = createEndpointDirectory({ ...ports, database, vault })
    const service: Service = {
      settings,
      environment,
      log,
      metrics,
      database,
      vault,
      team,
      projects,
      jobs,
      rng: systemRng,
      disk: database.isEmbedded
        ? createDiskRoom(environment.home, {
            onGivenUp: () =>
              log.error(
                'The disk is full. The reserve on it was given up so that work under way can end: make room now.',
                null,
              ),
          })
        : null,
      worlds,
      demos: createDemos({
        ...{ worlds, projects, schedules, endpoints, jobs },
        timer: systemTimer,
        onError: (error) => log.error('A demo could not be made ready.', error),
      }),
      schedules,
      endpoints,
      events: createEventWriter({ database, jobs, timer: systemTimer }),
      refusals: createRefusalTally(database),
      alerts: {
        ...ports,
        database,
        vault,
        jobs,
        addresses: addressesOf(environment),
        lookup: systemLookup,
        publicUrl: teamSettings.publicUrl,
        mail: teamSettings.mail,
        advanceLedger: (tenant) => advanceLedger(projects, tenant),
      },
    }
    started = await startJobs({
      database,
      follow: (queue, jobId, work) =>
        traces.follow(queue, { kind: 'consumer', fields: { queue, jobId } }, work),
      timer: systemTimer,
      queues: queuesOf(service),
      supervises: settings.role !== 'web',
      onError: (error) => log.error('The queues met an error.', error),
      onJobFailed: (queue, jobId, error) => {
        metrics.jobFailed(queue)
        log.error('A job failed, and is tried again.', error, { queue, jobId })
      },
    })
    return service
  }
}

/** Queues need what sends to them, and that needs the queues: this stands for it until they are there. */
function onceStarted(started: () => RunningJobs | null): RunningJobs {
  const running = () => {
    const jobs = started()
    if (!jobs) throw new Error('A job was sent before the queues stood.')
    return jobs
  }
  return {
    send: async (queue, data, options) => await running().send(queue, data, options),
    work: async (queues) => await running().work(queues),
    stop: async (options) => await running().stop(options),
    counts: async () => await running().counts(),
    setAside: async (limit) => await running().setAside(limit),
    sendAgain: async (ids) => await running().sendAgain(ids),
  }
}

/** Numbers what is staged for the ledger of a project, and signs it where that is due. */
export async function advanceLedger(projects: ProjectService, tenant: ProjectTenant): Promise<void> {
  await projects.ledgerOf(openProjectStore(projects.database, tenant)).advance()
}

/** Where messages may go: not to private addresses unless the operator allows them. */
function addressesOf(environment: Environment) {
  const said = (name: string) => environment.secretNamed(name)?.reveal() ?? null
  const parsed = parseAddressPolicy(
    { privateHosts: said('TRUEUP_ALLOW_PRIVATE_HOSTS'), ports: said('TRUEUP_ALLOW_DATABASE_PORTS') },
    hostedPolicy,
  )
  if (parsed.ok) return parsed.value
  const { found, needed, fix } = parsed.refusal
  throw new UsageError({
    code: 'option-invalid',
    message: `TRUEUP_ALLOW_PRIVATE_HOSTS cannot be used: ${found}, needed is ${needed}.`,
    fix,
  })
}

/** Lets whoever follows the ledger of a project look at it: alerts, outgoing webhooks, and what looks for causes. */
export async function wakeFollowers(
  jobs: Pick<Jobs, 'send'>,
  { workspaceId, projectId }: ProjectTenant,
): Promise<void> {
  for (const queue of ['alert.route', 'outgoing.route', 'cause.find'] as const) {
    await jobs.send(queue, { workspaceId, projectId }, { key: projectId })
  }
}
