import type { LedgerDraft } from '@trueup/core'
import type { SampleLedger } from './ledger-samples.ts'
import {
  checkpointOf,
  enterSamples,
  exportOf,
  extractOf,
  sampleLedger,
  sampleSigner,
} from './ledger-samples.ts'

/** What somebody may do to a ledger's export. */
export const manglings = [
  'flip',
  'cut',
  'drop',
  'swap',
  'insert',
  'reword',
  're-chain',
  're-sign',
  'old copy',
  'fork',
] as const
export type Mangling = (typeof manglings)[number]

/** An export as a file, and with what it is verified. */
export interface LedgerFile {
  readonly bytes: Buffer
  /** Checkpoints that were kept from earlier. */
  readonly older: readonly string[]
}

export interface MangledFile extends LedgerFile {
  readonly how: string
  /** The entry that must be named; `undefined`: it cannot be told, or not from this alone. */
  readonly sequence?: number
}

/** Numbers from 0 to before `below`, the same for the same seed. */
export type Pick = (below: number) => number

export function pickFrom(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** An honest ledger of a seed: some entries, some with what is personal, seen at some earlier sizes. */
export function honestLedger(seed: number): {
  readonly ledger: SampleLedger
  readonly older: readonly string[]
} {
  const pick = pickFrom(seed)
  const ledger = sampleLedger(3 + pick(30), {})
  const sizes = Array.from({ length: pick(3) }, () => pick(ledger.entries.length + 1))
  return { ledger, older: sizes.map((size) => checkpointOf(ledger, size)) }
}

export function honestFile(seed: number): LedgerFile {
  const { ledger, older } = honestLedger(seed)
  const pick = pickFrom(seed + 1)
  if (pick(4) > 0) return { bytes: fileOf(exportOf(ledger)), older }
  const some = ledger.entries.map(({ sequence }) => sequence).filter(() => pick(2) === 0)
  return { bytes: fileOf(extractOf(ledger, some)), older: [] }
}

/** An export of the seed's ledger to which this was done. Whoever verifies it must refuse it. */
export function mangledFile(seed: number, mangling: Mangling): MangledFile {
  const { ledger, older } = honestLedger(seed)
  const pick = pickFrom(seed + 2)
  const lines = exportOf(ledger)
  const entryPlaces = lines.flatMap((line, place) => (line.includes('"previous":') ? [place] : []))
  const done = (how: string, changed: readonly string[], sequence?: number): MangledFile => ({
    bytes: fileOf(changed),
    older,
    how: `${mangling}: ${how}`,
    ...(sequence === undefined ? {} : { sequence }),
  })
  const size = ledger.entries.length
  switch (mangling) {
    case 'flip': {
      const bytes = fileOf(lines)
      // The public key in the last line is there for a reader's eyes only.
      const at = pick(bytes.indexOf('","publicKey"'))
      bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8))
      const line = fileOf(lines).subarray(0, at).toString('latin1').split('\n').length - 1
      const isNewline = fileOf(lines)[at] === 10 || bytes[at] === 10
      // A line that cannot be read may be an entry or what stands beside the one before: its number is told then.
      const sequence = entryPlaces.includes(line) ? sequenceOf(lines[line] ?? '') : null
      const isTold = !isNewline && sequence !== null && sequence < size - 1
      return { bytes, older, how: `flip: byte ${at}`, ...(isTold ? { sequence } : {}) }
    }
    case 'cut': {
      const bytes = fileOf(lines)
      const length = pick(bytes.length - 2)
      return { bytes: bytes.subarray(0, length), older, how: `cut: after ${length} bytes` }
    }
    case 'drop': {
      const place = entryPlaces[pick(entryPlaces.length)] ?? 0
      const sequence = sequenceOf(lines[place] ?? '') ?? 0
      return done(`entry ${sequence}`, lines.toSpliced(place, 1), undefined)
    }
    case 'swap': {
      const first = pick(entryPlaces.length - 1)
      const second = first + 1 + pick(entryPlaces.length - first - 1)
      const [one = 0, two = 0] = [entryPlaces[first], entryPlaces[second]]
      return done(
        `entries ${first} and ${second}`,
        lines.with(one, lines[two] ?? '').with(two, lines[one] ?? ''),
      )
    }
    case 'insert': {
      const place = pick(lines.length + 1)
      const copied = pick(lines.length)
      return done(`line ${copied} before line ${place}`, lines.toSpliced(place, 0, lines[copied] ?? ''))
    }
    case 'reword': {
      const sequence = 1 + pick(size - 1)
      const place = entryPlaces[sequence] ?? 0
      const reworded = (lines[place] ?? '').replace('"amount":', '"amount":1')
      return done(
        `entry ${sequence}`,
        lines.with(place, reworded),
        sequence < size - 1 ? sequence : undefined,
      )
    }
    case 're-chain': {
      // Every hash is made anew; only the signature cannot be.
      const forged = changedFrom(ledger, 1 + pick(size - 1))
      return done('every entry from one on, hashed anew', exportOf(forged, checkpointOf(ledger)))
    }
    case 're-sign': {
      const forged = { ...changedFrom(ledger, 1 + pick(size - 1)), signer: sampleSigner('thief') }
      return done('everything hashed anew and signed by another key', exportOf(forged))
    }
    case 'old copy': {
      const kept = 1 + pick(size - 1)
      const copy = { ...ledger, entries: ledger.entries.slice(0, kept) }
      return { ...done(`${kept} of ${size} entries`, exportOf(copy)), older: [checkpointOf(ledger)] }
    }
    case 'fork': {
      // Whoever took the signing key can sign anything, but not make others forget what they have seen.
      const from = 1 + pick(size - 1)
      const seen = from + 1 + pick(size - from)
      return {
        ...done(`from entry ${from} on`, exportOf(changedFrom(ledger, from))),
        older: [checkpointOf(ledger, seen)],
      }
    }
  }
}

/** The ledger with another entry at this place, and all after it hashed anew. */
function changedFrom(ledger: SampleLedger, sequence: number): SampleLedger {
  const drafts = ledger.entries.map((entry, place): LedgerDraft => {
    const { act, at, by, about, facts, key } = JSON.parse(Buffer.from(entry.bytes).toString())
    const draft: LedgerDraft = { key, act, at: new Date(at), by, about, facts, personal: null }
    const personal = entry.personal && JSON.parse(entry.personal.text)
    return { ...draft, personal, ...(place === sequence ? { by: 'somebody else' } : {}) }
  })
  return { ...ledger, entries: enterSamples(drafts) }
}

function fileOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

function sequenceOf(line: string): number | null {
  const [, sequence] = /"sequence":(\d+)/.exec(line) ?? []
  return sequence === undefined ? null : Number(sequence)
}
