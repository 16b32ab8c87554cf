import { sql } from 'kysely'
import { type Delivered, type Delivery, deliver, type Preparation } from '../outgoing/delivery/deliver.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import type { Outcome } from '../outgoing/delivery/outcome.ts'
import { toJson } from '../store/json-codec.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { AlertError } from './alert-error.ts'
import type { ChannelKind } from './channel-config.ts'
import { type AlertDb, alertDb, loadChannel, openChannelConfig } from './channels.ts'
import { composeMessage } from './compose-message.ts'
import { projectWords, settingsLink } from './project-words.ts'
import { renderMessage } from './render/render-message.ts'
import { type RenderedMessage, sendMessage } from './send/send-message.ts'

/** An end is told after the beginning; while that is still on its way, so long. */
const afterOpenedMs = 30_000

/**
 * Tries to deliver an alert once, if it is due, and sends a job for the next try where there is to be one.
 *
 * What is told is put together at the first try and kept; every try sends the same, under the same id.
 */
export async function deliverAlert(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  deliveryId: string,
): Promise<Delivered> {
  const delivered = await deliver(
    alertDb(dependencies, tenant),
    tenant,
    deliveryId,
    {
      prepare: (tx, delivery) => prepare(dependencies, tenant, tx, delivery),
      send: (delivery) => send(dependencies, tenant, delivery),
    },
    dependencies,
  )
  if (delivered.kind === 'waiting') {
    await dependencies.jobs.send('alert.deliver', { ...tenant, deliveryId }, { startAfter: delivered.dueAt })
  }
  return delivered
}

async function prepare(
  { clock, publicUrl }: AlertDependencies,
  tenant: ProjectTenant,
  tx: AlertDb,
  delivery: Delivery,
): Promise<Preparation> {
  const now = clock.now()
  const own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`
  // Its lock lets one message of a channel be counted at a time.
  const { rows: channels } = await sql<{ kind: ChannelKind; enabled: boolean; most: number }>`
    select kind, enabled, messages_per_hour as most from trueup.alert_channel
    where ${own} and channel_id = ${delivery.target_id} for no key update`.execute(tx)
  const [channel] = channels
  if (!channel) return { kind: 'nothing', why: 'The channel was removed.' }
  if (!channel.enabled) return { kind: 'nothing', why: 'The channel is switched off.' }
  if (delivery.type === 'resolved' && (await isBeginningUnderWay(tx, tenant, delivery))) {
    return { kind: 'later', dueAt: new Date(now.getTime() + afterOpenedMs), heldFor: null }
  }
  if (channel.kind !== 'pagerduty') {
    const freeAt = await limitFreeAt(tx, tenant, delivery, channel.most, now)
    if (freeAt) return { kind: 'later', dueAt: freeAt, heldFor: 'rate-limit' }
  }
  const project = await projectWords(tx, tenant)
  if (delivery.type === 'opened') await leaveOutTaken(tx, tenant, delivery, now)
  const message = await composeMessage(tx, tenant, delivery, { publicUrl, now, projectName: project.name })
  if (!message) return { kind: 'nothing', why: 'All of it had ended before it was told.' }
  const first = await firstMessageId(tx, tenant, message.episodeId)
  const place = {
    timeZone: project.timeZone,
    settingsLink: settingsLink(publicUrl, tenant),
    messageId: delivery.message_id,
    inReplyTo: first === delivery.message_id ? null : first,
  }
  return { kind: 'content', content: toJson(renderMessage(channel.kind, message, place)) }
}

async function send(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  { target_id, message_id, content }: Delivery,
): Promise<Outcome> {
  let config: Awaited<ReturnType<typeof openChannelConfig>>
  try {
    const { enabled } = await loadChannel(dependencies, tenant, target_id)
    if (!enabled) return refusal('The channel is switched off.')
    config = await openChannelConfig(dependencies, tenant, target_id)
  } catch (error) {
    if (!(error instanceof AlertError)) throw error
    return refusal(error.message)
  }
  return await sendMessage(config, message_id, renderedMessage(content), dependencies)
}

function refusal(detail: string): Outcome {
  return { kind: 'failed', status: null, detail, isRetryable: false, retryAfterSeconds: null, isGone: false }
}

/** Whoever acknowledged an incident before it was told knows of it: it counts as not told. */
async function leaveOutTaken(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
  delivery: Delivery,
  now: Date,
): Promise<void> {
  await sql`update trueup.alert_told told set ended_at = ${now} from trueup.incident
    where told.workspace_id = ${workspaceId} and told.project_id = ${projectId}
      and told.delivery_id = ${delivery.delivery_id} and told.ended_at is null
      and incident.project_id = told.project_id and incident.incident_id = told.incident_id
      and incident.state <> 'open'`.execute(tx)
}

/** Relies on the column holding what {@link prepare} wrote. */
function renderedMessage(content: unknown): RenderedMessage {
  return content as RenderedMessage
}

/** Whether what this message ends is still being told. */
async function isBeginningUnderWay(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
  delivery: Delivery,
): Promise<boolean> {
  const { rows } = await sql`select 1 from trueup.alert_told told
    join trueup.delivery opened using (workspace_id, project_id, delivery_id)
    where told.workspace_id = ${workspaceId} and told.project_id = ${projectId}
      and told.end_delivery_id = ${delivery.delivery_id} and opened.state = 'waiting' limit 1`.execute(tx)
  return rows.length > 0
}

/** When the channel may be sent to again; `null`: now. */
async function limitFreeAt(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
  delivery: Delivery,
  most: number,
  now: Date,
): Promise<Date | null> {
  const hourMs = 3_600_000
  const { rows } = await sql<{ ended_at: Date }>`select ended_at from trueup.delivery
    where workspace_id = ${workspaceId} and project_id = ${projectId} and target_id = ${delivery.target_id}
      and state = 'sent' and ended_at > ${new Date(now.getTime() - hourMs)}
    order by ended_at desc limit ${most}`.execute(tx)
  const oldest = rows[most - 1]
  return oldest ? new Date(oldest.ended_at.getTime() + hourMs) : null
}

/** The id of the message that began a course, for mail clients to put the others under it. */
async function firstMessageId(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
  episodeId: string,
): Promise<string | null> {
  const { rows } = await sql<{ message_id: string }>`select message_id from trueup.delivery
    where workspace_id = ${workspaceId} and project_id = ${projectId} and delivery_id = ${episodeId}`.execute(
    tx,
  )
  return rows[0]?.message_id ?? null
}
