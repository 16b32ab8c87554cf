import { sql } from 'kysely'
import type { AlertDependencies } from '../alert/alert-dependencies.ts'
import { type Delivered, type Delivery, deliver } from './delivery/deliver.ts'
import type { ProjectTenant } from './delivery/delivery-tables.ts'
import type { Outcome } from './delivery/outcome.ts'
import { outcomeOf, outcomeOfError } from './delivery/outcome.ts'
import { dropWaiting, endpointRow, type OutgoingDb, openSecrets, outgoingDb } from './endpoints.ts'
import { post } from './post/post.ts'
import { signedHeaders } from './signed-headers.ts'

/** An endpoint that has taken nothing for so long is switched off. */
const failingDays = 5
const dayMs = 86_400_000

/** Told when an endpoint was switched off by itself. */
export type OnDisabled = (
  tenant: ProjectTenant,
  endpoint: { readonly id: string; readonly url: string; readonly because: string },
) => Promise<void>

/**
 * Tries to deliver a message to an endpoint once, if it is due, and sends a job for the next try where there is to be
 * one. Signed at each try anew, since a signature is good for five minutes; id and body stay the same.
 *
 * An endpoint that answers 410, or has taken nothing for five days, is switched off, and what waits for it is set
 * aside; from the log it can be sent again.
 */
export async function deliverMessage(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  deliveryId: string,
  onDisabled: OnDisabled,
): Promise<Delivered> {
  const { clock } = dependencies
  const disabled: Parameters<OnDisabled>[1][] = []
  const delivered = await deliver(
    outgoingDb(dependencies, tenant),
    tenant,
    deliveryId,
    {
      prepare: async () => ({
        kind: 'nothing',
        why: 'A message to an endpoint has its content from the start.',
      }),
      send: (delivery) => send(dependencies, tenant, delivery),
      onOutcome: async (tx, delivery, outcome) => {
        const because = await recordHealth(tx, tenant, delivery.target_id, outcome, clock.now())
        if (because) disabled.push({ id: delivery.target_id, ...because })
      },
    },
    dependencies,
  )
  for (const endpoint of disabled) {
    const why = 'The endpoint was switched off.'
    await dropWaiting(outgoingDb(dependencies, tenant), tenant, endpoint.id, clock.now(), why)
    await onDisabled(tenant, endpoint)
  }
  if (delivered.kind === 'waiting' && disabled.length === 0) {
    await dependencies.jobs.send(
      'outgoing.deliver',
      { ...tenant, deliveryId },
      { startAfter: delivered.dueAt },
    )
  }
  return delivered
}

async function send(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  { target_id, message_id, content }: Delivery,
): Promise<Outcome> {
  const { clock } = dependencies
  try {
    const endpoint = await endpointRow(outgoingDb(dependencies, tenant), tenant, target_id)
    if (!endpoint.enabled) return switchedOff()
    const now = clock.now()
    const body = String(content)
    const headers = signedHeaders(await openSecrets(dependencies, tenant, endpoint, now), {
      id: message_id,
      body,
      now,
    })
    return outcomeOf(await post(endpoint.url, { headers, body }, dependencies), clock.now())
  } catch (error) {
    return outcomeOfError(error)
  }
}

function switchedOff(): Outcome {
  return {
    kind: 'failed',
    status: null,
    detail: 'The endpoint is switched off.',
    isRetryable: false,
    retryAfterSeconds: null,
    isGone: false,
  }
}

/** Remembers since when an endpoint fails, and switches it off; gives why, if this call did. */
async function recordHealth(
  tx: OutgoingDb,
  tenant: ProjectTenant,
  endpointId: string,
  outcome: Outcome,
  now: Date,
): Promise<{ readonly url: string; readonly because: string } | null> {
  const own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
    and endpoint_id = ${endpointId}`
  if (outcome.kind === 'sent') {
    await sql`update trueup.outgoing_endpoint set failing_since = null where ${own} and failing_since is not null`.execute(
      tx,
    )
    return null
  }
  const { rows } = await sql<{ url: string; failing_since: Date }>`update trueup.outgoing_endpoint
    set failing_since = coalesce(failing_since, ${now}) where ${own} and enabled
    returning url, failing_since`.execute(tx)
  const [failing] = rows
  if (!failing) return null
  const because = outcome.isGone
    ? 'It answered 410 Gone: it wants no more messages.'
    : now.getTime() - failing.failing_since.getTime() >= failingDays * dayMs
      ? `It has taken nothing for ${failingDays} days; last: ${outcome.detail}`
      : null
  if (because === null) return null
  await sql`update trueup.outgoing_endpoint set enabled = false, disabled_because = ${because} where ${own}`.execute(
    tx,
  )
  return { url: failing.url, because }
}
