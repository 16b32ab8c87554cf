import type { Sandbox } from '@trueup/sandbox'
import { sql } from 'kysely'
import type { Environment } from '../environment.ts'
import { ProjectError } from '../project/project-error.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import type { Database } from '../store/index.ts'
import { putBack } from './put-back.ts'

/** A world says that it lives, and is another's to begin anew when it has not for so long. */
const leaseSeconds = 30
/** So many worlds run in one process at most: each has its accounts in memory. */
const mostWorlds = 20

export interface DemoWorldsOptions {
  readonly database: Database
  /** Whom projects are opened for where they are no demos. */
  readonly operator: Environment
  /** Whether whoever runs the service keeps demos. */
  readonly isAllowed: boolean
  /** Whether worlds may live in this process: one that takes requests, since webhooks are sent to it. */
  readonly canHost: boolean
  /** Names this process, and first the machine that it runs on: worlds listen on that machine alone. */
  readonly host: { readonly machine: string; readonly process: string }
  /** Told of a world that could not be begun; it is tried again. */
  readonly onError: (error: unknown) => void
}

/** The made-up accounts that demo projects stand on. */
export interface DemoWorlds {
  readonly isAllowed: boolean
  /**
   * The environment in which the sources of a project are opened: the operator's own, with the addresses of its world
   * in the place of the vendors' where the project is a demo. No other project is ever given such an address, and a
   * demo is given no other.
   *
   * @throws ProjectError `demo-not-allowed`, `demo-asleep`
   */
  operatorOf(tenant: ProjectTenant): Promise<Environment>
  /**
   * The world of a demo where it lives in this process, begun here if it lives nowhere; `null`: it lives in another.
   *
   * @throws ProjectError `demo-missing`, `demo-not-allowed`, `demo-full`, `demo-asleep`
   */
  host(tenant: ProjectTenant): Promise<Sandbox | null>
  /** Where events of worlds are sent: this process, once it takes requests. */
  deliverTo(url: string): void
  /** Says that the worlds of this process live, and begins those that live nowhere. Gives the projects whose world is here. */
  keepAlive(): Promise<readonly ProjectTenant[]>
  /** Ends a world of this process. */
  end(projectId: string): Promise<void>
  /** Ends all worlds of this process, and lets others begin them at once. */
  close(): Promise<void>
}

interface Row extends ProjectTenant {
  readonly seed: string
  readonly host: string | null
  readonly stripeUrl: string | null
  readonly clerkUrl: string | null
  readonly isAlive: boolean
}

/**
 * Keeps the worlds of demos. Each lives in the memory of one process at a time, on 127.0.0.1, under a lease in the
 * database. A process that ends takes its worlds with it; the next one begins them anew from their seed, with what was
 * repaired since put back into them.
 */
