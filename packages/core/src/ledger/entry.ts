import { fromBase64, toBase64 } from './base64.ts'
import { canonicalJson, wellFormed } from './canonical-json.ts'
import type { Digest } from './digest.ts'
import { hashLength } from './digest.ts'
import type { JsonValue, LedgerAct, LedgerDraft } from './draft.ts'
import { ledgerActs } from './draft.ts'
import { leafHash } from './merkle-tree.ts'
import { commitTo, personalText, personsOf } from './personal.ts'
import type { EnterDrafts, SequencedEntry } from './sequenced.ts'

/** What the first entry of a ledger holds in place of the hash of the one before. */
export const beforeFirst: Uint8Array = new Uint8Array(hashLength)

/** The version of the form of an entry. A reader refuses one that it does not know. */
export const entryVersion = 1

/**
 * An entry as it stands in the ledger for good. Its canonical JSON in UTF-8 is the entry: that is what is stored,
 * exported and hashed.
 */
export interface LedgerEntry {
  readonly version: typeof entryVersion
  /** Which ledger it belongs to. */
  readonly origin: string
  readonly sequence: number
  /** What makes the act itself; no two entries of a ledger have one key. */
  readonly key: string
  readonly act: LedgerAct
  readonly at: Date
  readonly by: string
  readonly about: LedgerDraft['about']
  readonly facts: LedgerDraft['facts']
  /** The commitment to what stands beside the entry; `null`: nothing personal belongs to it. */
  readonly personal: Uint8Array | null
  /** The hash of the entry before. */
  readonly previous: Uint8Array
}

/** Gives drafts their numbers and hashes, each linked to the one before; what a store's sequencer calls. */
export function enterDrafts(options: {
  readonly origin: string
  readonly sha256: Digest
  /** 32 random bytes, new each time. */
  readonly salt: () => Uint8Array
}): EnterDrafts {
  const { origin, sha256, salt } = options
  return (drafts, head) => {
    let previous = head.hash ?? beforeFirst
    return drafts.map((draft, place): SequencedEntry => {
      const sequence = head.size + place
      const personal = draft.personal && { salt: salt(), text: personalText(draft.personal) }
      const commitment = personal && commitTo(sha256, personal.salt, personal.text)
      const bytes = new TextEncoder().encode(
        canonicalJson(
          wellFormed({
            version: entryVersion,
            origin,
            sequence,
            key: draft.key,
            act: draft.act,
            at: draft.at.toISOString(),
            by: draft.by,
            about: { ...draft.about },
            facts: draft.facts,
            personal: commitment && toBase64(commitment),
            previous: toBase64(previous),
          }),
        ),
      )
      const hash = leafHash(sha256, bytes)
      previous = hash
      return {
        sequence,
        key: draft.key,
        act: draft.act,
        at: draft.at,
        incident: draft.about.incident ?? null,
        bytes,
        hash,
        persons: personsOf(draft.personal),
        personal,
      }
    })
  }
}

/** Reads the JSON of an entry; a text says what is wrong with it. */
export function readEntry(value: JsonValue): LedgerEntry | string {
  if (!isRecord(value)) return 'no object'
  const { version, origin, sequence, key, act, at, by, about, facts, personal, previous } = value
  if (version !== entryVersion) return `version ${JSON.stringify(version)}`
  const names = Object.keys(value).length
  if (names !== fieldCount) return `${names} fields`
  const commitment = personal === null ? null : readHash(personal)
  const link = readHash(previous)
  if (typeof origin !== 'string' || typeof key !== 'string' || typeof by !== 'string')
    return 'no origin, key or by'
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return 'no sequence'
  if (!isAct(act)) return `the act ${JSON.stringify(act)}`
  if (typeof at !== 'string' || !isMoment(at)) return 'no moment'
  if (!isRecord(about) || !isAbout(about) || !isRecord(facts)) return 'no object in about or facts'
  if (commitment === undefined || link === undefined) return 'a hash that is none'
  return {
    version,
    origin,
    sequence,
    key,
    act,
    at: new Date(at),
    by,
    about,
    facts,
    personal: commitment,
    previous: link,
  }
}

const fieldCount = 11

/** The texts of `toISOString`, so that each moment is written in one way. */
function isMoment(text: string): boolean {
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString() === text
}

export function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbout(value: { readonly [key: string]: JsonValue }): value is { readonly [key: string]: string } {
  return Object.entries(value).every(([key, held]) => abouts.includes(key) && typeof held === 'string')
}

const abouts: readonly string[] = ['check', 'incident', 'repair', 'source', 'exception']

function isAct(value: JsonValue | undefined): value is LedgerAct {
  return (ledgerActs as readonly (JsonValue | undefined)[]).includes(value)
}

function readHash(value: JsonValue | undefined): Uint8Array | undefined {
  const bytes = typeof value === 'string' ? fromBase64(value) : null
  return bytes?.length === hashLength ? bytes : undefined
}
