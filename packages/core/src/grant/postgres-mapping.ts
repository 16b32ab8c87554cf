/** A column of a row, by name. Identifiers are checked against the introspected schema before they reach a statement. */
export type Column = string

/** Entitlements kept as rows of their own table: one row a subject and feature. */
export interface EntitlementRows {
  readonly schema: string
  readonly table: string
  /** The column that holds the key of the subject's row. */
  readonly subject: Column
  readonly feature: Column
  /** A flag that switches the row on; `null`: the row being there is enough. */
  readonly enabled: Column | null
}

/** Members of organizations, one row a member, to count seats in use. */
export interface MemberRows {
  readonly schema: string
  readonly table: string
  /** The column that holds the key of the organization's row. */
  readonly organization: Column
}

/** Which columns of a table say who has paid access, for one type of subject. */
export interface PostgresMapping {
  readonly schema: string
  readonly table: string
  /** The primary key, or another unique column that never changes. */
  readonly key: Column
  /** The id by which other sources and match rules know the subject, such as a Clerk user id; `null`: the key is it. */
  readonly subject: Column | null
  readonly customerId: Column | null
  readonly email: Column | null
  /** A flag or moment that says the e-mail address is verified; `null`: addresses are not used for matching. */
  readonly emailVerified: Column | null
  readonly plan: Column | null
  readonly premium: Column | null
  readonly trialEndsAt: Column | null
  /** A column that holds features: an array, or JSON. */
  readonly entitlements: Column | EntitlementRows | null
  /** The seat limit of an organization. */
  readonly seats: Column | null
  readonly members: MemberRows | null
  /** A moment or flag that marks the row as deleted. */
  readonly deletedAt: Column | null
  readonly updatedAt: Column | null
}
