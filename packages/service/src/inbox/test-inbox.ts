import { createHmac } from 'node:crypto'
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
import type { Provider } from './event.ts'
import { createWebhookReceiver } from './receive-webhook.ts'
import { createRefusalTally } from './refusal-tally.ts'
import type { ProjectTenant } from './tables.ts'

/** Signing secrets as the providers make them. */
export const stripeSecret = 'whsec_4Nvq1xkzPpZ0o7yQm2sT8dWbE5hJc9Lr'
export const clerkSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

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
  await sql`insert into trueup.project (project_id, workspace_id) values (${projectId}, ${workspaceId})
    on conflict do nothing`.execute(system)
}

/** A snapshot event of Stripe, whole; by default a subscription that changed. */
export function stripeEvent(fields: {
  readonly id: string
  readonly type?: string
  readonly object?: Readonly<Record<string, unknown>>
  readonly created?: number
  readonly livemode?: boolean
  readonly account?: string
  readonly data?: Readonly<Record<string, unknown>>
}): string {
  const { id, type = 'customer.subscription.updated', created = 1_795_000_000, livemode = false } = fields
  const object = fields.object ?? { id: 'sub_1', object: 'subscription', customer: 'cus_1', status: 'active' }
  return JSON.stringify(
    {
      ...{ id, object: 'event', api_version: '2026-10-28.endive', created },
      data: { object, ...fields.data },
      ...{ livemode, pending_webhooks: 1, request: { id: null, idempotency_key: null }, type },
      ...(fields.account ? { account: fields.account } : {}),
    },
    null,
    2,
  )
}

/** A thin event of Stripe, whole; by default that a subscription changed. */
export function thinEvent(fields: {
  readonly id: string
  readonly type?: string
  readonly related?: { readonly id: string; readonly type: string } | null
  readonly created?: string
  readonly snapshotEvent?: string
  readonly context?: string
}): string {
  const { id, type = 'v1.customer.subscription.updated', created = '2026-11-18T11:06:40.512Z' } = fields
  const related = fields.related === undefined ? { id: 'sub_1', type: 'subscription' } : fields.related
  return JSON.stringify({
    ...{ id, object: 'v2.core.event', type, livemode: false, created },
    related_object: related && { ...related, url: `/v1/${related.type}s/${related.id}` },
    ...(fields.snapshotEvent ? { snapshot_event: fields.snapshotEvent } : {}),
    ...(fields.context ? { context: fields.context } : {}),
  })
}

/** An event of Clerk, whole; by default a user who changed. */
export function clerkEvent(
  fields: { readonly type?: string; readonly data?: Readonly<Record<string, unknown>> } = {},
): string {
  return JSON.stringify({
    data: fields.data ?? { id: 'user_1', object: 'user' },
    event_attributes: { http_request: { client_ip: '', user_agent: '' } },
    ...{ instance_id: 'ins_1', object: 'event', timestamp: 1_795_000_000_000 },
    type: fields.type ?? 'user.updated',
  })
}

/** A request as the provider sends it, signed now. */
export function signedRequest(
  provider: Provider,
  body: string,
  options: { readonly secret?: string; readonly at?: Date; readonly messageId?: string } = {},
): Request {
  const seconds = Math.floor((options.at ?? systemClock.now()).getTime() / 1000)
  const headers =
    provider === 'stripe'
      ? stripeHeaders(body, seconds, options.secret)
      : clerkHeaders(body, seconds, options)
  return new Request(`http://localhost/api/webhooks/${provider}/prj`, { method: 'POST', body, headers })
}

function stripeHeaders(body: string, seconds: number, secret = stripeSecret): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'stripe-signature': `t=${seconds},v1=${signature}`, 'content-type': 'application/json' }
}

function clerkHeaders(
  body: string,
  seconds: number,
  { secret = clerkSecret, messageId = 'msg_1' }: { readonly secret?: string; readonly messageId?: string },
): Record<string, string> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64')
  return {
    'svix-id': messageId,
    'svix-timestamp': String(seconds),
    'svix-signature': `v1,${signature}`,
    'content-type': 'application/json',
  }
}
