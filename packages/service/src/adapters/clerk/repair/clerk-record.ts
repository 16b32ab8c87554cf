import { UnreadableAnswer } from '../errors.ts'
import { isTree, type JsonTree } from './merge-patch.ts'

/** A user or organization as repairs see it. */
export interface ClerkRecord {
  readonly public_metadata: JsonTree
  readonly private_metadata: JsonTree
  /** Organizations only. */
  readonly max_allowed_memberships: number | null
}

/** Where orders write: the folder of Clerk's API that the record is in. */
export type ClerkContainer = 'users' | 'organizations'

/**
 * Takes the raw object from an answer of the client.
 *
 * @throws UnreadableAnswer for what is no user or organization with metadata.
 */
export function clerkRecord(answer: unknown): ClerkRecord {
  const raw = isTree(answer) ? (answer as { readonly raw?: unknown }).raw : undefined
  if (!isTree(raw)) throw new UnreadableAnswer('a user or organization was needed')
  const seats = raw.max_allowed_memberships
  return {
    public_metadata: isTree(raw.public_metadata) ? raw.public_metadata : {},
    private_metadata: isTree(raw.private_metadata) ? raw.private_metadata : {},
    max_allowed_memberships: typeof seats === 'number' ? seats : null,
  }
}
