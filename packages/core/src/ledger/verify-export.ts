import { fromBase64 } from './base64.ts'
import { canonicalJson } from './canonical-json.ts'
import type { ParsedCheckpoint } from './checkpoint.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Digest, VerifySignature } from './digest.ts'
import { isSameBytes } from './digest.ts'
import type { JsonValue } from './draft.ts'
import type { LedgerEntry } from './entry.ts'
import { beforeFirst, isRecord, readEntry } from './entry.ts'
import type { ExportScope } from './export-lines.ts'
import { exportFormat, exportVersion, kindOfLine } from './export-lines.ts'
import { readKeyChange } from './key-change.ts'
import { rootOfInclusion } from './merkle-proof.ts'
import { CompactRange, leafHash } from './merkle-tree.ts'
import { commitTo, saltLength } from './personal.ts'
import type { NoteKey } from './signed-note.ts'
import { formatNoteKey, keysThatSigned } from './signed-note.ts'
import { parseTlogProof } from './tlog-proof.ts'
import type { LedgerProblem, LedgerProblemCode, LedgerVerification } from './verification.ts'

export interface VerifyOptions {
  readonly sha256: Digest
  readonly verify: VerifySignature
  /** The keys that are trusted beforehand. A change of keys that a trusted one signed adds the next one. */
  readonly keys: readonly NoteKey[]
  /** Checkpoints kept from earlier: the export must continue each of them. */
  readonly older?: readonly string[]
}

/**
 * Verifies an export of a ledger with nothing but the public key, and names the first entry that is not what it was.
 * Reads each line once and keeps none, so that memory does not grow with the ledger.
 *
 * @param lines The lines of the file as bytes, without their newlines.
 * @example
 * const found = await verifyExport(linesOf(file), { sha256, verify, keys: [key], older: [noteOfLastMonth] })
 * if (!found.ok) warn(found.problem.code, found.problem.sequence)
 */
export async function verifyExport(
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: VerifyOptions,
): Promise<LedgerVerification> {
  const verifier = new ExportVerifier(options)
  for await (const line of lines) if (!verifier.take(line)) break
  return verifier.end()
}

/** Thrown within the verifier to leave it; never beyond. */
class Found extends Error {
  readonly problem: LedgerProblem
  constructor(problem: LedgerProblem) {
    super(problem.code)
    this.problem = problem
  }
}

interface Current {
  readonly entry: LedgerEntry
  readonly hash: Uint8Array
  disclosed: boolean
  proven: boolean
  /** Whether all that belongs to it has been read. */
  left: boolean
}

