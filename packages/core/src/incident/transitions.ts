import { severityOf } from '../check/severity.ts'
import type { Drift } from '../check/verdict.ts'
import type { Incident, IncidentEntry, IncidentIdentity } from './incident.ts'

/** How many of those that an incident touches are named in it; the rest are counted. */
const namedTouches = 20

/** Who acts on an incident and when: `check:<id>`, or a person. */
export interface Act {
  readonly by: string
  readonly at: Date
}

/** An incident after an act, with the entry that says so; without one when the act changed nothing worth saying. */
export interface Transition {
  readonly incident: Incident
  readonly entry: IncidentEntry | null
}

export function identityOf(drift: Drift): IncidentIdentity {
  return { kind: drift.kind, on: drift.on, component: drift.component }
}

/**
 * A check found this drift. It opens an incident, is seen again, or comes back; an ignored one stays ignored until
 * its end.
 *
 * @param existing The incident with the drift's identity, in any state.
 * @param id Used when there is none.
 */
export function observeDrift(existing: Incident | null, drift: Drift, id: string, act: Act): Transition {
  if (!existing) return openIncident(drift, id, act)
  const seen: Incident = { ...existing, ...described(drift), lastSeenAt: act.at }
  if (existing.state === 'resolved') {
    return withEntry(
      { ...seen, state: 'open', resolvedAt: null, openings: existing.openings + 1 },
      { act: 'incident-reopened', ...act, note: 'The drift came back.' },
    )
  }
  const isOver =
    existing.state === 'ignored' && existing.ignoredUntil !== null && existing.ignoredUntil <= act.at
  if (isOver) {
    return withEntry(
      { ...seen, state: 'open', ignoredUntil: null },
      { act: 'incident-reopened', ...act, note: 'The time for which it was ignored has passed.' },
    )
  }
  if (existing.sentence === drift.sentence) return { incident: seen, entry: null }
  return withEntry(seen, { act: 'incident-seen-again', ...act, note: drift.sentence })
}

/** A complete check no longer finds the drift. */
export function resolveIncident(incident: Incident, act: Act, note: string | null = null): Transition {
  if (incident.state === 'resolved') return { incident, entry: null }
  return withEntry(
    { ...incident, state: 'resolved', resolvedAt: act.at },
    { act: 'incident-resolved', ...act, note },
  )
}

/** Somebody has seen it and is at work on it. */
export function acknowledgeIncident(incident: Incident, act: Act, note: string | null = null): Transition {
  if (incident.state !== 'open') return { incident, entry: null }
  return withEntry({ ...incident, state: 'acknowledged' }, { act: 'incident-acknowledged', ...act, note })
}

/** The drift is meant to be. `until` ends the ignoring; `null` means for good. */
export function ignoreIncident(incident: Incident, act: Act, reason: string, until: Date | null): Transition {
  return withEntry(
    { ...incident, state: 'ignored', ignoredUntil: until },
    { act: 'incident-ignored', ...act, note: reason },
  )
}

/** Somebody takes back that it was ignored or resolved. */
export function reopenIncident(incident: Incident, act: Act, note: string | null = null): Transition {
  if (incident.state === 'open') return { incident, entry: null }
  const openings = incident.state === 'resolved' ? incident.openings + 1 : incident.openings
  return withEntry(
    { ...incident, state: 'open', resolvedAt: null, ignoredUntil: null, openings },
    { act: 'incident-reopened', ...act, note },
  )
}

/** It becomes somebody's work, or nobody's. */
export function assignIncident(
  incident: Incident,
  act: Act,
  assignee: string | null,
  note: string | null = null,
): Transition {
  if (incident.assignee === assignee) return { incident, entry: null }
  return withEntry({ ...incident, assignee }, { act: 'incident-assigned', ...act, note, assignee })
}

/** Somebody says something about it. The same words said twice by one person, with nothing in between, are said once. */
export function commentIncident(incident: Incident, act: Act, text: string): Transition {
  const last = incident.history.at(-1)
  const isSaid = last?.act === 'incident-commented' && last.by === act.by && last.note === text
  if (isSaid) return { incident, entry: null }
  return withEntry(incident, { act: 'incident-commented', ...act, note: text })
}

function openIncident(drift: Drift, id: string, act: Act): Transition {
  return withEntry(
    {
      id,
      identity: identityOf(drift),
      state: 'open',
      ...described(drift),
      openedAt: act.at,
      lastSeenAt: act.at,
      resolvedAt: null,
      ignoredUntil: null,
      assignee: null,
      openings: 1,
      history: [],
    },
    { act: 'incident-opened', ...act, note: null },
  )
}

/** What an incident takes over from the drift each time it is seen. */
function described(drift: Drift) {
  return {
    kind: drift.kind,
    severity: severityOf(drift.kind),
    subject: drift.subject,
    customerId: drift.customerId,
    component: drift.component,
    sentence: drift.sentence,
    hurts: drift.hurts,
    owed: drift.owed,
    granted: drift.granted,
    allowed: drift.allowed,
    access: drift.access,
    evidence: drift.evidence,
    moneyAtRisk: drift.moneyAtRisk,
    moneyNote: drift.moneyNote,
    touched: drift.touches.slice(0, namedTouches),
    touchedCount: drift.touches.length,
  }
}

function withEntry(incident: Incident, entry: IncidentEntry): Transition {
  return { incident: { ...incident, history: [...incident.history, entry] }, entry }
}
