import type { Policy } from '@trueup/core'
import type Stripe from 'stripe'
import type { MirrorOptions, SharedOptions, WebhookOptions } from '../options.ts'
import type { ClerkCatalogue } from './catalogue.ts'
import type { ClerkNoticeHooks } from './clerk-notice.ts'

export interface ClerkBillingOptions<Transaction = unknown>
  extends SharedOptions<Transaction>,
    ClerkNoticeHooks<Transaction> {
  readonly catalogue: ClerkCatalogue
  readonly webhooks?: Pick<WebhookOptions, 'clerk' | 'processing'>
  /** Whether the features that a plan has in Clerk count beside those that the catalogue gives it. Default false. */
  readonly planFeatures?: boolean
  /** What the app decides where billing leaves room: how long a plan stays that is past due. Default: 14 days of grace. */
  readonly policy?: Partial<Pick<Policy, 'pastDue'>>
  /**
   * Where plan facts are put into Clerk's public metadata. Default `false`, nowhere: tokens carry Clerk's own `pla` and
   * `fea`.
   */
  readonly mirror?: false | Pick<MirrorOptions, 'key'>
  /**
   * The official Stripe client of the account that the app sold through before. A subject that pays in Clerk Billing and
   * still pays the customer there that the store or the app's row has is told as `both-billings`. Default: nobody looks.
   */
  readonly watchStripe?: Stripe
}
