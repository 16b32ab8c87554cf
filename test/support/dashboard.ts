import { createServer } from 'node:net'
import { type Sandbox, startSandbox } from '@trueup/sandbox'
import type { Browser } from 'playwright-core'
import { expect, inject, vi } from 'vitest'
import { type ServedApp, serveApp } from './app-database.ts'
import { Screen, startBrowser, type Theme, type Width } from './browser.ts'
import { type RunningTestService, startTestService } from './running-service.ts'
import type { ApiClient } from './service.ts'

export const password = 'correct horse battery staple'

type SandboxOptions = NonNullable<Parameters<typeof startSandbox>[0]>

/** A dashboard with a real service behind it, and a browser before it. */
export class TestDashboard {
  readonly origin: string
  readonly service: RunningTestService
  readonly browser: Browser
  readonly #screens: Screen[] = []
  readonly #ends: (() => Promise<unknown>)[] = []

  private constructor(origin: string, service: RunningTestService, browser: Browser) {
    this.origin = origin
    this.service = service
    this.browser = browser
  }

  /** Starts a service that nobody has signed up to. */
  static async start(variables: Readonly<Record<string, string>> = {}): Promise<TestDashboard> {
    const port = await freePort()
    // A browser keeps cookies of a session over plain HTTP for this name alone.
    const origin = `http://localhost:${port}`
    const given = { TRUEUP_PORT: String(port), TRUEUP_PUBLIC_URL: origin, ...variables }
    const [service, browser] = await Promise.all([
      startTestService(given, inject('dashboard')),
      startBrowser(),
    ])
    return new TestDashboard(origin, service, browser)
  }

  /** A page, as whoever the client is signed in as; `null`: nobody. */
  async open(
    as: ApiClient | null,
    options: { readonly width?: Width; readonly theme?: Theme } = {},
  ): Promise<Screen> {
    const screen = await Screen.open(this.browser, this.origin, as, options)
    this.#screens.push(screen)
    return screen
  }

  /** The first person, who owns the workspace, signed in. */
  async owner(): Promise<{ readonly ada: ApiClient; readonly workspaceId: string }> {
    const ada = this.service.person()
    await ada.do('POST /api/v1/sign-up', {
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      password,
      workspaceName: 'Engines',
    })
    const { items } = await ada.do('GET /api/v1/workspaces')
    return { ada, workspaceId: items[0].workspaceId }
  }

  /** Somebody else in the workspace, signed in. */
  async join(
    ada: ApiClient,
    workspaceId: string,
    role: 'viewer' | 'member' | 'admin',
    email = `${role}@example.com`,
  ): Promise<ApiClient> {
    const { link } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/invites`, { email, role })
    const person = this.service.person()
    const token = new URL(link).hash.slice(1)
    await person.do('POST /api/v1/invites/accept', { token, name: `Bob the ${role}`, password })
    return person
  }

  /** Does something when it stops, the last that was given first. */
  atEnd(end: () => Promise<unknown>): void {
    this.#ends.push(end)
  }

  /** Stops everything. Call it in `afterAll`; what a page did wrong fails there. */
  async stop(): Promise<void> {
    const closed = await Promise.allSettled(this.#screens.map((screen) => screen.close()))
    await this.browser.close()
    await this.service.stop()
    for (const end of this.#ends.toReversed()) await end()
    for (const one of closed) if (one.status === 'rejected') throw one.reason
  }
}

/** A project that is live, in a world in which some customers drift, after its first check. */
export interface ProjectBehindDashboard {
  readonly dashboard: TestDashboard
  readonly sandbox: Sandbox
  readonly app: ServedApp
  readonly ada: ApiClient
  readonly workspaceId: string
  readonly projectId: string
  /** The address of a page of the project, as `/overview`. */
  at(path: string): string
}

/** Starts a service with an owner and a project whose app keeps access in a Postgres, checked once. */
export async function startProject(
  world: SandboxOptions = { world: 'saas', customers: 60, drift: 0.3, access: 'postgres', seed: 7 },
): Promise<ProjectBehindDashboard> {
  const sandbox = await startSandbox(world)
  if (!sandbox.world.app) throw new Error('The app of this world has no database.')
  const app = await serveApp('PostgreSQL', sandbox.world.app)
  const dashboard = await TestDashboard.start(variablesOf(sandbox))
  dashboard.atEnd(() => sandbox.close())
  dashboard.atEnd(() => app.close())
  const { ada, workspaceId } = await dashboard.owner()
  const { id: projectId } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })
  const path = `/api/v1/projects/${projectId}`
  await ada.do(`POST ${path}/sources`, { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await ada.do(`POST ${path}/sources`, { kind: 'postgres', source: 'postgres', url: app.url })
  const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
  await ada.do(`PUT ${path}/config`, { document, expectedVersion: 0 })
  await ada.do(`PATCH ${path}`, { state: 'live' })
  await checkEverything(ada, projectId)
  return {
    dashboard,
    sandbox,
    app,
    ada,
    workspaceId,
    projectId,
    at: (place) => `/projects/${projectId}${place}`,
  }
}

/** Runs a full check of a project, to its end. */
export async function checkEverything(ada: ApiClient, projectId: string): Promise<void> {
  const path = `/api/v1/projects/${projectId}/checks`
  const { check } = await ada.do(`POST ${path}`, { kind: 'full' })
  const finished = async () => expect((await ada.do(`GET ${path}/${check.id}`)).finishedAt).not.toBeNull()
  await vi.waitFor(finished, { timeout: 60_000, interval: 250 })
}

/** What a service needs to know of a sandbox to take its Stripe and its Clerk for the real ones. */
export function variablesOf(sandbox: Sandbox): Readonly<Record<string, string>> {
  return {
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
    TRUEUP_ALLOW_DATABASE_PORTS: 'all',
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (typeof address !== 'object' || !address) throw new Error('A server that listens has a port.')
  return address.port
}
