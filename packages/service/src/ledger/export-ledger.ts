import type { LedgerCheckpoint, LedgerStore, NoteKey, SequencedEntry } from '@trueup/core'
import {
  CompactRange,
  canonicalJson,
  exportEnd,
  exportHead,
  formatNoteKey,
  formatTlogProof,
  inclusionPath,
  NodeCollector,
  personalLine,
  proofLine,
  toBase64,
} from '@trueup/core'
import { csvLine } from '../export/csv-line.ts'
import { sha256 } from './ed25519.ts'
import { changed, readKept } from './read-back.ts'

const entriesPerPage = 1_000
const hashesPerPage = 20_000

/** What is exported: the ledger under a checkpoint. */
export interface LedgerExport {
  readonly project: LedgerStore
  readonly origin: string
  readonly checkpoint: LedgerCheckpoint
  readonly publicKey: NoteKey
}

/** The lines of an export of the whole ledger, up to its checkpoint. */
export async function* exportWhole(from: LedgerExport): AsyncGenerator<string> {
  const { origin, checkpoint, publicKey } = from
  yield exportHead(origin, 'whole')
  for await (const entry of entriesOf(from)) yield* linesOf(entry)
  yield exportEnd(checkpoint.note, formatNoteKey(publicKey))
}

/** An entry about somebody with the proof, as the text of a `.tlog-proof`, that it is in the ledger. */
export interface ProvenEntry {
  readonly entry: SequencedEntry
  readonly proof: string
}

/** What entries are wanted of: one person (`user:user_1`, `customer:cus_1`), or one incident. */
export type AboutOne = { readonly person: string } | { readonly incident: string }

/**
 * The entries about one person or one incident, each with its proof. The proofs need one look at every hash of the ledger, and nothing
 * else of the entries of others.
 */
export async function proveEntriesOf(from: LedgerExport, about: AboutOne): Promise<readonly ProvenEntry[]> {
  const { project, checkpoint } = from
  const entries: SequencedEntry[] = []
  for (let next = 0; ; ) {
    const page = await project.ledgerEntriesAbout(about, next, entriesPerPage)
    entries.push(...page.filter(({ sequence }) => sequence < checkpoint.size))
    if (page.length < entriesPerPage) break
    next = (page.at(-1)?.sequence ?? 0) + 1
  }
  const pathOf = ({ sequence }: SequencedEntry) => inclusionPath(sequence, checkpoint.size)
  const nodes = new NodeCollector(entries.flatMap(pathOf))
  const tree = new CompactRange(sha256, undefined, (node) => nodes.see(node))
  while (tree.size < checkpoint.size) {
    const hashes = await project.ledgerHashes(tree.size, Math.min(hashesPerPage, checkpoint.size - tree.size))
    if (hashes.length === 0) throw changed(tree.size, 'it is missing')
    for (const hash of hashes) tree.append(hash)
  }
  return entries.map((entry) => ({
    entry,
    proof: formatTlogProof({
      index: entry.sequence,
      path: nodes.hashesOf(sha256, pathOf(entry)),
      checkpoint: checkpoint.note,
    }),
  }))
}

/** The lines of an extract. */
export function* exportExtract(
  { origin, checkpoint, publicKey }: LedgerExport,
  proven: readonly ProvenEntry[],
): Generator<string> {
  yield exportHead(origin, 'extract')
  for (const { entry, proof } of proven) {
    yield* linesOf(entry)
    yield proofLine(entry.sequence, proof)
  }
  yield exportEnd(checkpoint.note, formatNoteKey(publicKey))
}

const columns = [
  'sequence',
  'at',
  'act',
  'by',
  'check',
  'incident',
  'repair',
  'source',
  'exception',
  'facts',
  'persons',
  'personal',
  'hash',
] as const

/** Entries as CSV with a line of headings, for spreadsheets. It proves nothing: what is to be verified is NDJSON. */
export async function* exportCsv(
  from: LedgerExport,
  entries: AsyncIterable<SequencedEntry> | Iterable<SequencedEntry> = entriesOf(from),
): AsyncGenerator<string> {
  yield csvLine(columns)
  for await (const kept of entries) {
    const { at, act, by, about, facts, personal } = readKept(kept, kept.sequence)
    const erased = personal === null ? '' : 'erased'
    const cells: Readonly<Record<(typeof columns)[number], string>> = {
      sequence: String(kept.sequence),
      at: at.toISOString(),
      act,
      by,
      check: about.check ?? '',
      incident: about.incident ?? '',
      repair: about.repair ?? '',
      source: about.source ?? '',
      exception: about.exception ?? '',
      facts: canonicalJson(facts),
      persons: kept.persons.join(' '),
      personal: kept.personal?.text ?? erased,
      hash: toBase64(kept.hash),
    }
    yield csvLine(columns.map((column) => cells[column]))
  }
}

async function* entriesOf({ project, checkpoint }: LedgerExport): AsyncGenerator<SequencedEntry> {
  for (let next = 0; next < checkpoint.size; ) {
    const page = await project.ledgerEntries(next, Math.min(entriesPerPage, checkpoint.size - next))
    if (page.length === 0) throw changed(next, 'it is missing')
    yield* page
    next += page.length
  }
}

function linesOf({ sequence, bytes, personal }: SequencedEntry): readonly string[] {
  const entry = Buffer.from(bytes).toString('utf8')
  return personal ? [entry, personalLine(sequence, personal)] : [entry]
}
