import { newId } from '../new-id.ts'
import { deliver } from '../outgoing/delivery/deliver.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import type { Outcome } from '../outgoing/delivery/outcome.ts'
import { toJson } from '../store/json-codec.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import type { NoticeMessage } from './alert-message.ts'
import { alertDb, inAlertTransaction, listChannels, loadChannel, openChannelConfig } from './channels.ts'
import { projectWords, settingsLink } from './project-words.ts'
import { renderMessage } from './render/render-message.ts'
import { type RenderedMessage, sendMessage } from './send/send-message.ts'

/** How a test went, for whoever pressed the button. */
export interface TestResult {
  readonly deliveryId: string
  readonly sent: boolean
  /** What the receiver said, or why there was no answer; empty where there is nothing to say. */
  readonly detail: string
  readonly status: number | null
}

/**
 * Sends a test message to a channel at once, also to one that is switched off, and says how it went. It is tried once
 * and stands in the delivery log.
 *
 * @throws AlertError `channel-not-found`
 */
export async function sendTest(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  channelId: string,
  by: string,
): Promise<TestResult> {
  const channel = await loadChannel(dependencies, tenant, channelId)
  const config = await openChannelConfig(dependencies, tenant, channelId)
  const deliveryId = await keepNotice(dependencies, tenant, channel, 'test', {
    headline: 'Test message',
    sentence: `${by} sent this from Trueup to see that “${channel.name}” works. Nothing is wrong, and nothing is to be done.`,
  })
  const tried: Outcome[] = []
  await deliver(
    alertDb(dependencies, tenant),
    tenant,
    deliveryId,
    {
      prepare: async () => ({ kind: 'nothing', why: 'A test has its content from the start.' }),
      send: async ({ message_id, content }) => {
        // Relies on the column holding what keepNotice wrote.
        const outcome = await sendMessage(config, message_id, content as RenderedMessage, dependencies)
        tried.push(outcome)
        return outcome.kind === 'failed' ? { ...outcome, isRetryable: false } : outcome
      },
    },
    dependencies,
  )
  const [outcome] = tried
  if (!outcome) throw new Error(`The test ${deliveryId} was taken by somebody else.`)
  return {
    deliveryId,
    sent: outcome.kind === 'sent',
    detail: outcome.detail,
    status: outcome.status,
  }
}

/**
 * Tells every channel of a project that people read, but PagerDuty's, of something about the channels themselves, such
 * as an endpoint that was switched off.
 *
 * @param key what makes it itself: the same is told once
 */
export async function sendNotice(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  key: string,
  notice: Pick<NoticeMessage, 'headline' | 'sentence'>,
): Promise<void> {
  for (const channel of await listChannels(dependencies, tenant)) {
    if (!channel.enabled || channel.kind === 'pagerduty') continue
    await keepNotice(dependencies, tenant, channel, 'notice', notice, `${key} ${channel.id}`)
  }
}

async function keepNotice(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  channel: Awaited<ReturnType<typeof loadChannel>>,
  what: 'test' | 'notice',
  notice: Pick<NoticeMessage, 'headline' | 'sentence'>,
  key?: string,
): Promise<string> {
  const { clock, randomBytes, publicUrl, jobs } = dependencies
  const id = newId('dlv', randomBytes)
  const messageId = newId('msg', randomBytes)
  const now = clock.now()
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    const { name, timeZone } = await projectWords(tx, tenant)
    const content = renderMessage(
      channel.kind,
      {
        what,
        projectName: name,
        ...notice,
        at: now,
        link: settingsLink(publicUrl, tenant),
      },
      {
        timeZone,
        settingsLink: settingsLink(publicUrl, tenant),
        messageId,
        inReplyTo: null,
      },
    )
    const made = await tx
      .insertInto('trueup.delivery')
      .values({
        workspace_id: tenant.workspaceId,
        project_id: tenant.projectId,
        delivery_id: id,
        audience: 'alert',
        target_id: channel.id,
        key: key ?? id,
        message_id: messageId,
        type: what,
        cause: null,
        held_for: null,
        content: toJson(content),
        created_at: now,
        due_at: now,
        leased_until: null,
        ended_at: null,
        problem: null,
      })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'project_id', 'key']).doNothing())
      .returning('delivery_id')
      .executeTakeFirst()
    // A test is tried by whoever pressed the button.
    if (made && what === 'notice') {
      await jobs.send('alert.deliver', { ...tenant, deliveryId: id }, { tx: base })
    }
  })
  return id
}
