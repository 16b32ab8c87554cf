/**
 * What can be behind a drift. Closed list, in the order in which one is preferred to another that is as sure: what
 * was done to the rules comes before what events show, and that before what only the time suggests.
 */
export const causeKinds = [
  /** A price is sold that the catalogue does not know. */
  'price-without-mapping',
  /** The mapping, the catalogue or the policy was changed. */
  'config-change',
  /** Billing has an event about it that it could not deliver to an endpoint of the app. */
  'event-not-delivered',
  /** Another version of the app was put in place. */
  'deploy',
  /** An older event was applied after a newer one. */
  'event-applied-late',
  /** Billing delivered its events, and the app stayed as it was. */
  'event-without-effect',
  /** Somebody changed the app's record, with nothing in billing that asked for it. */
  'manual-edit',
  /** Somebody changed something in billing by hand, past the app. */
  'dashboard-change',
  /** Nothing that was found says what it was. */
  'unknown',
] as const
export type CauseKind = (typeof causeKinds)[number]

/**
 * How sure a cause is. `certain`: the drift follows from it. `likely`: what was found fits it and nothing else that is
 * in the list. `possible`: it fits, and so may others.
 */
export const confidences = ['certain', 'likely', 'possible'] as const
export type Confidence = (typeof confidences)[number]

/** What a line of evidence says. Closed list, so that a line can be shown in words of one's own. */
export const causeFacts = [
  'drift-found',
  'last-found-in-order',
  'billing-changed',
  'app-changed',
  'event',
  'event-undelivered',
  'event-delivered',
  'event-delivery-unknown',
  'event-out-of-order',
  'event-without-idempotency-key',
  'app-not-changed-since',
  'nothing-asked-for-it',
  'config-changed',
  'price-sold',
  'deploy',
  'many-alike',
  'not-asked',
] as const
export type CauseFact = (typeof causeFacts)[number]

/** One thing that was found, and when it was so. */
export interface CauseLine {
  readonly fact: CauseFact
  /** `null`: it has no moment. */
  readonly at: Date | null
  /** In a sentence. */
  readonly text: string
  /** The id of what it is about: an event, a version, a deploy, a price; `null`: none. */
  readonly object: string | null
}

/** A cause that what was found fits. */
export interface CauseCandidate {
  readonly kind: Exclude<CauseKind, 'unknown'>
  /** Equal for drifts that have this one cause in common: a price, a version, a deploy, a day of an endpoint. */
  readonly on: string
  readonly confidence: Confidence
  readonly evidence: readonly CauseLine[]
}

/** What probably broke. Unknown is an answer of its own, with what was looked at. */
export type Cause = (
  | CauseCandidate
  | {
      readonly kind: 'unknown'
      readonly on: ''
      readonly confidence: null
      readonly evidence: readonly CauseLine[]
    }
) & {
  /** What else fits, less well. */
  readonly others: readonly Pick<CauseCandidate, 'kind' | 'on' | 'confidence'>[]
}

/**
 * A cause as one text, the same for all incidents that have it in common.
 *
 * @example
 * causeId({ kind: 'price-without-mapping', on: 'price_1' }) // 'price-without-mapping:price_1'
 */
export function causeId({ kind, on }: { readonly kind: CauseKind; readonly on: string }): string {
  return on === '' ? kind : `${kind}:${on}`
}

/** Takes a cause's id apart; `null`: it is none. A kind alone stands for all causes of it. */
export function causeOfId(id: string): { readonly kind: CauseKind; readonly on: string | null } | null {
  const [, kind, on] = /^([a-z-]+)(?::(.+))?$/s.exec(id) ?? []
  const known = causeKinds.find((one) => one === kind)
  return known ? { kind: known, on: on ?? null } : null
}
