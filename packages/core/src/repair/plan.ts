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

/** A request as a person who holds the key would send it. */
export interface RepairRequest {
  readonly method: 'PATCH' | 'POST'
  readonly url: string
  readonly body: string
}

/**
 * What ends a drift. A plan is a proposal and changes nothing. It is `guided`: a person follows the steps, with the
 * exact requests and statements at hand, and then checks again.
 */
export interface RepairPlan {
  readonly act: RepairAct
  readonly how: 'guided'
  /** What to do, in one sentence. */
  readonly summary: string
  readonly steps: readonly string[]
  readonly changes: readonly RepairChange[]
  /** The request that makes the changes in Clerk, ready to be sent; where it takes two, the first. */
  readonly request: RepairRequest | null
  /** Requests that follow on the first: the limit of an organization's members stands apart from its metadata. */
  readonly furtherRequests: readonly RepairRequest[]
  /** SQL that makes the changes in the app's database; each changes nothing if the row is no longer as it was read. */
  readonly statements: readonly string[]
  /** Where to look in the vendor's dashboard. */
  readonly link: string | null
}
