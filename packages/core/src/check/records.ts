import type { Component } from '../access/access.ts'
import { freeAccess } from '../access/order.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { GrantedBounds } from '../grant/granted-bounds.ts'
import { grantedBounds } from '../grant/granted-bounds.ts'
import type { Pair } from '../match/pair.ts'
import { promiseOf } from '../promise/promise-of.ts'
import { componentsIn, sourcesOf } from '../subject/source-components.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { Rules } from './rules.ts'

interface OfSource {
  readonly source: string
  /** The components that this source maps for this type of subject. */
  readonly mapped: readonly Component[]
  readonly granted: GrantedBounds
}

/** What one access source holds of a subject. */
export type SubjectRecord =
  | (OfSource & { readonly kind: 'live'; readonly reading: SubjectReading })
  /** Marked as deleted there: what was left on record opens nothing. */
  | (OfSource & { readonly kind: 'deleted'; readonly reading: SubjectReading })
  /** The source was read whole and does not have the subject: it grants nothing. */
  | (OfSource & { readonly kind: 'missing'; readonly reading: null })

/** What each source holds of a subject, in the order of the project. */
export function recordsOf(pair: Pair, subject: SubjectId, rules: Rules): readonly SubjectRecord[] {
  const places = sourcesOf(rules.mapped, subject.type)
  const read = pair.readings.map((reading): SubjectRecord => {
    const { source } = reading
    const mapped = componentsIn(rules.mapped, source, subject.type)
    if (reading.deleted) return { kind: 'deleted', source, mapped, reading, granted: nothingGranted(rules) }
    const granted = grantedBounds(reading.granted, mapped, rules.catalogue)
    return { kind: 'live', source, mapped, reading, granted }
  })
  const missing = pair.missingFrom.flatMap((source): readonly SubjectRecord[] => {
    // A source that the project no longer has, or not for this type, says nothing by its silence.
    if (!places.includes(source)) return []
    const mapped = componentsIn(rules.mapped, source, subject.type)
    return [{ kind: 'missing', source, mapped, reading: null, granted: nothingGranted(rules) }]
  })
  return [...read, ...missing].toSorted((a, b) => places.indexOf(a.source) - places.indexOf(b.source))
}

/** Nothing, or at most what everybody has for free: whether an app writes that down for each is its own affair. */
function nothingGranted(rules: Rules): GrantedBounds {
  return { least: freeAccess(rules.catalogue), most: promiseOf([], rules).allowed, unknown: [] }
}
