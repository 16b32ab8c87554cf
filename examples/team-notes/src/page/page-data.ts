import type { FailedPayment, Offer } from '@trueup/sdk/react'

/** What the server puts into a page, as JSON. */
export interface PageData {
  readonly page: 'notes' | 'billing' | 'reports'
  readonly person: {
    readonly organizationId: string | null
    readonly organization: string | null
    /** Whether they may manage billing. For looks: the server asks again. */
    readonly manages: boolean
  } | null
  readonly access: unknown
  /** Ids, lowest first. */
  readonly plans: readonly string[]
  readonly offers: readonly Offer[]
  readonly failedPayment: FailedPayment | null
  readonly notes: readonly string[]
  /** Where Clerk's pages are: sign in, create an organization. */
  readonly clerkUrl: string
  readonly origin: string
  /** The sandbox's time, where the app runs on one: people can let it pass. */
  readonly sandboxTime: string | null
  /** Said at the top, after a checkout. */
  readonly notice: string | null
}
