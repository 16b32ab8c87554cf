import { setMaxListeners } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { systemClock, systemElapsed, systemRandomBytes, systemTimer } from '../adapters/system.ts'
import { type DashboardFiles, dashboardFolder, loadDashboard } from '../dashboard/load-dashboard.ts'
import { serveDashboard } from '../dashboard/serve-dashboard.ts'
import type { Environment } from '../environment.ts'
import { createApi } from '../http/create-api.ts'
import { createIdempotentAnswers } from '../http/idempotent-answers.ts'
import type { LimitSettings } from '../http/rate-limits.ts'
import { createRateLimits, defaultLimits } from '../http/rate-limits.ts'
import { webhooksIn } from '../http/routes/webhooks-in.ts'
import { createWebhookReceiver } from '../inbox/receive-webhook.ts'
import { newId } from '../new-id.ts'
import { resolvePrincipal } from '../team/resolve-principal.ts'
import type { TeamSettings } from '../team/team-settings.ts'
import { UsageError } from '../usage-error.ts'
import { apiRoutes } from './api-routes.ts'
import type { Chore } from './chores.ts'
import { runChores } from './chores.ts'
import { ownChores, webChores, workerChores } from './chores-of-service.ts'
import type { Service } from './open-service.ts'
import { openService, wakeFollowers } from './open-service.ts'
import { queuesOf } from './queues.ts'
import type { ServiceLog } from './service-log.ts'
import type { ServiceSettings } from './service-settings.ts'
import type { Traces } from './traces.ts'
import { noTraces } from './traces.ts'

export interface StartOptions {
  readonly environment: Environment
  readonly settings: ServiceSettings
  readonly team: TeamSettings
  readonly log: ServiceLog
  /** Who follows requests and jobs. Default: nobody. */
  readonly traces?: Traces
  readonly version: string
  /** How many requests are let through. Default {@link defaultLimits}. */
  readonly limits?: LimitSettings
  /** Where the built dashboard lies; `null`: none is served. Default: where the build puts it, if it was built. */
  readonly dashboard?: string | null
}

export interface RunningService {
  readonly service: Service
  /** Where requests are taken; `null`: this process takes none. */
  readonly url: string | null
  /** Takes nothing new, ends what is under way, and gives back what does not end in time. */
  stop(): Promise<void>
}

/**
 * Starts a process of the service: it answers requests, works on jobs, or both, as its role says. Any number of them
 * may share one PostgreSQL; the embedded database has one process.
 *
 * @throws StoreError, VaultError, LedgerError, TeamError; UsageError `option-invalid`, `port-unavailable`
 */
export async function startService(options: StartOptions): Promise<RunningService> {
  const { settings, environment, log, version } = options
  refuseRolesOnEmbedded(settings, environment)
  const service = await openService({ ...options, queuesOf })
  const { role } = settings
  const stopping = new AbortController()
  // Every chore waits for it, and each is one more that does.
  setMaxListeners(0, stopping.signal)
  const chores: Chore[] = [...ownChores(service)]
  let server: Server | null = null
  try {
    if (role !== 'worker') {
      const folder = options.dashboard === undefined ? dashboardFolder() : options.dashboard
      const files = folder === null ? null : await loadDashboard(folder)
      server = await listen(appOf(service, options, files, stopping.signal), settings)
      chores.push(...webChores(service))
    }
    if (role !== 'web') {
      await service.jobs.work(queuesOf(service))
      chores.push(...workerChores(service))
    }
  } catch (error) {
    await service.jobs.stop({ withinMs: 1_000 })
    await service.database.close()
    throw error
  }
  if (server) service.worlds.deliverTo(`http://127.0.0.1:${portOf(server, settings)}`)
  const working = runChores(chores, { timer: systemTimer, log, signal: stopping.signal })
  const url = server ? `http://${hostOf(settings.host)}:${portOf(server, settings)}` : null
  log.info(url ? `Listening at ${url}.` : 'Working.', { role, version })

  return {
    service,
    url,
    async stop() {
      const withinMs = settings.drainSeconds * 1_000
      log.info('Stopping: nothing new is taken, what is under way ends.', { role })
      stopping.abort(new Error('The service is stopping.'))
      const closed = server ? close(server, withinMs) : Promise.resolve()
      await Promise.all([closed, service.jobs.stop({ withinMs }), working])
      await service.worlds
        .close()
        .catch((error: unknown) => log.error('The worlds of demos were not given back.', error))
      await service.events.drain()
      await service.refusals
        .flush()
        .catch((error: unknown) => log.error('Counts of refusals were lost.', error))
      await service.projects.uses
        .flush()
        .catch((error: unknown) => log.error('Counts of uses of credentials were lost.', error))
      await service.database.close()
      log.info('Stopped.', { role })
    },
  }
}

