import type { JsonValue, LedgerEntry, LedgerStore, NoteKey, SequencedEntry } from '@trueup/core'
import {
  beforeFirst,
  CompactRange,
  canonicalJson,
  formatNoteKey,
  isSameBytes,
  leafHash,
  readEntry,
  readKeyChange,
} from '@trueup/core'
import { sha256, verifyEd25519 } from './ed25519.ts'
import { LedgerError } from './ledger-error.ts'

const entriesPerPage = 1_000

/** What the entries were when they were read again, from a size on that was known before. */
export interface ReadBack {
  readonly tree: CompactRange
  /** Keys that the entries read again made as good as the one that signed before. */
  readonly keys: readonly NoteKey[]
}

/**
 * Reads entries again, from `start` to the end, and works out the tree over them from their bytes alone, so that
 * nothing is signed which is not there. Each must be the entry that its place and its links say.
 *
 * @param onSize Told the tree at every size it goes through.
 * @throws LedgerError `ledger-changed`
 */
export async function readBack(
  project: LedgerStore,
  start: { readonly size: number; readonly range: readonly Uint8Array[]; readonly keys: readonly NoteKey[] },
  end: number,
  onSize: (tree: CompactRange) => void,
): Promise<ReadBack> {
  const tree = new CompactRange(sha256, { size: start.size, hashes: start.range })
  const keys = [...start.keys]
  let [previous = beforeFirst] = start.size === 0 ? [] : await project.ledgerHashes(start.size - 1, 1)
  onSize(tree)
  while (tree.size < end) {
    const page = await project.ledgerEntries(tree.size, Math.min(entriesPerPage, end - tree.size))
    if (page.length === 0) throw changed(tree.size, 'it is missing')
    for (const kept of page) {
      const entry = readKept(kept, tree.size)
      if (!isSameBytes(entry.previous, previous))
        throw changed(tree.size, 'it is not linked to the one before')
      previous = leafHash(sha256, kept.bytes)
      if (!isSameBytes(previous, kept.hash)) throw changed(tree.size, 'its bytes do not have its hash')
      if (entry.act === 'signing-key-changed') trustNext(keys, entry)
      tree.append(previous)
      onSize(tree)
    }
  }
  return { tree, keys }
}

/** @throws LedgerError `ledger-changed` where the bytes are no entry of this place. */
export function readKept(kept: SequencedEntry, sequence: number): LedgerEntry {
  const entry = parsed(kept.bytes)
  if (typeof entry === 'string') throw changed(sequence, `it cannot be read (${entry})`)
  if (entry.sequence !== sequence || kept.sequence !== sequence) {
    throw changed(sequence, `entry ${entry.sequence} stands in its place`)
  }
  return entry
}

function parsed(bytes: Uint8Array): LedgerEntry | string {
  const text = Buffer.from(bytes).toString('utf8')
  try {
    const value: JsonValue = JSON.parse(text)
    return canonicalJson(value) === text ? readEntry(value) : 'another form'
  } catch {
    return 'no JSON'
  }
}

function trustNext(keys: NoteKey[], entry: LedgerEntry): void {
  const change = readKeyChange(entry.facts, sha256, verifyEd25519)
  if (!change) throw changed(entry.sequence, 'not both keys signed the change')
  const from = formatNoteKey(change.from)
  if (keys.some((key) => formatNoteKey(key) === from)) keys.push(change.to)
}

export function changed(sequence: number, how: string): LedgerError {
  return new LedgerError({
    code: 'ledger-changed',
    message: `Entry ${sequence} of the ledger is not what was entered: ${how}. Nothing was signed.`,
    fix: 'Compare with an export or a backup: trueup ledger verify names what differs. Find out who wrote to the database.',
  })
}
