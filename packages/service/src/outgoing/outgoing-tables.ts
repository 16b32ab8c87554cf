import type { Generated } from 'kysely'
import type { DeliveryTables } from './delivery/delivery-tables.ts'

/** The tables of outgoing webhooks, for `database.scoped(tenant).withTables<OutgoingTables>()`. */
export type OutgoingTables = DeliveryTables & {
  readonly 'trueup.outgoing_endpoint': {
    readonly workspace_id: string
    readonly project_id: string
    readonly endpoint_id: string
    readonly url: string
    readonly description: string
    readonly message_types: readonly string[]
    readonly enabled: Generated<boolean>
    readonly sealed: string
    readonly previous_sealed: string | null
    readonly previous_until: Date | null
    readonly secret_hint: string
    readonly failing_since: Date | null
    readonly disabled_because: string | null
    readonly created_at: Date
  }
}
