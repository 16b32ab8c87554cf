/** Why the SDK refused or failed. Closed list; callers decide by it, never by the message. */
export type BillingErrorCode =
  /** An option or the catalogue says something that means nothing. */
  | 'options-invalid'
  /** Nobody is signed in, or no organization is active where organizations are billed. */
  | 'signed-out'
  /** Signed in, and not allowed to manage billing. */
  | 'not-allowed'
  /** The plan, the interval or the currency is not sold. */
  | 'not-for-sale'
  /** Stripe does not have the price that the catalogue names, or has it differently. */
  | 'price-mismatch'
  | 'redirect-not-allowed'
  /** Clerk does not have the user or the organization. */
  | 'subject-not-found'
  /** The user or the organization was deleted. */
  | 'subject-deleted'
  /** There is no customer, or no subscription, for what is asked. */
  | 'nothing-to-manage'
  /** A checkout session that is not this subject's, or that does not exist. */
  | 'session-not-found'
  /** The customer belongs to another subject. */
  | 'customer-taken'
  /** The subject cannot be deleted while its subscription is live. */
  | 'subscription-live'
  /** The app's own row for the subject is not there yet. */
  | 'row-missing'
  /** Clerk holds at most 8 KB of metadata, and ours does not fit beside the app's. */
  | 'metadata-full'
  /** Several calls for one subject got in each other's way for longer than is worth waiting. */
  | 'busy'
  | 'rate-limited'
  /** The vendor failed, or could not be reached. */
  | 'vendor-failed'
  /** The vendor refused the request or the key. */
  | 'vendor-refused'
  /** The store failed. */
  | 'store-failed'
  /** Asked of an app that sells through Clerk Billing, whose own components do it. */
  | 'not-in-clerk-billing'
  /** The schema of the store is not the one that this version needs. */
  | 'store-not-migrated'

interface Problem {
  readonly code: BillingErrorCode
  /** What was found, and what was needed. */
  readonly message: string
  readonly fix: string
  readonly retryable?: boolean
  /** How long the vendor asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/**
 * An error of the SDK: what was found, what was needed, what to do about it.
 *
 * @example
 * try {
 *   await billing.checkout(request)
 * } catch (error) {
 *   if (error instanceof BillingError && error.code === 'not-allowed') return new Response(null, { status: 403 })
 *   throw error
 * }
 */
export class BillingError extends Error {
  override readonly name = 'BillingError'
  readonly code: BillingErrorCode
  /** What the reader can do about it. */
  readonly fix: string
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean
  readonly retryAfterMs: number | null

  constructor(problem: Problem) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.retryable = problem.retryable ?? false
    this.retryAfterMs = problem.retryAfterMs ?? null
  }
}
