import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox, SandboxOptions } from '@trueup/sandbox'
import { createStripeApp, Engine, type Listening, listen, StripeKeys, startSandbox } from '@trueup/sandbox'
import { readEnvironment } from '../../packages/service/src/environment.ts'
import { createProject } from '../../packages/service/src/project/manage-projects.ts'
import type { ProjectService, ProjectTenant } from '../../packages/service/src/project/project-service.ts'
import { createProjectService } from '../../packages/service/src/project/project-service.ts'
import { Secret } from '../../packages/service/src/secret.ts'
import type { Database } from '../../packages/service/src/store/index.ts'
import { openDatabase } from '../../packages/service/src/store/index.ts'
import { parseKeyRing } from '../../packages/service/src/vault/key-ring.ts'
import { openVault } from '../../packages/service/src/vault/open-vault.ts'
import type { ServedApp } from './app-database.ts'
import { serveApp } from './app-database.ts'
import { createTestDatabase } from './database.ts'

/** A service with a project, and an account of each vendor that it can be connected to, for tests. */
export interface ProjectWorld {
  readonly service: ProjectService
  readonly database: Database
  readonly tenant: ProjectTenant
  readonly sandbox: Sandbox
  readonly app: ServedApp
  /** Another Stripe server on the same account, for keys that may do only so much. */
  readonly stripeKeys: StripeKeys
  /** The service as an operator runs it who says these things in the environment. */
  operatedWith(said: Readonly<Record<string, string>>): ProjectService
  close(): Promise<void>
}

/** Everything from a sandbox's Stripe to a database for the service. */
export async function openProjectWorld(options: Partial<SandboxOptions> = {}): Promise<ProjectWorld> {
  const sandbox = await startSandbox({ world: 'saas', seed: 5, customers: 40, access: 'both', ...options })
  if (!sandbox.world.app) throw new Error('The world has no database of the app.')
  const app = await serveApp('PostgreSQL', sandbox.world.app)
  const test = await createTestDatabase()
  const clock = { now: () => new Date() }
  const database = await openDatabase({ databaseUrl: test.url, home: null, clock })
  const stripeKeys = new StripeKeys()
  const stripe: Listening = await listen(
    createStripeApp({
      state: sandbox.world.stripe,
      keys: stripeKeys,
      engine: new Engine(sandbox.world.stripe),
    }),
  )
  const line = `k1:${randomBytes(32).toString('base64')}`
  const keys = { read: async () => parseKeyRing(new Secret(line), 'TRUEUP_ENCRYPTION_KEY'), create: null }
  const vault = await openVault({ database, keys, clock, randomBytes })
  const home = await mkdtemp(join(tmpdir(), 'trueup-project-'))
  const ledgerKey = randomBytes(32).toString('base64')
  const operatedWith = (said: Readonly<Record<string, string>>) =>
    createProjectService({
      database,
      vault,
      operator: readEnvironment({
        STRIPE_API_BASE: sandbox.stripe.url,
        CLERK_API_URL: sandbox.clerk.url,
        TRUEUP_ALLOW_PRIVATE_HOSTS: '127.0.0.0/8',
        TRUEUP_HOME: home,
        TRUEUP_LEDGER_KEY: ledgerKey,
        ...(said.STRIPE_API_BASE === 'limited' ? { ...said, STRIPE_API_BASE: stripe.url } : said),
      }),
    })
  const service = operatedWith({})
  const { id } = await createProject(service, 'default', { name: 'App', timeZone: 'Europe/Berlin' })
  return {
    service,
    database,
    tenant: { workspaceId: 'default', projectId: id },
    sandbox,
    app,
    stripeKeys,
    operatedWith,
    async close() {
      await database.close()
      await test.drop()
      await app.close()
      await stripe.close()
      await sandbox.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Every row of the service's database as text, where no secret may stand. */
export async function everyRow({ pool }: Database): Promise<string> {
  const { rows: tables } = await pool.query<{ readonly name: string }>(
    "select relname as name from pg_class where relnamespace = 'trueup'::regnamespace and relkind = 'r'",
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<{ readonly row: string }>(
      `select to_jsonb(held)::text as row from trueup.${name} held`,
    )
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}
