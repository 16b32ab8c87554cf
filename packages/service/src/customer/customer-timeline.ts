import type { AccessReadings, JsonValue, LedgerAct, LedgerStore, SequencedEntry } from '@trueup/core'
import { readKept } from '../ledger/read-back.ts'
import { personsNamed } from './find-pairs.ts'

/** What the ledger holds of one moment in the life of a customer. */
export interface TimelineStep {
  readonly sequence: number
  readonly at: Date
  readonly act: LedgerAct
  readonly by: string
  readonly incident: string | null
  readonly repair: string | null
  readonly check: string | null
  /** `null`: the entry is no incident's, or what stood beside it was erased. */
  readonly kind: string | null
  readonly state: string | null
  readonly sentence: string | null
  /** Both bounds and the grant as they were read then, dates as texts; `null`: the entry does not say. */
  readonly access: { readonly [Side in keyof AccessReadings]: JsonValue } | null
  readonly money: { readonly currency: string; readonly amount: number } | null
  /** What stood beside the entry was erased. */
  readonly erased: boolean
}

export interface Timeline {
  readonly steps: readonly TimelineStep[]
  /** The sequence to go on from; `null`: these are the last. */
  readonly next: number | null
}

/**
 * What the ledger holds about a customer or subject, oldest first: what was promised and granted at each act.
 *
 * @param name as `pairsNamed` takes it
 * @param from the sequence to begin at
 */
export async function customerTimeline(
  project: Pick<LedgerStore, 'ledgerEntriesAbout'>,
  name: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<Timeline> {
  const found = new Map<number, SequencedEntry>()
  for (const person of personsNamed(name)) {
    for (const entry of await project.ledgerEntriesAbout({ person }, from, limit + 1)) {
      found.set(entry.sequence, entry)
    }
  }
  const entries = [...found.values()].toSorted((a, b) => a.sequence - b.sequence)
  const steps = entries.slice(0, limit).map(stepOf)
  return { steps, next: entries[limit]?.sequence ?? null }
}

function stepOf(kept: SequencedEntry): TimelineStep {
  const { sequence, at, act, by, about, facts, personal } = readKept(kept, kept.sequence)
  const beside = besideOf(kept)
  return {
    sequence,
    at,
    act,
    by,
    incident: about.incident ?? null,
    repair: about.repair ?? null,
    check: about.check ?? null,
    kind: textIn(facts.kind),
    state: textIn(facts.state),
    sentence: textIn(beside.sentence) ?? textIn(beside.summary) ?? textIn(beside.reason),
    access: accessIn(beside.access),
    money: moneyIn(facts.moneyAtRisk),
    erased: personal !== null && kept.personal === null,
  }
}

type Json = { readonly [key: string]: JsonValue | undefined }

/** What stands beside an entry, which was written as one object. */
function besideOf({ personal }: SequencedEntry): Json {
  return personal === null ? {} : (JSON.parse(personal.text) as Json)
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function accessIn(value: JsonValue | undefined): TimelineStep['access'] {
  if (!isObject(value)) return null
  const { owed, granted, allowed } = value
  return owed === undefined || granted === undefined || allowed === undefined
    ? null
    : { owed, granted, allowed }
}

function moneyIn(value: JsonValue | undefined): TimelineStep['money'] {
  if (!isObject(value)) return null
  const { currency, amount } = value
  return typeof currency === 'string' && typeof amount === 'number' ? { currency, amount } : null
}
