/** A value as an app stores it. */
export type StoredValue =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | { readonly [key: string]: StoredValue }

/** One value that changes, and from what to what. `before` is as it was read, as text; `null`: it was absent. */
export interface RepairChange {
  readonly source: string
  readonly target: string
  readonly field: string
  readonly before: string | null
  readonly after: StoredValue
}

/** What a repair does, in the words of the incident table. */
export type RepairAct =
  | 'grant'
  | 'revoke'
  | 'set-plan'
  | 'set-trial-end'
  | 'set-features'
  | 'set-seats'
  | 'link'
  | 'relink'
  | 'map'
  | 'set-mirror'
  | 'steps'

/**
 * What ends a drift. A plan is a proposal and changes nothing. It is `guided`: a person follows the steps, with the
 * exact request at hand, and then checks again.
 */
export interface RepairPlan {
  readonly act: RepairAct
  readonly how: 'guided'
  /** What to do, in one sentence. */
  readonly summary: string
  readonly steps: readonly string[]
  readonly changes: readonly RepairChange[]
  /** The request that makes the changes, ready to be sent by a person who holds the key. */
  readonly request: { readonly method: 'PATCH' | 'POST'; readonly url: string; readonly body: string } | null
  /** Where to look in the vendor's dashboard. */
  readonly link: string | null
}
