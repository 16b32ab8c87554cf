import type { JsonValue, LedgerAct, LedgerStore, SequencedEntry } from '@trueup/core'
import { toBase64 } from '@trueup/core'
import { readKept } from './read-back.ts'

/** An entry as it is looked at: what stands in it for good, and what stands beside it. */
export interface ShownEntry {
  readonly sequence: number
  readonly at: Date
  readonly act: LedgerAct
  readonly by: string
  readonly about: { readonly [what: string]: string }
  readonly facts: { readonly [name: string]: JsonValue }
  /** `null`: nothing personal belongs to it, or it was erased. */
  readonly personal: JsonValue
  readonly erased: boolean
  /** Subjects and customers that it is about. */
  readonly persons: readonly string[]
  readonly hash: string
}

export interface EntriesWanted {
  /** Only entries about this incident, or this person (`user:user_1`, `customer:cus_1`). */
  readonly about?: { readonly incident: string } | { readonly person: string } | undefined
  /** Those before this sequence. */
  readonly before?: number | undefined
  readonly limit: number
}

const entriesPerPage = 1_000

/**
 * The latest entries first. `next` is `before` of the next page.
 *
 * @example
 * const { entries, next } = await listEntries(project, { about: { incident: 'inc_1' }, limit: 25 })
 */
export async function listEntries(
  project: Pick<LedgerStore, 'ledgerEntries' | 'ledgerEntriesAbout' | 'ledgerHead'>,
  { about, before, limit }: EntriesWanted,
): Promise<{ readonly entries: readonly ShownEntry[]; readonly next: number | null }> {
  const { size } = await project.ledgerHead()
  const end = Math.min(before ?? size, size)
  const kept = about
    ? await lastAbout(project, about, end, limit + 1)
    : await project.ledgerEntries(Math.max(0, end - limit - 1), Math.min(limit + 1, end))
  const page = kept.slice(-limit).toReversed()
  const last = page.at(-1)
  return { entries: page.map(shownEntry), next: kept.length > limit && last ? last.sequence : null }
}

export function shownEntry(kept: SequencedEntry): ShownEntry {
  const { sequence, at, act, by, about, facts, personal } = readKept(kept, kept.sequence)
  return {
    sequence,
    at,
    act,
    by,
    about: { ...about },
    facts,
    personal: kept.personal === null ? null : JSON.parse(kept.personal.text),
    erased: personal !== null && kept.personal === null,
    persons: kept.persons,
    hash: toBase64(kept.hash),
  }
}

/** The last of those about somebody that stand before `end`, in order. */
async function lastAbout(
  project: Pick<LedgerStore, 'ledgerEntriesAbout'>,
  about: NonNullable<EntriesWanted['about']>,
  end: number,
  count: number,
): Promise<readonly SequencedEntry[]> {
  let last: readonly SequencedEntry[] = []
  for (let from = 0; ; ) {
    const page = await project.ledgerEntriesAbout(about, from, entriesPerPage)
    last = [...last, ...page.filter(({ sequence }) => sequence < end)].slice(-count)
    const reached = page.at(-1)?.sequence
    if (page.length < entriesPerPage || reached === undefined || reached >= end) return last
    from = reached + 1
  }
}
