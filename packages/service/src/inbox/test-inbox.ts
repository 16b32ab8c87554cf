import { sql } from 'kysely'
import { systemClock, systemRandomBytes, systemTimer } from '../adapters/system.ts'
import type { AnyQueue } from '../jobs/jobs.ts'
import { startJobs } from '../jobs/start-jobs.ts'
import { Secret } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import { parseKeyRing } from '../vault/key-ring.ts'
import { openVault } from '../vault/open-vault.ts'
import { createEventWriter } from './batch-events.ts'
import { addEndpointSecret, openEndpoint } from './endpoint-secrets.ts'
import { createEndpointDirectory } from './endpoints.ts'
import { clerkSecret, stripeSecret } from './example-events.ts'
import { createWebhookReceiver } from './receive-webhook.ts'
import { createRefusalTally } from './refusal-tally.ts'
import type { ProjectTenant } from './tables.ts'

/** An inbox on a real database, as a web process has it, and a project whose webhooks come there. */
export async function openTestInbox({
  databaseUrl,
  queues = [],
}: {
  /** Without it: the embedded database, in memory. */
  readonly databaseUrl?: string | undefined
  readonly queues?: readonly AnyQueue[]
}) {
  const database = await openDatabase({ databaseUrl, home: null, clock: systemClock })
  const held: AnyQueue[] = [{ name: 'check.single', concurrency: 2, handle: async () => {} }]
  const jobs = await startJobs({
    database,
    timer: systemTimer,
    queues: queues.length > 0 ? queues : held,
    supervises: queues.length > 0,
    onError: () => {},
    onJobFailed: () => {},
  })
  const key = parseKeyRing(new Secret(`test:${Buffer.alloc(32, 7).toString('base64')}`), 'the test')
  const vault = await openVault({
    database,
    keys: { read: async () => key, create: null },
    clock: systemClock,
    randomBytes: systemRandomBytes,
  })
  const endpoints = createEndpointDirectory({ database, vault, clock: systemClock })
  const writer = createEventWriter({ database, jobs, timer: systemTimer })
  const refusals = createRefusalTally(database)
  const errors: unknown[] = []
  const receive = createWebhookReceiver({
    endpoints,
    writer,
    refusals,
    clock: systemClock,
    timer: systemTimer,
    onError: (error) => errors.push(error),
  })
  const secrets = { database, vault, endpoints, clock: systemClock, randomBytes: systemRandomBytes }
  return {
    ...{ database, jobs, vault, endpoints, writer, refusals, receive, errors, secrets },
    clock: systemClock,
    async project(projectId: string, workspaceId = 'default'): Promise<ProjectTenant> {
      const tenant = { workspaceId, projectId }
      await makeProject(database, tenant)
      await openEndpoint(secrets, tenant, 'stripe', { isLive: false, account: null })
      await openEndpoint(secrets, tenant, 'clerk', { isLive: null, account: null })
      const own = { by: 'person:owner@example.com', replaces: false }
      await addEndpointSecret(secrets, tenant, 'stripe', { ...own, secret: new Secret(stripeSecret) })
      await addEndpointSecret(secrets, tenant, 'clerk', { ...own, secret: new Secret(clerkSecret) })
      return tenant
    },
    async close() {
      await writer.drain()
      await jobs.stop({ withinMs: 2_000 })
      await database.close()
    },
  }
}

export type TestInbox = Awaited<ReturnType<typeof openTestInbox>>

async function makeProject({ system }: Database, { workspaceId, projectId }: ProjectTenant): Promise<void> {
  await sql`insert into trueup.workspace (workspace_id, name) values (${workspaceId}, 'Test')
    on conflict do nothing`.execute(system)
  await sql`insert into trueup.project (project_id, workspace_id, state)
    values (${projectId}, ${workspaceId}, 'live')
    on conflict do nothing`.execute(system)
}
