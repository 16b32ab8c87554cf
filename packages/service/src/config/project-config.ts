import type { AccessMapping, Catalogue, Exception, MatchRule, Policy } from '@trueup/core'

type MappingOf<Kind extends AccessMapping['kind']> = Extract<AccessMapping, { readonly kind: Kind }>

/** Access kept in Clerk metadata. */
export type ClerkSourceConfig = MappingOf<'clerk'>

/** Access kept in tables of the app's own database. */
export interface PostgresSourceConfig extends MappingOf<'postgres'> {
  /** The environment variable that holds the connection string. */
  readonly urlVariable: string
  /** The certificate, as PEM text, that the server's is checked against; `null`: those that the system trusts. */
  readonly ca: string | null
  /** Reads also with a role that can write, which is refused otherwise. */
  readonly allowWriteRole: boolean
}

/** Access that the app pushes, or that was imported from a file. */
export interface PushedSourceConfig extends MappingOf<'pushed'> {
  /** From this age of the last full push on, nothing is concluded from it any more. */
  readonly staleAfterHours: number
}

/** One of the places where the app keeps what it grants. */
export type AccessSourceConfig = ClerkSourceConfig | PostgresSourceConfig | PushedSourceConfig

/** Plans sold through the app's own Stripe account. */
interface StripeBillingConfig {
  readonly kind: 'stripe'
  /** Whether Stripe Entitlements are read. */
  readonly entitlements: boolean
  /** Requests that a day may cost; `null`: as many as it takes. */
  readonly requestsPerDay: number | null
}

/** Plans sold through Clerk Billing, which exist nowhere in Stripe. */
interface ClerkBillingConfig {
  readonly kind: 'clerk-billing'
  /** Whether features of plans count as entitlements. */
  readonly features: boolean
}

/** Where payments promise access. */
export type BillingSourceConfig = StripeBillingConfig | ClerkBillingConfig

/** A configuration that has been read and found whole: what the rest of Trueup works with. */
export interface ProjectConfig {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly match: readonly MatchRule[]
  readonly exceptions: readonly Exception[]
  /** Where the app keeps what it grants: at least one, each with a name of its own, in the order of the configuration. */
  readonly access: readonly AccessSourceConfig[]
  readonly billing: BillingSourceConfig
  /** Equal for configurations that mean the same: a check begun under one may go on under the other. */
  readonly fingerprint: string
}
