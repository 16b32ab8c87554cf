import type { ClerkClient } from '@clerk/backend'
import type { Clock, Policy, Rng, SubjectId, SubjectType, Timer } from '@trueup/core'
import type Stripe from 'stripe'
import type { AccessReason } from './access/access-answer.ts'
import type { GrantedAccess } from './access/granted-access.ts'
import type { CatalogueForSale } from './catalogue/plan-for-sale.ts'
import type { NoticeHooks } from './dunning/notice.ts'
import type { BillingStore } from './store/store.ts'
import type { MayManage } from './subject/actor.ts'

/** What the SDK asks of the official Clerk client. */
export type Clerk = Pick<ClerkClient, 'billing' | 'organizations' | 'users'>

/** What a subject may use changed. */
export interface AccessChange {
  readonly subject: SubjectId
  readonly before: GrantedAccess | null
  readonly after: GrantedAccess
  readonly reason: AccessReason
  /** Grows with each change of this subject's access. */
  readonly version: number
}

/** Something that a person should look at. The same is told again while it lasts. */
export interface Problem {
  readonly code:
    | 'customer-shared'
    | 'customer-unmatched'
    | 'double-billing'
    | 'both-billings'
    | 'price-unmapped'
    | 'billing-unreadable'
    | 'deleted-and-billed'
    | 'row-missing'
    | 'work-set-aside'
  readonly subject: SubjectId | null
  readonly customerId: string | null
  /** What was found and what to do about it, for people. */
  readonly message: string
}

/** What both ways of selling take: through Stripe, and through Clerk Billing. */
export interface SharedOptions<Transaction = unknown> {
  /** The official Clerk client: `createClerkClient({ secretKey })`. */
  readonly clerk: Clerk
  readonly store: BillingStore<Transaction>
  /** Who is billed. */
  readonly subject: SubjectType
  /** Beyond this age of its last reading a subject's paid access is closed. In hours. Default 72. */
  readonly maxAgeHours?: number
  /** Each subject's billing is read again at least this often, by `billing.work()`. In hours. Default 24. */
  readonly sweepHours?: number
  /** How many days before its end a trial is told of. Default 3. */
  readonly trialEndingDays?: number
  /** Secrets of `billing.probe`; the first signs nothing, any of them is taken. Default: none, and the route is closed. */
  readonly probeSecrets?: readonly string[]
  /** Called in the transaction that writes what changed; what it writes through it happens exactly once. */
  readonly onAccessChange?: (change: AccessChange, transaction: Transaction) => Promise<void> | void
  readonly onProblem?: (problem: Problem) => Promise<void> | void
  /** Time, waiting and chance, for tests. Default: the machine's. */
  readonly clock?: Clock
  readonly timer?: Timer
  readonly rng?: Rng
}

export interface BillingOptions<Transaction = unknown>
  extends SharedOptions<Transaction>,
    NoticeHooks<Transaction> {
  /** The official Stripe client, made with the app's secret key. */
  readonly stripe: Stripe
  readonly catalogue: CatalogueForSale
  /** Whether the keys are live ones. Webhooks of the other mode are refused. */
  readonly livemode: boolean
  /** Origins that a browser may be sent back to, the app's own: `['https://app.example']`. */
  readonly origins: readonly [string, ...string[]]
  readonly webhooks?: WebhookOptions
  /** Who may manage an organization's billing. Default: the role `org:admin`. */
  readonly mayManage?: MayManage
  /** `eager`: a customer is made when the subject is, by Clerk's webhook. `on-demand`: at the first checkout. Default `eager`. */
  readonly customers?: 'eager' | 'on-demand'
  /**
   * What happens when a subject is deleted that still pays. `report`: {@link SharedOptions.onProblem} is told.
   * `cancel`: its subscriptions are canceled at once. `block`: `billing.assertDeletable` refuses; where it is deleted
   * all the same, as `report`. Default `report`.
   */
  readonly whenDeleted?: 'report' | 'cancel' | 'block'
  readonly checkout?: CheckoutOptions
  /** Where plan facts are put into Clerk metadata; `false`: nowhere. Default `{ key: 'billing' }`. */
  readonly mirror?: false | MirrorOptions
  /** What the app decides where billing leaves room. Default: that of Trueup, 14 days of grace. */
  readonly policy?: Partial<Policy>
  /** Reads Stripe Entitlements as well, where the account has them. Default false. */
  readonly stripeEntitlements?: boolean
  /**
   * Asks Clerk at each reading whether a subject that pays here pays in Clerk Billing too, and tells `both-billings`.
   * For while an app moves from one to the other. Default false.
   */
  readonly watchClerkBilling?: boolean
}

export interface WebhookOptions {
  readonly stripe?: {
    /** Signing secrets of the endpoints, `whsec_...`. Several while one is rolled, or for several endpoints. */
    readonly secrets: readonly string[]
    /** The connected account whose events are meant; default: those of the account itself. */
    readonly account?: string
  }
  readonly clerk?: {
    readonly secrets: readonly string[]
    /** `ins_...`: events of another instance are refused. Default: any that the secret signs for. */
    readonly instanceId?: string
  }
  /**
   * `inline`: what an event asks for is done before it is answered, and a failure is answered 503, so that the vendor
   * sends it again; it is kept and tried again by `billing.work()` as well. `deferred`: answered as soon as it is
   * stored; `billing.work()` does the rest. Default `inline`.
   */
  readonly processing?: 'inline' | 'deferred'
}

export interface CheckoutOptions {
  /** Stripe as merchant of record. Leaves out what it does not take: `automaticTax`, `taxIds`. Default: the account's setting. */
  readonly managedPayments?: boolean
  /** Stripe Tax. Default false. */
  readonly automaticTax?: boolean
  /** Asks for a tax id. Default false. */
  readonly taxIds?: boolean
  /** A field for promotion codes. Default false. */
  readonly promotionCodes?: boolean
  /** What becomes of a trial that ends without a card; asks for no card where it is not `create_invoice`. Default `create_invoice`. */
  readonly trialWithoutCard?: 'create_invoice' | 'cancel' | 'pause'
  /** How long a checkout stays open, in minutes, 30 to 1,440. Default 60. */
  readonly expiresMinutes?: number
}

export interface MirrorOptions {
  /** The key of `publicMetadata` that is ours. Default `billing`. */
  readonly key?: string
  /** The key of `privateMetadata` for the customer's id. Default `stripe_customer_id`. */
  readonly customerKey?: string
}
