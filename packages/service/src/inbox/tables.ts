import type { ColumnType, Generated } from 'kysely'
import type { NoEffect, Provider, Target } from './event.ts'
import type { RefusalReason } from './refusal.ts'

interface OfProject {
  readonly workspace_id: string
  readonly project_id: string
}

/** Code and words of what failed. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly at: Date
}

export type Verdict = 'acted-on' | 'twin' | 'not-acted-on'

/** The tables of webhooks that came in, as the statements of this folder see them. */
export type InboxTables = {
  readonly 'trueup.webhook_endpoint': OfProject & {
    readonly provider: Provider
    readonly is_live: boolean | null
    readonly account: string | null
    readonly revision: Generated<number>
    readonly opened_at: Date
    readonly swept_to: Date | null
    readonly swept_at: Date | null
    readonly sweep_failure: ColumnType<Failure | null, string | null, string | null>
    readonly clock_skew_seconds: number | null
  }
  readonly 'trueup.webhook_secret': OfProject & {
    readonly provider: Provider
    readonly secret_id: string
    readonly sealed: string
    readonly label: string
    readonly added_at: Date
    readonly added_by: string
    readonly expires_at: Date | null
  }
  readonly 'trueup.inbox_event': OfProject & {
    readonly provider: Provider
    readonly event_id: string
    readonly seq: Generated<number>
    readonly type: string
    readonly object_id: string | null
    readonly livemode: boolean | null
    readonly account: string | null
    readonly created_at: Date
    readonly received_at: Date
    readonly verdict: Verdict
    readonly no_effect: NoEffect | null
    readonly twin_of: string | null
    readonly target_kind: Target['kind'] | null
    readonly target_id: string | null
    readonly found_by: 'webhook' | 'sweep'
    readonly deliveries: number
    readonly last_delivered_at: Date | null
    readonly pending_webhooks: number | null
    readonly replays: Generated<number>
    readonly checked_at: Date | null
    readonly effects: Generated<number>
    readonly payload: string | null
  }
  readonly 'trueup.inbox_change': OfProject & {
    readonly change_key: string
    readonly event_id: string
    readonly form: 'snapshot' | 'thin'
    readonly noted_at: Date
  }
  readonly 'trueup.due_check': OfProject & {
    readonly target_kind: Target['kind']
    readonly target_id: string
    readonly generation: Generated<number>
    readonly state: Generated<'due' | 'set-aside'>
    readonly due_since: Generated<Date>
    readonly not_before: Generated<Date>
    readonly attempts: Generated<number>
    readonly lease_token: number | null
    readonly leased_until: Date | null
    readonly failure: ColumnType<Failure | null, string | null, string | null>
  }
  readonly 'trueup.deleted_subject': OfProject & {
    readonly subject_key: string
    readonly deleted_at: Date
    readonly event_id: string
  }
  readonly 'trueup.webhook_refusal': OfProject & {
    readonly provider: Provider
    readonly reason: RefusalReason
    readonly refused: number
    readonly first_at: Date
    readonly last_at: Date
  }
}

/** A project, named by whom its statements are held to. */
export interface ProjectTenant {
  readonly workspaceId: string
  readonly projectId: string
}