function appOf(
  service: Service,
  { team, version, traces = noTraces, limits = defaultLimits }: StartOptions,
  files: DashboardFiles | null,
  stopping: AbortSignal,
): Hono {
  const { database, log, metrics, settings, endpoints, events, refusals } = service
  const receive = createWebhookReceiver({
    endpoints,
    writer: events,
    refusals,
    clock: systemClock,
    timer: systemTimer,
    onError: (error) => log.error('A webhook could not be taken.', error),
    onAnswer(provider, outcome) {
      metrics.webhookAnswered(provider, outcome)
      const route = `POST /api/webhooks/${provider}/{projectId}`
      traces.note({ name: route, route })
    },
  })
  const api = createApi({
    version,
    routes: apiRoutes(service, { version, readiness: () => readiness(service, stopping) }),
    resolvePrincipal: (request, address) => resolvePrincipal(service.team, request, address),
    workspaceOf: (projectId) => workspaceOf(service, projectId),
    limits: createRateLimits(limits),
    idempotentAnswers: createIdempotentAnswers(database, systemClock),
    origins: [team.publicUrl, ...team.otherOrigins],
    addressOf: (context) => addressOf(context, settings.proxies),
    requestId: () => newId('req', systemRandomBytes),
    elapsed: systemElapsed,
    onChanged: (tenant) =>
      void wakeFollowers(service.jobs, tenant).catch((error: unknown) =>
        log.error('Who follows a project could not be woken; they look again by themselves.', error),
      ),
    onAnswered(answered) {
      metrics.answered(answered)
      const { requestId, method, route, status, principal } = answered
      traces.note({ name: route, requestId, route, status, principal, hasFailed: status >= 500 })
      const fields = {
        requestId,
        method,
        route,
        status,
        principal,
        milliseconds: Math.round(answered.milliseconds),
      }
      if (answered.error) log.error('A request failed.', answered.error, fields)
      else log.info('Answered.', fields)
    },
  })
  const app = new Hono()
    .use('*', ({ req }, next) =>
      traces.follow(req.method, { kind: 'server', parent: req.header('traceparent') ?? null }, next),
    )
    .route('/', webhooksIn(receive))
  if (files) app.route('/', serveDashboard(files))
  return app.route('/', api)
}

async function workspaceOf({ database }: Service, projectId: string): Promise<string | null> {
  const { rows } = await sql<{ readonly workspace_id: string }>`
    select workspace_id from trueup.project
    where project_id = ${projectId.replaceAll('\0', '')} and erased_at is null`.execute(database.system)
  return rows[0]?.workspace_id ?? null
}

async function readiness(
  { database, disk, log }: Service,
  stopping: AbortSignal,
): Promise<readonly string[]> {
  if (stopping.aborted) return ['The process is stopping.']
  try {
    await sql`select 1`.execute(database.system)
    return (await disk?.readiness()) ?? []
  } catch (error) {
    log.error('The database is out of reach.', error)
    return ['The database is out of reach.']
  }
}

/** The address of the client: the socket's, or with proxies before it what the first of ours was told. */
function addressOf(context: Context, proxies: number): string {
  const direct = getConnInfo(context).remote.address ?? 'unknown'
  if (proxies === 0) return direct
  const told = (context.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return [...told, direct].at(-1 - proxies) ?? told[0] ?? direct
}

function refuseRolesOnEmbedded({ role }: ServiceSettings, { databaseUrl }: Environment): void {
  if (databaseUrl || role === 'all') return
  throw new UsageError({
    code: 'option-invalid',
    message: `--role ${role} needs a PostgreSQL that the processes share; the embedded database has one process.`,
    fix: 'Set DATABASE_URL, or leave --role out.',
  })
}

async function listen(app: Hono, { host, port }: ServiceSettings): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) => reject(unavailable(error, host, port)))
  })
}

function unavailable(error: NodeJS.ErrnoException, host: string, port: number): UsageError {
  return new UsageError({
    code: 'port-unavailable',
    message: `${host}:${port} cannot be listened at: ${error.code === 'EADDRINUSE' ? 'another program does' : error.code}.`,
    fix: 'Choose another with --port or TRUEUP_PORT.',
    cause: error,
  })
}

async function close(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const late = new AbortController()
  const cut = systemTimer.sleep(withinMs, late.signal).then(
    () => server.closeAllConnections(),
    () => {},
  )
  await closed
  late.abort()
  await cut
}

function portOf(server: Server, { port }: ServiceSettings): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
