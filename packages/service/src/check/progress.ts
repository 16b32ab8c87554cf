import type { CheckPhase } from '@trueup/core'

/** What a check tells while it runs, for progress bars and live pages. */
export type CheckProgress =
  | { readonly kind: 'phase'; readonly phase: CheckPhase }
  /** A page was stored: `rows` so far in this part, in this run. */
  | {
      readonly kind: 'page'
      readonly source: string
      readonly part: string
      readonly rows: number
      readonly requests: number
    }
  | {
      readonly kind: 'part'
      readonly source: string
      readonly part: string
      readonly state: 'complete' | 'failed'
      readonly message: string | null
    }
  | { readonly kind: 'compared'; readonly pairs: number }
  | { readonly kind: 'confirmed'; readonly pairs: number }
  /** Some incidents were filed, and stand: `incidents` so far. */
  | { readonly kind: 'filed'; readonly incidents: number }
