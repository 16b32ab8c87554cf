import type { DeliveryMisbehaviourKind } from './delivery-fault.ts'

/** A webhook to be sent. */
export interface DeliveryRequest {
  /** The message's id, the same for every attempt and copy. */
  readonly id: string
  readonly url: string
  /** The event's type, for faults and for the log. */
  readonly label: string
  /** Exactly the bytes that are signed and sent. */
  readonly body: string
  /** The headers of an attempt, signatures included; called anew for each. */
  headers(body: string, attemptTime: Date): Record<string, string>
  /** Asked before each attempt; when false, the webhook is given up. Default: always wanted. */
  isWanted?(): boolean
  /** Called when an attempt was answered with success, once for each copy. */
  onDelivered?(): void
}

/** One try. `status` is null where no answer came; then `error` says why. */
export interface DeliveryAttempt {
  readonly at: string
  readonly status: number | null
  readonly error: string | null
}

/** A webhook as it was sent, or not. A doubled one has two records with one id. */
export interface DeliveryRecord {
  /** Counted from 1 in the order of `enqueue`. */
  readonly number: number
  readonly id: string
  readonly url: string
  readonly label: string
  readonly body: string
  readonly state: 'waiting' | 'delivered' | 'dropped' | 'given-up'
  readonly faults: readonly DeliveryMisbehaviourKind[]
  readonly attempts: readonly DeliveryAttempt[]
}
