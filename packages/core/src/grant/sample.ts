/** A metadata field that was found on sampled subjects, offered for mapping. */
export interface ClerkFieldSample {
  /** `public_metadata.plan`. */
  readonly path: string
  /** How many of the sample have it, and how many were sampled. */
  readonly seen: number
  readonly sampled: number
  /** Up to five different values, as text, the most frequent first. */
  readonly examples: readonly string[]
}
