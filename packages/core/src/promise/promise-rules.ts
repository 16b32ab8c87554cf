import type { Catalogue } from '../access/catalogue.ts'
import type { Policy } from './policy.ts'

/** What the promise follows from beside the facts. `now` is the moment at which it is asked. */
export interface PromiseRules {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly now: Date
}
