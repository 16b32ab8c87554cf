/** What ends a drift. `how` tells which kind of change it is; a plan is a proposal and changes nothing. */
export interface RepairPlan {
  readonly act:
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
  /** `guided`: a person does it with what is printed here. `none`: there is no single safe answer. */
  readonly how: 'guided'
  /** What to do, in one sentence. */
  readonly summary: string
  readonly steps: readonly string[]
  /** The one value that changes, where there is one. */
  readonly change: {
    readonly source: string
    readonly target: string
    readonly field: string
    readonly before: string | number | boolean | null | readonly string[]
    readonly after: string | number | boolean | null | readonly string[]
  } | null
  /** The exact request that makes the change, ready to be sent by a person who holds the key. */
  readonly request: { readonly method: string; readonly url: string; readonly body: string } | null
  /** Where to look in the vendor's dashboard. */
  readonly link: string | null
}
