/** A place in Clerk metadata: `public_metadata.plan`, `private_metadata.billing.customer`. */
export interface MetadataPath {
  readonly container: 'public_metadata' | 'private_metadata' | 'unsafe_metadata'
  readonly keys: readonly [string, ...string[]]
  /** As it is written in the configuration. */
  readonly text: string
}

/** Which Clerk metadata fields say who has paid access, for one type of subject. */
export interface ClerkMapping {
  /** `null`: none is kept, as with Clerk Billing, whose customers are the users and organizations themselves. */
  readonly customerId: MetadataPath | null
  readonly plan: MetadataPath | null
  readonly premium: MetadataPath | null
  readonly trialEndsAt: MetadataPath | null
  readonly entitlements: MetadataPath | null
  /**
   * Organizations only. `max_allowed_memberships` is the app's seat limit (0: unlimited), `members_count` counts the
   * members there are, a path reads a limit that the app keeps in metadata.
   */
  readonly seats: MetadataPath | 'max_allowed_memberships' | 'members_count' | null
}
