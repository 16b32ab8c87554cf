import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { JsonValue, LedgerDraft, NoteSigner, SequencedEntry } from '@trueup/core'
import {
  CompactRange,
  enterDrafts,
  exportEnd,
  exportHead,
  formatNoteKey,
  formatTlogProof,
  inclusionPath,
  NodeCollector,
  noteKey,
  personalLine,
  projectCreated,
  proofLine,
  signCheckpoint,
} from '@trueup/core'

/*
 * Ledgers for tests, the same in every run: keys and salts are made from their names.
 */

export const sampleOrigin = 'trueup/sample/00000000'

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export const verifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  verify(
    null,
    message,
    createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' }),
    signature,
  )

/** The signer of this name; the same name gives the same key. */
export function sampleSigner(seed: string, origin = sampleOrigin): NoteSigner {
  const secret = sha256(Buffer.from(`seed of ${seed}`))
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length)
  const signer = (message: Uint8Array) => new Uint8Array(sign(null, message, key))
  return { ...noteKey(sha256, origin, new Uint8Array(publicKey)), sign: signer }
}

export function sampleDraft(place: number, parts: Partial<LedgerDraft> = {}): LedgerDraft {
  const facts: Record<string, JsonValue> = { kind: 'plan-too-low', severity: 'high', amount: 1900 + place }
  return {
    key: `incident-opened:inc_${place}`,
    act: 'incident-opened',
    at: new Date(Date.UTC(2026, 0, 15, 12, 0, place)),
    by: 'check:chk_1',
    about: { check: 'chk_1', incident: `inc_${place}` },
    facts,
    personal:
      place % 3 === 0
        ? null
        : { subject: `user:u${place % 7}`, sentence: `Pro is owed to u${place} — “naïve” 😀` },
    ...parts,
  }
}

export interface SampleLedger {
  readonly origin: string
  readonly signer: NoteSigner
  readonly entries: readonly SequencedEntry[]
}

/** A ledger of this many entries, the first of them its creation. */
export function sampleLedger(
  size: number,
  parts: { readonly drafts?: readonly LedgerDraft[] } = {},
): SampleLedger {
  const signer = sampleSigner('first')
  const drafts =
    parts.drafts ??
    Array.from({ length: size }, (_, place) =>
      place === 0 ? projectCreated(signer, new Date('2026-01-15T11:00:00Z')) : sampleDraft(place),
    )
  return { origin: sampleOrigin, signer, entries: enterSamples(drafts) }
}

export function enterSamples(
  drafts: readonly LedgerDraft[],
  origin = sampleOrigin,
): readonly SequencedEntry[] {
  let salts = 0
  const salt = () => sha256(Buffer.from(`salt ${salts++}`))
  return enterDrafts({ origin, sha256, salt })(drafts, { size: 0, hash: null })
}

/** The checkpoint over the first entries of a ledger. */
export function checkpointOf(
  { origin, entries, signer }: SampleLedger,
  size = entries.length,
  signers: readonly NoteSigner[] = [signer],
): string {
  const tree = new CompactRange(sha256)
  for (const { hash } of entries.slice(0, size)) tree.append(hash)
  return signCheckpoint({ origin, size, root: tree.root() }, signers)
}

/** The lines of a whole export. */
export function exportOf(ledger: SampleLedger, checkpoint = checkpointOf(ledger)): readonly string[] {
  return [
    exportHead(ledger.origin, 'whole'),
    ...ledger.entries.flatMap(linesOf),
    exportEnd(checkpoint, formatNoteKey(ledger.signer)),
  ]
}

/** The lines of an extract of these entries, each with its proof. */
export function extractOf(ledger: SampleLedger, sequences: readonly number[]): readonly string[] {
  const size = ledger.entries.length
  const checkpoint = checkpointOf(ledger)
  const nodes = new NodeCollector(sequences.flatMap((sequence) => inclusionPath(sequence, size)))
  const tree = new CompactRange(sha256, undefined, (node) => nodes.see(node))
  for (const { hash } of ledger.entries) tree.append(hash)
  return [
    exportHead(ledger.origin, 'extract'),
    ...sequences.flatMap((sequence) => {
      const entry = ledger.entries[sequence]
      if (!entry) return []
      const path = nodes.hashesOf(sha256, inclusionPath(sequence, size))
      return [...linesOf(entry), proofLine(sequence, formatTlogProof({ index: sequence, path, checkpoint }))]
    }),
    exportEnd(checkpoint, formatNoteKey(ledger.signer)),
  ]
}

function linesOf({ bytes, sequence, personal }: SequencedEntry): readonly string[] {
  return [Buffer.from(bytes).toString('utf8'), ...(personal ? [personalLine(sequence, personal)] : [])]
}

export const asBytes = (lines: readonly string[]): Uint8Array[] => lines.map((line) => Buffer.from(line))