/** As {@link verifyExport}, for callers that hand over lines themselves. */
export class ExportVerifier {
  readonly #options: VerifyOptions
  readonly #trusted: NoteKey[]
  readonly #older: readonly { readonly checkpoint: ParsedCheckpoint | null; found: 'same' | 'other' | null }[]
  readonly #tree: CompactRange
  #line = 0
  #head: { readonly origin: string; readonly scope: ExportScope } | null = null
  #current: Current | null = null
  /** An entry that does not fit the one before; the next entry tells which of the two was changed. */
  #suspect: { readonly problem: LedgerProblem; readonly hash: Uint8Array } | null = null
  #end: ParsedCheckpoint | 'malformed' | null = null
  #provenBy: string | null = null
  #entries = 0
  #disclosed = 0
  #withheld = 0
  #problem: LedgerProblem | null = null

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#trusted = [...options.keys]
    this.#older = (options.older ?? []).map((note) => ({ checkpoint: parseCheckpoint(note), found: null }))
    this.#tree = new CompactRange(options.sha256)
    this.#compareOlder()
  }

  /** Takes the next line; `false` once something is wrong, after which nothing more need be read. */
  take(line: Uint8Array): boolean {
    if (this.#problem) return false
    this.#line += 1
    this.#attempt(() => this.#takeLine(line))
    return this.#problem === null
  }

  end(): LedgerVerification {
    const origin = this.#head?.origin ?? ''
    const scope = this.#head?.scope ?? 'whole'
    let signedBy: readonly NoteKey[] = []
    this.#attempt(() => {
      this.#leaveEntry()
      if (this.#suspect) throw new Found(this.#suspect.problem)
      signedBy = this.#checkEnd(scope)
      this.#checkOlder(scope)
    })
    if (this.#problem || this.#end === null || this.#end === 'malformed') {
      const problem = this.#problem ?? this.#say('checkpoint-missing', null, 'nothing', 'a checkpoint')
      return { ok: false, problem, entries: this.#entries }
    }
    return {
      ok: true,
      origin,
      scope,
      entries: this.#entries,
      size: this.#end.size,
      root: this.#end.root,
      disclosed: this.#disclosed,
      withheld: this.#withheld,
      signedBy: signedBy.map(formatNoteKey),
      continues: this.#older.length,
    }
  }

  #attempt(work: () => void): void {
    if (this.#problem) return
    try {
      work()
    } catch (error) {
      if (!(error instanceof Found)) throw error
      // Which of two entries was changed cannot be told any more: it is said of the first.
      this.#problem = this.#suspect?.problem ?? error.problem
    }
  }

  #takeLine(bytes: Uint8Array): void {
    const line = this.#parse(bytes)
    const kind = kindOfLine(line)
    if (this.#end) throw this.#found('line-unexpected', 'a line after the checkpoint', 'the end of the file')
    if (!this.#head && kind !== 'head') {
      throw this.#found('line-unexpected', kind ?? 'an unknown line', `the first line of a ${exportFormat}`)
    }
    if (kind === 'head') this.#takeHead(line)
    else if (kind === 'entry') this.#takeEntry(line, bytes)
    else if (kind === 'personal') this.#takePersonal(line)
    else if (kind === 'proof') this.#takeProof(line)
    else if (kind === 'end') this.#takeEnd(line)
    else throw this.#found('line-malformed', 'an object of no known kind', 'an entry or what belongs to it')
  }

  #parse(bytes: Uint8Array): { readonly [key: string]: JsonValue } {
    let text: string
    let value: JsonValue
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
      value = JSON.parse(text)
    } catch {
      throw this.#found('line-malformed', 'a line that is no JSON in UTF-8', 'one JSON object')
    }
    if (!isRecord(value)) throw this.#found('line-malformed', 'JSON that is no object', 'one JSON object')
    if (canonical(value) !== text) {
      throw this.#found('line-not-canonical', 'JSON in another form', 'canonical JSON (RFC 8785)')
    }
    return value
  }

  #takeHead(line: { readonly [key: string]: JsonValue }): void {
    const { format, version, origin, scope } = line
    if (this.#head) throw this.#found('line-unexpected', 'a second first line', 'an entry or the checkpoint')
    const isKnown = format === exportFormat && version === exportVersion && Object.keys(line).length === 4
    if (!isKnown || typeof origin !== 'string' || (scope !== 'whole' && scope !== 'extract')) {
      throw this.#found(
        'line-malformed',
        'another first line',
        `a ${exportFormat} of version ${exportVersion}`,
      )
    }
    this.#head = { origin, scope }
  }

  #takeEntry(line: JsonValue, bytes: Uint8Array): void {
    this.#leaveEntry()
    const entry = readEntry(line)
    if (typeof entry === 'string') throw this.#found('entry-malformed', entry, 'an entry of version 1')
    const hash = leafHash(this.#options.sha256, bytes)
    this.#checkLink(entry, hash)
    if (entry.origin !== this.#head?.origin) {
      throw this.#found('origin-differs', entry.origin, this.#head?.origin ?? '', entry.sequence)
    }
    if (entry.act === 'signing-key-changed') this.#trustNext(entry)
    this.#current = { entry, hash, disclosed: false, proven: false, left: false }
    this.#entries += 1
    if (this.#head.scope === 'extract') return
    this.#tree.append(hash)
    this.#compareOlder()
  }

  /** A whole export counts up and links each entry to the one before; an extract only counts up. */
  #checkLink(entry: LedgerEntry, hash: Uint8Array): void {
    const before = this.#current
    const next = before ? before.entry.sequence + 1 : 0
    const isExtract = this.#head?.scope === 'extract'
    if (isExtract ? entry.sequence < next : entry.sequence !== next) {
      throw this.#found('sequence-broken', `entry ${entry.sequence}`, `entry ${next}`, next)
    }
    if (isExtract) return
    if (this.#suspect) {
      if (isSameBytes(this.#suspect.hash, entry.previous)) throw new Found(this.#suspect.problem)
      this.#suspect = null
      const changed = entry.sequence - 1
      throw this.#found(
        'entry-changed',
        `other bytes than entry ${entry.sequence} is linked to`,
        'the same bytes',
        changed,
      )
    }
    if (isSameBytes(entry.previous, before?.hash ?? beforeFirst)) return
    if (!before) throw this.#found('entry-changed', 'a link to an entry before the first', 'zeros', 0)
    const problem = this.#say(
      'entry-changed',
      before.entry.sequence,
      `other bytes than entry ${entry.sequence} is linked to`,
      'the same bytes',
    )
    this.#suspect = { problem: { ...problem, line: null }, hash }
  }

  #trustNext(entry: LedgerEntry): void {
    const change = readKeyChange(entry.facts, this.#options.sha256, this.#options.verify)
    if (!change)
      throw this.#found(
        'key-change-unsigned',
        'a change not signed by both',
        'both signatures',
        entry.sequence,
      )
    const from = formatNoteKey(change.from)
    const isTrusted = this.#trusted.some((key) => formatNoteKey(key) === from)
    // An extract proves its entries only at its end, and an unproven entry may name anybody.
    if (isTrusted && this.#head?.scope === 'whole') this.#trusted.push(change.to)
  }

  #takePersonal({ personal, salt, sequence, ...more }: { readonly [key: string]: JsonValue }): void {
    const current = this.#current
    if (
      !current ||
      current.disclosed ||
      sequence !== current.entry.sequence ||
      Object.keys(more).length > 0
    ) {
      throw this.#found(
        'line-unexpected',
        `what stands beside entry ${sequence}`,
        'what belongs to the entry above it',
      )
    }
    const salted = typeof salt === 'string' ? fromBase64(salt) : null
    const isEntered =
      current.entry.personal !== null &&
      salted?.length === saltLength &&
      isRecord(personal) &&
      isSameBytes(commitTo(this.#options.sha256, salted, canonicalJson(personal)), current.entry.personal)
    if (!isEntered) {
      const { sequence: at } = current.entry
      throw this.#found(
        'personal-differs',
        'another value beside the entry',
        'the value that it committed to',
        at,
      )
    }
    current.disclosed = true
  }

  #takeProof({ proof, sequence, ...more }: { readonly [key: string]: JsonValue }): void {
    const current = this.#current
    const isDue = this.#head?.scope === 'extract' && current && !current.proven
    if (!isDue || sequence !== current.entry.sequence || Object.keys(more).length > 0) {
      throw this.#found(
        'line-unexpected',
        `a proof of entry ${sequence}`,
        'the proof of the entry above it, once',
      )
    }
    const parsed = typeof proof === 'string' ? parseTlogProof(proof) : null
    const checkpoint = parsed && parseCheckpoint(parsed.checkpoint)
    const { sha256 } = this.#options
    const leaf = { index: current.entry.sequence, hash: current.hash }
    const root = checkpoint && rootOfInclusion(sha256, leaf, checkpoint.size, parsed.path)
    if (!root || parsed.index !== leaf.index || !isSameBytes(root, checkpoint.root)) {
      throw this.#found(
        'proof-wrong',
        'a proof that does not lead to its root',
        'the path to the root',
        leaf.index,
      )
    }
    this.#provenBy ??= parsed.checkpoint
    if (this.#provenBy !== parsed.checkpoint) {
      throw this.#found(
        'proof-wrong',
        'a proof under another checkpoint',
        'one checkpoint for all',
        leaf.index,
      )
    }
    current.proven = true
  }

  #takeEnd({ checkpoint, publicKey, ...more }: { readonly [key: string]: JsonValue }): void {
    this.#leaveEntry()
    if (typeof checkpoint !== 'string' || typeof publicKey !== 'string' || Object.keys(more).length > 0) {
      throw this.#found('line-malformed', 'another last line', 'a checkpoint and a public key')
    }
    if (this.#provenBy !== null && this.#provenBy !== checkpoint) {
      throw this.#found('proof-wrong', 'proofs under another checkpoint', 'the checkpoint of the last line')
    }
    this.#end = parseCheckpoint(checkpoint) ?? 'malformed'
  }

  /** Everything that belongs to the entry has been read. */
  #leaveEntry(): void {
    const current = this.#current
    if (!current || current.left) return
    current.left = true
    if (current.disclosed) this.#disclosed += 1
    else if (current.entry.personal !== null) this.#withheld += 1
    if (this.#head?.scope === 'extract' && !current.proven) {
      throw this.#found('proof-missing', 'an entry without its proof', 'a proof', current.entry.sequence)
    }
  }

  #checkEnd(scope: ExportScope): readonly NoteKey[] {
    const end = this.#end
    if (end === null) throw this.#found('checkpoint-missing', 'the end of the file', 'a checkpoint')
    if (end === 'malformed')
      throw this.#found('checkpoint-malformed', 'no checkpoint', 'a checkpoint as a signed note')
    const origin = this.#head?.origin ?? ''
    if (end.origin !== origin) throw this.#found('origin-differs', end.origin, origin)
    const signedBy = keysThatSigned(end.note, this.#trusted, this.#options.verify)
    if (signedBy.length === 0) {
      throw this.#found(
        'checkpoint-unsigned',
        'no signature of a trusted key',
        'the signature of the key that was given',
      )
    }
    if (scope === 'extract') return signedBy
    if (end.size > this.#entries) {
      throw this.#found('entries-missing', `${this.#entries} entries`, `${end.size}`, this.#entries)
    }
    if (end.size < this.#entries) {
      throw this.#found('entries-unsigned', `${this.#entries} entries`, `${end.size}`, end.size)
    }
    if (!isSameBytes(this.#tree.root(), end.root)) {
      throw this.#found('root-differs', 'entries that give another root', 'the root that was signed')
    }
    return signedBy
  }

  #checkOlder(scope: ExportScope): void {
    const size = this.#end && this.#end !== 'malformed' ? this.#end.size : 0
    for (const { checkpoint, found } of this.#older) {
      if (!checkpoint || checkpoint.origin !== this.#head?.origin) {
        throw this.#found(
          'older-checkpoint-malformed',
          'no checkpoint of this ledger',
          'a checkpoint of this ledger',
        )
      }
      if (keysThatSigned(checkpoint.note, this.#trusted, this.#options.verify).length === 0) {
        throw this.#found(
          'older-checkpoint-unsigned',
          'no signature of a trusted key',
          'the signature of a trusted key',
        )
      }
      if (checkpoint.size > size) {
        throw this.#found(
          'history-cut',
          `${size} entries`,
          `at least the ${checkpoint.size} of the older checkpoint`,
          size,
        )
      }
      const isAnotherSize = scope === 'extract' && checkpoint.size !== size
      if (isAnotherSize) {
        throw this.#found(
          'history-not-shown',
          'an extract',
          'a whole export, to compare with the older checkpoint',
        )
      }
      const isSame =
        scope === 'extract'
          ? this.#end !== 'malformed' && this.#end !== null && isSameBytes(this.#end.root, checkpoint.root)
          : found === 'same'
      if (!isSame) {
        throw this.#found(
          'history-differs',
          `other entries under size ${checkpoint.size}`,
          'the entries that the older checkpoint was signed over',
        )
      }
    }
  }

  /** At the size of an older checkpoint the root must have been its root. */
  #compareOlder(): void {
    for (const older of this.#older) {
      if (older.checkpoint?.size !== this.#tree.size) continue
      older.found = isSameBytes(this.#tree.root(), older.checkpoint.root) ? 'same' : 'other'
    }
  }

  #found(code: LedgerProblemCode, found: string, needed: string, sequence?: number): Found {
    return new Found(this.#say(code, sequence ?? this.#expected(code), found, needed))
  }

  #say(code: LedgerProblemCode, sequence: number | null, found: string, needed: string): LedgerProblem {
    return { code, sequence, line: this.#line, found, needed }
  }

  /** A line that could not be read stands where this entry should. */
  #expected(code: LedgerProblemCode): number | null {
    const isOfEntry = code.startsWith('line-') || code.startsWith('entry-')
    return isOfEntry && this.#head?.scope === 'whole' && !this.#end ? this.#entries : null
  }
}

function canonical(value: JsonValue): string | null {
  try {
    return canonicalJson(value)
  } catch {
    return null
  }
}
