import type {
  CheckCounts,
  CheckRun,
  Incident,
  IncidentKind,
  MatchCoverage,
  Money,
  Severity,
  SubjectReading,
} from '@trueup/core'
import { isReadWhole, severities, sumByCurrency } from '@trueup/core'
import type { MappingWarning } from './mapping-warnings.ts'
import { mappingWarnings } from './mapping-warnings.ts'

/** So many examples of each kind are kept. */
const mostExamples = 5
const mostFieldExamples = 3

/** One incident that would be filed, as far as a person needs it to judge the mapping. */
export type PreviewExample = Pick<
  Incident,
  | 'id'
  | 'sentence'
  | 'subject'
  | 'customerId'
  | 'component'
  | 'hurts'
  | 'owed'
  | 'granted'
  | 'allowed'
  | 'moneyAtRisk'
  | 'moneyNote'
> & { readonly isNew: boolean }

/** What would be filed of one kind. */
export interface PreviewKind {
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly count: number
  /** Of those, the ones that no incident stands open for yet. */
  readonly newCount: number
  /** Customers and subjects that they touch: more than `count` where one incident stands for many. */
  readonly touchedCount: number
  readonly moneyAtRisk: readonly Money[]
  readonly examples: readonly PreviewExample[]
}

/** How often a mapped field was found in a sample of what the check read. */
export interface PreviewField {
  readonly source: string
  readonly type: 'user' | 'organization'
  /** `public_metadata.plan`, `public.users.plan`. */
  readonly path: string
  readonly seen: number
  readonly sampled: number
  readonly examples: readonly string[]
}

/** How customers found their subjects. */
export interface PreviewMatching {
  readonly subjects: number
  /** Subjects that any customer belongs to. */
  readonly matchedSubjects: number
  readonly byRule: readonly { readonly rule: string; readonly customers: number; readonly paying: number }[]
  readonly ambiguous: { readonly customers: number; readonly paying: number }
  readonly unmatched: { readonly customers: number; readonly paying: number }
}

/** What a dry run found: what it would file, and what speaks for a wrong mapping. Bounded, however large the account. */
export interface CheckPreview {
  readonly checkId: string
  readonly configFingerprint: string
  readonly complete: boolean
  readonly counts: CheckCounts
  readonly total: number
  readonly newTotal: number
  readonly moneyAtRisk: {
    readonly customer: readonly Money[]
    readonly business: readonly Money[]
    readonly both: readonly Money[]
  }
  /** The worst first. */
  readonly kinds: readonly PreviewKind[]
  readonly matching: PreviewMatching
  readonly fields: readonly PreviewField[]
  readonly warnings: readonly MappingWarning[]
}

/** What a preview is made from. */
export interface PreviewFacts {
  readonly check: CheckRun
  readonly counts: CheckCounts
  readonly incidents: readonly Incident[]
  /** Ids of incidents that stand open already. */
  readonly known: ReadonlySet<string>
  readonly coverage: MatchCoverage
  readonly subjects: number
  readonly matchedSubjects: number
  /** The match rules as they are configured. */
  readonly rules: readonly string[]
  readonly readings: readonly SubjectReading[]
}

/** Puts together what a dry run found, for a person to judge before anything is filed. */
export function previewOf(facts: PreviewFacts): CheckPreview {
  const { check, counts, incidents, known } = facts
  const complete = Object.values(check.parts).every(isReadWhole) && Object.keys(check.parts).length > 0
  const kinds = kindsOf(incidents, known)
  const matching = matchingOf(facts)
  const fields = fieldsOf(facts.readings)
  const moneyOf = (hurts: Incident['hurts']) =>
    moneyIn(incidents.filter((incident) => incident.hurts === hurts))
  return {
    checkId: check.id,
    configFingerprint: check.configFingerprint,
    complete,
    counts,
    total: incidents.length,
    newTotal: incidents.filter(({ id }) => !known.has(id)).length,
    moneyAtRisk: { customer: moneyOf('customer'), business: moneyOf('business'), both: moneyOf('both') },
    kinds,
    matching,
    fields,
    warnings: mappingWarnings({ check, counts, incidents, kinds, matching, fields }),
  }
}

function kindsOf(incidents: readonly Incident[], known: ReadonlySet<string>): readonly PreviewKind[] {
  const byKind = new Map<IncidentKind, Incident[]>()
  for (const incident of incidents) {
    const held = byKind.get(incident.kind)
    if (held) held.push(incident)
    else byKind.set(incident.kind, [incident])
  }
  return [...byKind]
    .map(([kind, own]) => ({
      kind,
      severity: worst(own),
      count: own.length,
      newCount: own.filter(({ id }) => !known.has(id)).length,
      touchedCount: own.reduce((sum, { touchedCount }) => sum + Math.max(1, touchedCount), 0),
      moneyAtRisk: moneyIn(own),
      examples: dearestFirst(own)
        .slice(0, mostExamples)
        .map((incident) => exampleOf(incident, known)),
    }))
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.count - a.count)
}

function worst(incidents: readonly Incident[]): Severity {
  const rank = Math.max(...incidents.map(({ severity }) => severities.indexOf(severity)))
  return severities[rank] ?? 'low'
}

function dearestFirst(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted((a, b) => (b.moneyAtRisk?.amount ?? 0) - (a.moneyAtRisk?.amount ?? 0))
}

function moneyIn(incidents: readonly Incident[]): readonly Money[] {
  return sumByCurrency(incidents.flatMap(({ moneyAtRisk }) => moneyAtRisk ?? []))
}

function exampleOf(incident: Incident, known: ReadonlySet<string>): PreviewExample {
  const { id, sentence, subject, customerId, component, hurts, owed, granted, allowed } = incident
  const { moneyAtRisk, moneyNote } = incident
  return {
    ...{ id, sentence, subject, customerId, component, hurts, owed, granted, allowed },
    ...{ moneyAtRisk, moneyNote, isNew: !known.has(id) },
  }
}

function matchingOf({ coverage, rules, subjects, matchedSubjects }: PreviewFacts): PreviewMatching {
  const line = ({ customers, paying }: { readonly customers: number; readonly paying: number }) => ({
    customers,
    paying,
  })
  return {
    subjects,
    matchedSubjects,
    byRule: rules.map((rule, place) => {
      const found = coverage.byRule.find((candidate) => candidate.rule === place)
      return { rule, customers: found?.customers ?? 0, paying: found?.paying ?? 0 }
    }),
    ambiguous: line(coverage.ambiguous),
    unmatched: line(coverage.unmatched),
  }
}

/** Each mapped place with how often anything stood there. One at which nothing ever stood is among them. */
export function fieldsOf(readings: readonly SubjectReading[]): readonly PreviewField[] {
  const places = new Map<
    string,
    { source: string; type: 'user' | 'organization'; path: string; found: string[] }
  >()
  const sampled = new Map<string, number>()
  for (const { source, subject, fields } of readings) {
    const side = `${source}|${subject.type}`
    sampled.set(side, (sampled.get(side) ?? 0) + 1)
    for (const { path, found } of fields) {
      const key = `${side}|${path}`
      const place = places.get(key) ?? { source, type: subject.type, path, found: [] }
      if (found !== null) place.found.push(found)
      places.set(key, place)
    }
  }
  return [...places.values()].map(({ source, type, path, found }) => ({
    source,
    type,
    path,
    seen: found.length,
    sampled: sampled.get(`${source}|${type}`) ?? 0,
    examples: mostFrequent(found),
  }))
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostFieldExamples)
    .map(([text]) => text.slice(0, 120))
}
