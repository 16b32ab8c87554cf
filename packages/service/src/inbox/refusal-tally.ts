import type { LedgerDraft } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { LiveEndpoint } from './endpoints.ts'
import type { IncomingEvent, Provider } from './event.ts'
import type { RefusalReason } from './refusal.ts'
import type { ProjectTenant } from './tables.ts'

/** Counts what was refused, in memory until it is written: a request that nobody signed costs no statement. */
export interface RefusalTally {
  count(tenant: ProjectTenant, provider: Provider, reason: RefusalReason, at: Date): void
  /** Enters in the ledger that signed events of another mode or account come, once for an endpoint as it stands. */
  enter(
    endpoint: LiveEndpoint,
    reason: 'mode-differs' | 'account-differs',
    event: IncomingEvent,
    at: Date,
  ): Promise<void>
  /**
   * Writes what was counted. To be called every few seconds, and at the end.
   *
   * @throws StoreError; what was counted is kept for the next time
   */
  flush(): Promise<void>
}

interface Counted {
  readonly tenant: ProjectTenant
  readonly provider: Provider
  readonly reason: RefusalReason
  refused: number
  readonly firstAt: Date
  lastAt: Date
}

/** @example const refusals = createRefusalTally(database) */
export function createRefusalTally(database: Database): RefusalTally {
  // As many as there are endpoints and reasons at most.
  let counted = new Map<string, Counted>()
  const entered = new Set<string>()

  const add = ({ tenant, provider, reason, refused, firstAt, lastAt }: Counted) => {
    const key = `${tenant.workspaceId}\n${tenant.projectId}\n${provider}\n${reason}`
    const held = counted.get(key)
    if (!held) {
      counted.set(key, { tenant, provider, reason, refused, firstAt, lastAt })
      return
    }
    held.refused += refused
    if (lastAt > held.lastAt) held.lastAt = lastAt
  }

  return {
    count(tenant, provider, reason, at) {
      // They are of nobody's endpoint, or of nothing that its owner could mend.
      if (reason === 'not-found') return
      add({ tenant, provider, reason, refused: 1, firstAt: at, lastAt: at })
    },

    async enter({ tenant, provider, revision, isLive, account }, reason, event, at) {
      const key = `webhook-refused:${provider}:${reason}:${revision}:${isLive}`
      const inProcess = `${tenant.projectId}\n${key}`
      if (entered.has(inProcess)) return
      const draft: LedgerDraft = {
        key,
        act: 'webhook-refused',
        at,
        by: `webhook:${provider}`,
        about: { source: provider },
        facts: {
          reason,
          type: event.type,
          ...(reason === 'mode-differs' ? { neededLive: isLive, foundLive: event.livemode } : {}),
        },
        personal: {
          event: event.eventId,
          ...(reason === 'account-differs' ? { needed: account, found: event.account } : {}),
        },
      }
      await stageEntries(tenant, database.scoped(tenant), [draft])
      if (entered.size < 100_000) entered.add(inProcess)
    },

    async flush() {
      const left = [...counted.values()]
      counted = new Map()
      try {
        for (let row = left[0]; row; row = left[0]) {
          await write(database, row)
          left.shift()
        }
      } catch (error) {
        for (const row of left) add(row)
        throw error
      }
    },
  }
}

async function write(
  database: Database,
  { tenant, provider, reason, refused, firstAt, lastAt }: Counted,
): Promise<void> {
  await sql`insert into trueup.webhook_refusal as held
      (workspace_id, project_id, provider, reason, refused, first_at, last_at)
    select ${tenant.workspaceId}, ${tenant.projectId}, ${provider}, ${reason}, ${refused}, ${firstAt}, ${lastAt}
    where exists (select from trueup.project where project_id = ${tenant.projectId})
    on conflict (workspace_id, project_id, provider, reason) do update set
      refused = held.refused + excluded.refused,
      last_at = greatest(held.last_at, excluded.last_at)`.execute(database.scoped(tenant))
}
