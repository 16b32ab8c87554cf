import type { Incident } from '../incident/incident.ts'
import type { Transition } from '../incident/transitions.ts'
import { subjectKey } from '../subject/subject.ts'
import { canonicalJson, wellFormed } from './canonical-json.ts'
import type { JsonValue, LedgerAct, LedgerDraft } from './draft.ts'

/** What became of an incident, and what it was before. */
export interface IncidentChange extends Transition {
  /** `null`: it was not there. */
  readonly before: Incident | null
}

/**
 * What the ledger holds of these changes. Each act is an entry with all that the incident is after it, so that the
 * incident can be rebuilt from the ledger alone. Incidents that were seen again as they were share one entry, which
 * says no more than that. What changed nothing at all is no act.
 *
 * @param about The check that saw them; `null` for what a person did.
 */
export function entriesOfIncidents(
  changes: readonly IncidentChange[],
  about: { readonly checkId: string | null; readonly by: string; readonly at: Date },
): readonly LedgerDraft[] {
  const unchanged = changes.filter(({ before, incident, entry }) => {
    return entry === null && before !== null && substanceOf(before) === substanceOf(incident)
  })
  const quiet = new Set(unchanged.map(({ incident }) => incident.id))
  const seen = unchanged.filter(({ before, incident }) => {
    return before?.lastSeenAt.getTime() !== incident.lastSeenAt.getTime()
  })
  const told = changes.filter(({ incident }) => !quiet.has(incident.id))
  return [
    ...told.map((change) => entryOf(change, about)),
    ...seenAgain(
      seen.map(({ incident }) => incident.id),
      about,
    ),
  ]
}

function entryOf(
  { incident, entry }: IncidentChange,
  { checkId, by, at }: Parameters<typeof entriesOfIncidents>[1],
): LedgerDraft {
  const act: LedgerAct = entry?.act ?? 'incident-seen-again'
  const place = entry ? incident.history.length : `${checkId ?? by}:${at.getTime()}`
  return {
    key: `${act}:${incident.id}:${place}`,
    act,
    at: entry?.at ?? at,
    by: entry?.by ?? by,
    about: { incident: incident.id, ...(checkId === null ? {} : { check: checkId }) },
    facts: factsOf(incident),
    personal: personalOf(incident, entry?.note ?? null),
  }
}

/** One entry for all that were only seen again. It names incidents by id, which says nothing of whom they are about. */
function seenAgain(
  incidents: readonly string[],
  { checkId, by, at }: Parameters<typeof entriesOfIncidents>[1],
): readonly LedgerDraft[] {
  const [first] = incidents
  if (first === undefined) return []
  return [
    {
      key: `incident-seen-again:${checkId ?? by}:${at.getTime()}:${first}`,
      act: 'incident-seen-again',
      at,
      by,
      about: checkId === null ? {} : { check: checkId },
      facts: { incidents: [...incidents].sort() },
      personal: null,
    },
  ]
}

type Facts = LedgerDraft['facts']

/** What of an incident stands in its entry for good. */
export function factsOf(incident: Incident): Facts {
  return {
    kind: incident.kind,
    component: incident.component,
    severity: incident.severity,
    state: incident.state,
    hurts: incident.hurts,
    moneyAtRisk: incident.moneyAtRisk && { ...incident.moneyAtRisk },
    openings: incident.openings,
    openedAt: incident.openedAt.toISOString(),
    lastSeenAt: incident.lastSeenAt.toISOString(),
    resolvedAt: incident.resolvedAt?.toISOString() ?? null,
    ignoredUntil: incident.ignoredUntil?.toISOString() ?? null,
    assignee: incident.assignee,
    touchedCount: incident.touchedCount,
    historyLength: incident.history.length,
  }
}

/** What of an incident stands beside its entry, since it says whom it is about. */
export function personalOf(incident: Incident, note: string | null): Facts {
  return {
    subject: incident.subject && subjectKey(incident.subject),
    customer: incident.customerId,
    on: incident.identity.on,
    sentence: incident.sentence,
    owed: incident.owed,
    granted: incident.granted,
    allowed: incident.allowed,
    access: incident.access && asJson(incident.access),
    evidence: asJson(incident.evidence),
    moneyNote: incident.moneyNote,
    touched: [...incident.touched],
    note,
  }
}

/** All of an incident but when it was last seen and when its evidence was read, as one text. */
export function substanceOf(incident: Incident): string {
  const { lastSeenAt: _, ...facts } = factsOf(incident)
  const evidence = incident.evidence.map(({ readAt: __, ...line }) => line)
  const personal = { ...personalOf({ ...incident, evidence: [] }, null), evidence: asJson(evidence) }
  return canonicalJson(wellFormed({ id: incident.id, facts, personal, history: asJson(incident.history) }))
}

/** A value as JSON has it: dates as texts. */
function asJson(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value))
}
