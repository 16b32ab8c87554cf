import type { Clock, Rng, Timer } from '@trueup/core'
import type { AddressPolicy, Lookup } from '../adapters/postgres/connection/index.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import type { Database } from '../store/index.ts'
import type { MailSettings } from '../team/team-settings.ts'
import type { SealedText } from '../vault/sealed-text.ts'

/** What alerts and outgoing webhooks need from the rest of the service. */
export interface AlertDependencies {
  readonly database: Database
  readonly vault: SealedText
  readonly jobs: Pick<Jobs, 'send'>
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly randomBytes: (count: number) => Uint8Array
  /** Where messages may go. */
  readonly addresses: AddressPolicy
  readonly lookup: Lookup
  /** Where people reach the service, without a slash at the end; links in messages begin with it. */
  readonly publicUrl: string
  /** The mail server of this service, for email channels that name none of their own. */
  readonly mail: MailSettings | null
  /** Numbers what is staged for the project's ledger, so that followers see it. */
  readonly advanceLedger: (tenant: ProjectTenant) => Promise<void>
  /** PagerDuty's servers by region; others only in tests. */
  readonly pagerDuty?: Readonly<Record<'us' | 'eu', string>>
}