export function createDemoWorlds(options: DemoWorldsOptions): DemoWorlds {
  const { database, operator, isAllowed, canHost, onError } = options
  const me = `${options.host.machine}/${options.host.process}`
  const worlds = new Map<string, Promise<Sandbox>>()
  let receiver: string | null = null

  const direct = (sandbox: Sandbox, projectId: string) => {
    if (receiver === null) return
    const to = (provider: string) => `${receiver}/api/webhooks/${provider}/${projectId}`
    sandbox.sendWebhooks({ stripe: to('stripe'), clerk: to('clerk') })
  }

  const begin = async (row: Row): Promise<Sandbox> => {
    const sandbox = await startWorld(row.seed)
    try {
      // Before anything is put back, so that no event of it is one that never came.
      direct(sandbox, row.projectId)
      await putBack(database, row, sandbox)
      await sql`update trueup.demo_world set stripe_url = ${sandbox.stripe.url}, clerk_url = ${sandbox.clerk.url}
        where project_id = ${row.projectId} and host = ${me}`.execute(database.system)
      return sandbox
    } catch (error) {
      await sandbox.close()
      throw error
    }
  }

  const host = async (row: Row): Promise<Sandbox | null> => {
    const own = worlds.get(row.projectId)
    if (own) return await own
    if (row.isAlive && row.host !== me) return null
    if (!canHost) throw asleep()
    if (worlds.size >= mostWorlds) throw full()
    const { rows } = await sql`update trueup.demo_world set host = ${me}, stripe_url = null, clerk_url = null,
        leased_until = now() + make_interval(secs => ${leaseSeconds})
      where project_id = ${row.projectId} and (host is null or host = ${me} or leased_until < now())
      returning project_id`.execute(database.system)
    if (rows.length === 0) return null
    // Whoever asks meanwhile waits for the same world.
    const again = worlds.get(row.projectId)
    if (again) return await again
    const beginning = begin(row)
    worlds.set(row.projectId, beginning)
    beginning.catch(() => worlds.delete(row.projectId))
    return await beginning
  }

  const addressesOf = async (row: Row): Promise<{ readonly stripe: string; readonly clerk: string }> => {
    const own = await host(row)
    if (own) return { stripe: own.stripe.url, clerk: own.clerk.url }
    const [now] = await rowsOf(database, row.projectId)
    const isHere = now?.host?.startsWith(`${options.host.machine}/`)
    if (!now?.isAlive || !now.stripeUrl || !now.clerkUrl || !isHere) throw asleep()
    return { stripe: now.stripeUrl, clerk: now.clerkUrl }
  }

  const end = async (projectId: string): Promise<void> => {
    const world = worlds.get(projectId)
    worlds.delete(projectId)
    await world?.then(
      (sandbox) => sandbox.close(),
      () => {},
    )
  }

  /** Those of this process whose lease still held, and now holds longer. */
  const renew = async (): Promise<ReadonlySet<string>> => {
    const { rows } = await sql<{ readonly projectId: string }>`update trueup.demo_world
      set leased_until = now() + make_interval(secs => ${leaseSeconds})
      where host = ${me} returning project_id as "projectId"`.execute(database.system)
    return new Set(rows.map(({ projectId }) => projectId))
  }

  return {
    isAllowed,
    async operatorOf({ projectId }) {
      const [row] = await rowsOf(database, projectId)
      if (!row) return operator
      // The keys of a demo are made up: they are for no other address.
      if (!isAllowed) throw notAllowed()
      const { stripe, clerk } = await addressesOf(row)
      return { ...operator, stripeApiBase: stripe, clerkApiUrl: clerk }
    },
    async host({ projectId }) {
      const [row] = await rowsOf(database, projectId)
      if (!row) throw missing()
      if (!isAllowed) throw notAllowed()
      return await host(row)
    },
    deliverTo(url) {
      receiver = url
      for (const [projectId, world] of worlds) {
        void world.then(
          (sandbox) => direct(sandbox, projectId),
          () => {},
        )
      }
    },
    async keepAlive() {
      if (!isAllowed || !canHost) return []
      const mine = await renew()
      // Another process took it over while this one stood still, or its demo is gone.
      for (const projectId of [...worlds.keys()]) if (!mine.has(projectId)) await end(projectId)
      const hosted: ProjectTenant[] = []
      for (const row of await rowsOf(database, null)) {
        const isHere = worlds.has(row.projectId)
        const isElsewhere = row.isAlive && row.host !== me
        if (!isHere && (isElsewhere || worlds.size >= mostWorlds)) continue
        try {
          if (await host(row)) hosted.push({ workspaceId: row.workspaceId, projectId: row.projectId })
        } catch (error) {
          onError(error)
        }
      }
      return hosted
    },
    end,
    async close() {
      for (const projectId of [...worlds.keys()]) await end(projectId)
      await sql`update trueup.demo_world set leased_until = now(), host = null where host = ${me}`.execute(
        database.system,
      )
    },
  }
}

/** Loaded only where there is a demo: nothing else of the service needs it. */
async function startWorld(seed: string): Promise<Sandbox> {
  const { startSandbox } = await import('@trueup/sandbox')
  return await startSandbox({ world: 'demo', access: 'clerk', seed, rateLimits: false })
}

/** The world of one project, or all of them. */
async function rowsOf(database: Database, projectId: string | null): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`select workspace_id as "workspaceId", project_id as "projectId", seed, host,
      stripe_url as "stripeUrl", clerk_url as "clerkUrl", coalesce(leased_until > now(), false) as "isAlive"
    from trueup.demo_world where ${projectId}::text is null or project_id = ${projectId}
    order by made_at limit 200`.execute(database.system)
  return rows
}

function asleep(): ProjectError {
  return new ProjectError({
    code: 'demo-asleep',
    message: 'The made-up accounts of the demo are not running where this process can reach them.',
    fix: 'Try again in half a minute. Processes that share demos run on one machine; otherwise set TRUEUP_DEMO=off.',
  })
}

function full(): ProjectError {
  return new ProjectError({
    code: 'demo-full',
    message: `${mostWorlds} demos are running, which is as many as may.`,
    fix: 'Delete the demo of another workspace, or try it on your own machine with npx trueup demo.',
  })
}

export function notAllowed(): ProjectError {
  return new ProjectError({
    code: 'demo-not-allowed',
    message: 'Whoever runs this service keeps no demos.',
    fix: 'Try it on your own machine with npx trueup demo, or ask them to set TRUEUP_DEMO=on.',
  })
}

export function missing(): ProjectError {
  return new ProjectError({
    code: 'demo-missing',
    message: 'The workspace has no demo.',
    fix: 'Start one with POST /api/v1/workspaces/{workspaceId}/demo.',
  })
}
