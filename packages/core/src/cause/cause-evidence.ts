import type { Incident } from '../incident/incident.ts'

/** An event of billing about the customer of an incident. */
export interface SeenEvent {
  readonly id: string
  readonly type: string
  readonly createdAt: Date
  /** When it first came to our own endpoint; `null`: it never did. */
  readonly firstDeliveredAt: Date | null
  readonly lastDeliveredAt: Date | null
  /**
   * Endpoints of others that have not taken it, our own left out; `null`: billing did not say, or whether it is our own
   * that is missing cannot be told.
   */
  readonly undelivered: number | null
  /**
   * Who asked for the change, as billing says: a request with or without an idempotency key, or billing by itself;
   * `null`: it does not say.
   */
  readonly askedBy: 'request-with-key' | 'request-without-key' | 'billing-itself' | null
}

/** A version of the project's configuration. */
export interface ConfigChange {
  readonly version: number
  readonly at: Date
  readonly by: string
  readonly parts: readonly ('mapping' | 'catalogue' | 'policy')[]
  /** What the incident stands on (a price, a value) was in the version before, and is not in this one. */
  readonly tookOut: boolean
}

/** Another version of the app, as somebody marked it. */
export interface MarkedDeploy {
  readonly id: string
  readonly version: string
  readonly at: Date
  readonly by: string
}

/** All that a cause is decided by. Moments are those of the providers where they say one. */
export interface CauseEvidence {
  readonly incident: Pick<Incident, 'kind' | 'identity' | 'hurts' | 'customerId' | 'subject'>
  /** When the drift was found that opened it, the last time. */
  readonly openedAt: Date
  /** When the last check before that began which did not find it; `null`: there was none. */
  readonly inOrderAt: Date | null
  /** When billing's objects last changed, not after the opening; `null`: not known. */
  readonly billingChangedAt: Date | null
  /** When the app's records last changed, not after the opening, and where; `null`: not known. */
  readonly appChanged: { readonly at: Date; readonly source: string } | null
  /** Those about the customer that were created before the opening, in any order. */
  readonly events: readonly SeenEvent[]
  /** Why billing's own list of events is not in it; `null`: it is. */
  readonly eventsNotAsked: string | null
  readonly configChanges: readonly ConfigChange[]
  readonly deploys: readonly MarkedDeploy[]
  /** When Trueup itself last wrote the subject's record; `null`: never. */
  readonly repairedAt: Date | null
  /** Incidents of the kind that opened since it was last in order, this one with them, and in as long a time before. */
  readonly alike: { readonly since: number; readonly before: number }
  /** Requests among the project's last events that carried an idempotency key. */
  readonly requestsWithKey: number
}
