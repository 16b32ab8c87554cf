import type { ColumnType, Generated } from 'kysely'
import type { DeliveryTables } from '../outgoing/delivery/delivery-tables.ts'
import type { AlertRule } from './alert-rule.ts'
import type { ChannelKind, ShownSettings } from './channel-config.ts'
import type { DigestNumbers } from './digest/digest-numbers.ts'

type Json<T> = ColumnType<T, string, string>

type Owned = {
  readonly workspace_id: string
  readonly project_id: string
}

/** The tables of alerts, for `database.scoped(tenant).withTables<AlertTables>()`. */
export type AlertTables = DeliveryTables & {
  readonly 'trueup.alert_channel': Owned & {
    readonly channel_id: string
    readonly name: string
    readonly kind: ChannelKind
    readonly settings: Json<ShownSettings>
    readonly sealed: string
    readonly enabled: Generated<boolean>
    readonly gets_digest: boolean
    readonly messages_per_hour: number
    readonly created_at: Date
  }
  readonly 'trueup.alert_rule': Owned & {
    readonly rule_id: string
    readonly place: number
    readonly enabled: Generated<boolean>
    readonly rule: Json<AlertRule>
    readonly created_at: Date
  }
  readonly 'trueup.alert_episode': Owned & {
    readonly channel_id: string
    readonly cause: string
    readonly episode_id: string
    readonly last_due_at: Date
  }
  readonly 'trueup.alert_told': Owned & {
    readonly channel_id: string
    readonly incident_id: string
    readonly opening: number
    readonly rule_id: string
    readonly cause: string
    readonly episode_id: string
    readonly delivery_id: string
    readonly told_at: Date
    readonly ended_at: Date | null
    readonly end_delivery_id: string | null
  }
  readonly 'trueup.alert_digest': Owned & {
    readonly week_ends_at: Date
    readonly numbers: Json<DigestNumbers>
  }
}
