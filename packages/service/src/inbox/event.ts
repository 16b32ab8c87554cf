/** Who sends webhooks. */
export const providers = ['stripe', 'clerk'] as const
export type Provider = (typeof providers)[number]

/**
 * Whom an event makes due for a check.
 *
 * - `customer`: a payer in billing, by its id;
 * - `subject`: a user or organization, by its key, such as `user:user_1`;
 * - `object`: something in Stripe that belongs to a customer whom the event does not name, such as
 *   `subscription:sub_1`. Its customer is asked for first.
 */
export interface Target {
  readonly kind: 'customer' | 'subject' | 'object'
  readonly id: string
}

/** Why nothing follows from an event. Closed list. */
export type NoEffect =
  /** Nothing that Trueup compares changes with events of this type. */
  | 'type-not-acted-on'
  /** The object belongs to no customer or subject, such as a charge of a guest. */
  | 'nobody-named'

/** An event that was authenticated, taken apart. Only ids were read from it; nothing is decided by the rest. */
export interface IncomingEvent {
  readonly provider: Provider
  /** The provider's own id: `evt_...`, or for Clerk the `svix-id`. */
  readonly eventId: string
  readonly type: string
  readonly createdAt: Date
  /** `null` where the provider does not say. */
  readonly livemode: boolean | null
  /** The connected account of Stripe, or the instance of Clerk, that it comes from; `null` for Stripe's own account. */
  readonly account: string | null
  readonly objectId: string | null
  readonly target: Target | null
  readonly noEffect: NoEffect | null
  /** What is gone for good, by its subject key. */
  readonly deletedSubject: string | null
  /** By what two events of one change are known. */
  readonly change: Change | null
  /** As JSON on one line, without what would be a secret. */
  readonly payload: string
}

/**
 * What two events of one change have in common. Stripe can tell a change twice: by two events of one form, which then
 * hold the same data, or by a snapshot and a thin event.
 */
export interface Change {
  readonly form: 'snapshot' | 'thin'
  /** Equal where type, second and data are equal. Only of a snapshot. */
  readonly data: string | null
  /** Equal for events of one type and object in one second. Says that of two forms they are one change. */
  readonly moment: string
  /** The id of the snapshot event of which a thin one says that it is its twin. */
  readonly snapshotEvent: string | null
}

/** An event that cannot be read although it was signed: it is not what its provider sends. */
export interface UnreadableEvent {
  readonly unreadable: string
}
