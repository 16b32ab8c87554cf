import { sql } from 'kysely'
import { newId } from '../../new-id.ts'
import type { ProjectTenant } from '../../outgoing/delivery/delivery-tables.ts'
import { toJson } from '../../store/json-codec.ts'
import type { AlertDependencies } from '../alert-dependencies.ts'
import { inAlertTransaction } from '../channels.ts'
import { numberEntries } from '../number-entries.ts'
import { projectWords, settingsLink } from '../project-words.ts'
import { type DigestNumbers, digestNumbers } from './digest-numbers.ts'
import { digestWords } from './digest-words.ts'
import { renderDigest } from './render-digest.ts'
import { midnightsBefore } from './week.ts'

/** A digest of the week before is one that ended within these days before. */
const daysBack = 8

/**
 * Puts the digest of the last seven whole days on its way to every channel that gets one. Asked for again on the same
 * day, nothing more is sent.
 *
 * @param at a moment of the day after the week
 * @returns the numbers; `null`: that digest was made before
 *
 * @example
 * await sendDigest(dependencies, tenant, clock.now()) // on Monday at 08:00
 */
export async function sendDigest(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  at: Date,
): Promise<DigestNumbers | null> {
  const { clock, jobs, publicUrl, randomBytes } = dependencies
  await numberEntries(dependencies, tenant)
  return await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    const { name, timeZone } = await projectWords(tx, tenant)
    const midnights = midnightsBefore(at, timeZone)
    const weekEndsAt = midnights.at(-1)
    if (!weekEndsAt) throw new Error(`There is no midnight before ${at.toISOString()}.`)
    const own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`
    const { rows: earlier } = await sql<{ numbers: DigestNumbers }>`select numbers from trueup.alert_digest
      where ${own} and week_ends_at < ${weekEndsAt}
        and week_ends_at >= ${new Date(weekEndsAt.getTime() - daysBack * 86_400_000)}
      order by week_ends_at limit 1`.execute(tx)
    const numbers = await digestNumbers(tx, tenant, midnights, earlier[0]?.numbers.openNow ?? null)
    const { rows: made } =
      await sql`insert into trueup.alert_digest (workspace_id, project_id, week_ends_at, numbers)
      values (${tenant.workspaceId}, ${tenant.projectId}, ${weekEndsAt}, ${toJson(numbers)})
      on conflict do nothing returning 1`.execute(tx)
    if (made.length === 0) return null
    const now = clock.now()
    const words = digestWords(numbers, {
      projectName: name,
      timeZone,
      midnights,
      link: `${publicUrl}/projects/${encodeURIComponent(tenant.projectId)}`,
      settingsLink: settingsLink(publicUrl, tenant),
    })
    const channels = await tx
      .selectFrom('trueup.alert_channel')
      .select(['channel_id', 'kind'])
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('enabled', '=', true)
      .where('gets_digest', '=', true)
      .execute()
    for (const { channel_id, kind } of channels) {
      const deliveryId = newId('dlv', randomBytes)
      await tx
        .insertInto('trueup.delivery')
        .values({
          workspace_id: tenant.workspaceId,
          project_id: tenant.projectId,
          delivery_id: deliveryId,
          audience: 'alert',
          target_id: channel_id,
          key: `digest ${weekEndsAt.toISOString()} ${channel_id}`,
          message_id: newId('msg', randomBytes),
          type: 'digest',
          cause: null,
          held_for: null,
          content: toJson(renderDigest(kind, words, now)),
          created_at: now,
          due_at: now,
          leased_until: null,
          ended_at: null,
          problem: null,
        })
        .execute()
      await jobs.send('alert.deliver', { ...tenant, deliveryId }, { tx: base })
    }
    return numbers
  })
}
