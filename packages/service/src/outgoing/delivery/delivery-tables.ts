import type { ColumnType, Generated } from 'kysely'

/** Whom a delivery is for: people in an alert channel, or an endpoint of the app. */
export type Audience = 'alert' | 'webhook'

/**
 * `waiting` for its time or its next try; `sent`; `set-aside` after all its tries, to be looked at; `dropped`: there
 * was nothing left to say, or nobody to say it to.
 */
export type DeliveryState = 'waiting' | 'sent' | 'set-aside' | 'dropped'

/** Why a delivery that has not been tried waits. */
export type HeldFor = 'gathering' | 'quiet-hours' | 'rate-limit'

type Owned = {
  readonly workspace_id: string
  readonly project_id: string
}

export type DeliveryRow = Owned & {
  readonly delivery_id: string
  readonly audience: Audience
  readonly target_id: string
  readonly key: string
  readonly message_id: string
  readonly type: string
  readonly cause: string | null
  readonly state: Generated<DeliveryState>
  readonly held_for: HeldFor | null
  /** What every try sends, written by `toJson`; `null` until the first. */
  readonly content: ColumnType<unknown, string | null, string | null>
  readonly created_at: Date
  readonly due_at: Date
  readonly tries: Generated<number>
  readonly token: Generated<number>
  readonly leased_until: Date | null
  readonly ended_at: Date | null
  readonly problem: string | null
}

/** The tables of messages on their way, for `database.scoped(tenant).withTables<DeliveryTables>()`. */
export type DeliveryTables = {
  readonly 'trueup.delivery': DeliveryRow
  readonly 'trueup.delivery_try': Owned & {
    readonly delivery_id: string
    readonly token: number
    readonly at: Date
    readonly outcome: 'sent' | 'failed'
    readonly status: number | null
    readonly detail: string
    readonly took_ms: number
  }
  readonly 'trueup.ledger_follower': Owned & {
    readonly follower: string
    readonly next_sequence: Generated<number>
  }
}

/** A project of a workspace: what every statement about deliveries is about. */
export interface ProjectTenant {
  readonly workspaceId: string
  readonly projectId: string
}
