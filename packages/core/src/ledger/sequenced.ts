import type { LedgerAct, LedgerDraft } from './draft.ts'

/** What stands beside an entry and can be erased: the value as canonical JSON, and the salt of its commitment. */
export interface PersonalPart {
  readonly salt: Uint8Array
  readonly text: string
}

/** An entry that has its number. The bytes are the entry; all else is there to find it by. */
export interface SequencedEntry {
  /** Counts from 0 without a gap: the index of the entry's leaf in the Merkle tree. */
  readonly sequence: number
  readonly key: string
  readonly act: LedgerAct
  readonly at: Date
  readonly incident: string | null
  /** The canonical JSON of the entry in UTF-8. Hashes are taken of these bytes, never of what they mean. */
  readonly bytes: Uint8Array
  /** The leaf hash of the bytes; the next entry repeats it. */
  readonly hash: Uint8Array
  /** Whom it is about: subject keys such as `user:user_1`, and customers as `customer:cus_1`. Erased with the rest. */
  readonly persons: readonly string[]
  /** `null`: there is none, or it was erased; the entry itself says whether there was one. */
  readonly personal: PersonalPart | null
}

/** Where a ledger ends. */
export interface LedgerHead {
  /** How many entries there are. */
  readonly size: number
  /** The hash of the last one; `null` while there is none. */
  readonly hash: Uint8Array | null
}

/**
 * Turns staged drafts into the entries that follow on `head`. Pure: a store calls it inside the transaction that
 * numbers them, and may call it again when that transaction has to be repeated.
 */
export type EnterDrafts = (drafts: readonly LedgerDraft[], head: LedgerHead) => readonly SequencedEntry[]

/** A signed statement of what the ledger was at a size. */
export interface LedgerCheckpoint {
  readonly size: number
  /** The root of the Merkle tree over the first `size` entries. */
  readonly root: Uint8Array
  /** The roots of the tree's complete subtrees, largest first: where hashing goes on from. */
  readonly range: readonly Uint8Array[]
  /** The signed note. */
  readonly note: string
  readonly signedAt: Date
}
