import type { ExportScope } from './export-lines.ts'

/** Why an export is not what its ledger was. Closed list. */
export type LedgerProblemCode =
  /** Not UTF-8, not JSON, or no line of an export. */
  | 'line-malformed'
  /** The right value in another form than the one that was hashed. */
  | 'line-not-canonical'
  /** A line where none of its kind may stand. */
  | 'line-unexpected'
  /** An entry of a version, or an act, that this reader does not know, or with fields missing or added. */
  | 'entry-malformed'
  | 'origin-differs'
  /** An entry is missing, doubled or out of its place. */
  | 'sequence-broken'
  /** The bytes of an entry are not those that the next one was linked to. */
  | 'entry-changed'
  /** What stands beside an entry is not what the entry committed to. */
  | 'personal-differs'
  /** A change of the signing key that not both keys signed. */
  | 'key-change-unsigned'
  | 'proof-missing'
  | 'proof-wrong'
  /** The file ends before its checkpoint. */
  | 'checkpoint-missing'
  | 'checkpoint-malformed'
  /** No signature of a trusted key, or one that claims to be and is not. */
  | 'checkpoint-unsigned'
  /** The checkpoint is over more entries than there are. */
  | 'entries-missing'
  /** There are entries that the checkpoint is not over. */
  | 'entries-unsigned'
  /** The entries fit each other, and not the signed root: they were changed and hashed anew. */
  | 'root-differs'
  | 'older-checkpoint-malformed'
  | 'older-checkpoint-unsigned'
  /** The older checkpoint is over more entries than the newer one: entries were cut off, or a backup was restored. */
  | 'history-cut'
  /** The entries under the older checkpoint were others: the history was rewritten or forked. */
  | 'history-differs'
  /** An extract does not hold what a comparison with an older checkpoint needs. */
  | 'history-not-shown'

/** The first thing that is wrong. */
export interface LedgerProblem {
  readonly code: LedgerProblemCode
  /** The entry that is wrong, as far as it can be told. */
  readonly sequence: number | null
  /** The line of the file, from 1. */
  readonly line: number | null
  readonly found: string
  readonly needed: string
}

/** What an export was found to be. */
export type LedgerVerification =
  | { readonly ok: false; readonly problem: LedgerProblem; readonly entries: number }
  | {
      readonly ok: true
      readonly origin: string
      readonly scope: ExportScope
      /** Entries in the export. */
      readonly entries: number
      /** Entries in the ledger, by its checkpoint. */
      readonly size: number
      readonly root: Uint8Array
      /** Entries whose personal part is there and is what was entered. */
      readonly disclosed: number
      /** Entries whose personal part was erased or left out. */
      readonly withheld: number
      /** The trusted keys that signed the checkpoint, as `name+id+key`. */
      readonly signedBy: readonly string[]
      /** Older checkpoints that this ledger is a continuation of. */
      readonly continues: number
    }
