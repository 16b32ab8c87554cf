import type {
  Catalogue,
  ClerkMapping,
  Component,
  Exception,
  MatchRule,
  Policy,
  SubjectType,
} from '@trueup/core'

/** A configuration that has been read and found whole: what the rest of Trueup works with. */
export interface ProjectConfig {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly match: readonly MatchRule[]
  readonly exceptions: readonly Exception[]
  /** The types of subject that the project has, each with where Clerk keeps what is granted. */
  readonly clerk: Readonly<Partial<Record<SubjectType, ClerkMapping>>>
  /** The components that are compared; none for a type of subject that the project does not have. */
  readonly mapped: Readonly<Record<SubjectType, readonly Component[]>>
  readonly billing: {
    /** Whether Stripe Entitlements are read. */
    readonly entitlements: boolean
  }
  /** Equal for configurations that mean the same: a check begun under one may go on under the other. */
  readonly fingerprint: string
}
