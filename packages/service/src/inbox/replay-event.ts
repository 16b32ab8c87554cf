import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { Provider, Target } from './event.ts'
import { InboxError } from './inbox-error.ts'
import { markDue } from './mark-due.ts'
import type { ProjectTenant } from './tables.ts'

/**
 * Does once more what follows from an event: whom it named is due for a check. What the check finds is read from the
 * provider then, so an old event does no harm.
 *
 * @param by who asks, as the ledger names people
 * @throws InboxError `event-unknown`, `event-not-acted-on`
 */
export async function replayEvent(
  { database, jobs, clock }: { readonly database: Database; readonly jobs: Jobs; readonly clock: Clock },
  tenant: ProjectTenant,
  { provider, eventId, by }: { readonly provider: Provider; readonly eventId: string; readonly by: string },
): Promise<{ readonly target: Target }> {
  return await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql<{
        readonly target_kind: Target['kind'] | null
        readonly target_id: string | null
        readonly replays: number
      }>`update trueup.inbox_event
        set replays = replays + case when target_id is null then 0 else 1 end,
          verdict = case when target_id is null then verdict else 'acted-on' end,
          checked_at = case when target_id is null then checked_at end
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and provider = ${provider} and event_id = ${columnText(eventId)}
        returning target_kind, target_id, replays`.execute(tx)
      const [row] = rows
      if (!row) throw unknown(provider, eventId)
      if (row.target_kind === null || row.target_id === null) throw notActedOn(eventId)
      const target = { kind: row.target_kind, id: row.target_id }
      await markDue(jobs, tx, tenant, [target])
      const draft = {
        key: `event-replayed:${provider}:${eventId}:${row.replays}`,
        act: 'event-replayed',
        at: clock.now(),
        by,
        about: { source: provider },
        facts: { times: row.replays },
        personal: { event: eventId, ...touched(target) },
      } as const
      await stageEntries(tenant, tx, [draft])
      return { target }
    })
}

function touched({ kind, id }: Target): { readonly subject?: string; readonly customer?: string } {
  if (kind === 'object') return {}
  return kind === 'subject' ? { subject: id } : { customer: id }
}

function unknown(provider: Provider, eventId: string): InboxError {
  return new InboxError({
    code: 'event-unknown',
    message: `The project has no event ${eventId} of ${provider}.`,
    fix: 'List its events, and name one of them. Events are kept for 45 days.',
  })
}

function notActedOn(eventId: string): InboxError {
  return new InboxError({
    code: 'event-not-acted-on',
    message: `The event ${eventId} names no customer or subject whose access could change.`,
    fix: 'Replay an event that is acted on, or check a customer by its id.',
  })
}
