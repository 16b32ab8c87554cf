import type { Access } from '../access/access.ts'
import type { Evidence } from '../check/verdict.ts'
import type { Incident, IncidentEntry } from '../incident/incident.ts'
import type { SubjectId, SubjectType } from '../subject/subject.ts'
import { canonicalJson, wellFormed } from './canonical-json.ts'
import type { JsonValue } from './draft.ts'
import { factsOf, substanceOf } from './entries-of-incidents.ts'
import type { LedgerEntry } from './entry.ts'

/** An incident as the ledger tells it. */
export interface RebuiltIncident {
  readonly incident: Incident
  /** Some of what it says of a person was erased, so that only what stands in the entries is sure. */
  readonly erased: boolean
}

/**
 * Builds the incidents again from the entries of their acts, in order.
 *
 * @example
 * const replay = new IncidentReplay()
 * for (const { entry, personal } of ledger) replay.take(entry, personal)
 * replay.incidents.get('inc_1')
 */
export class IncidentReplay {
  readonly incidents = new Map<string, RebuiltIncident>()

  /** @param personal What stands beside the entry, as text; `null` where there is nothing or it was erased. */
  take(entry: LedgerEntry, personal: string | null): void {
    if (!entry.act.startsWith('incident-')) return
    const id = entry.about.incident
    if (id === undefined) {
      this.#seeAgain(entry)
      return
    }
    const before = this.incidents.get(id) ?? null
    const beside = personal === null ? null : (JSON.parse(personal) as Readonly<Record<string, JsonValue>>)
    const isErased = beside === null && entry.personal !== null
    this.incidents.set(id, {
      incident: incidentAsWritten(id, entry, beside ?? {}, before?.incident.history ?? []),
      erased: isErased || (before?.erased ?? false),
    })
  }

  #seeAgain({ facts, at }: LedgerEntry): void {
    const { incidents } = facts
    if (!Array.isArray(incidents)) return
    for (const id of incidents) {
      const known = this.incidents.get(String(id))
      if (known) this.incidents.set(String(id), { ...known, incident: { ...known.incident, lastSeenAt: at } })
    }
  }
}

/**
 * Whether a record says what the ledger says of it. When its evidence was last read is left out, since the ledger does
 * not repeat evidence that did not change. Of what was erased only the facts are compared.
 */
export function isAsRebuilt(incident: Incident, { incident: rebuilt, erased }: RebuiltIncident): boolean {
  if (incident.lastSeenAt.getTime() !== rebuilt.lastSeenAt.getTime()) return false
  if (!erased) return substanceOf(incident) === substanceOf(rebuilt)
  return canonicalJson(wellFormed(factsOf(incident))) === canonicalJson(wellFormed(factsOf(rebuilt)))
}

type Json = Readonly<Record<string, JsonValue>>

/** Relies on the entry having been written by `entriesOfIncidents`; its hash says that nobody changed it since. */
function incidentAsWritten(
  id: string,
  { act, at, by, facts }: LedgerEntry,
  beside: Json,
  history: readonly IncidentEntry[],
): Incident {
  const written = facts as unknown as Pick<
    Incident,
    'kind' | 'component' | 'severity' | 'state' | 'hurts' | 'moneyAtRisk' | 'openings' | 'touchedCount'
  >
  const said = beside as unknown as Pick<
    Incident,
    'sentence' | 'owed' | 'granted' | 'allowed' | 'moneyNote' | 'touched'
  >
  const note = (beside.note ?? null) as string | null
  const isNew = facts.historyLength !== history.length
  // Entries that were written before incidents could be assigned name nobody.
  const assignee = (facts.assignee ?? null) as string | null
  const line = lineOf(act as IncidentEntry['act'], { at, by, note }, assignee)
  return {
    id,
    identity: { kind: written.kind, on: String(beside.on ?? ''), component: written.component },
    kind: written.kind,
    severity: written.severity,
    state: written.state,
    subject: subjectIn(beside.subject),
    customerId: (beside.customer ?? null) as string | null,
    component: written.component,
    sentence: said.sentence ?? '',
    hurts: written.hurts,
    owed: said.owed ?? null,
    granted: said.granted ?? null,
    allowed: said.allowed ?? null,
    access: accessIn(beside.access),
    evidence: evidenceIn(beside.evidence),
    moneyAtRisk: written.moneyAtRisk,
    moneyNote: said.moneyNote ?? null,
    touched: said.touched ?? [],
    touchedCount: written.touchedCount,
    openedAt: dateIn(facts.openedAt) ?? at,
    lastSeenAt: dateIn(facts.lastSeenAt) ?? at,
    resolvedAt: dateIn(facts.resolvedAt),
    ignoredUntil: dateIn(facts.ignoredUntil),
    assignee,
    openings: written.openings,
    history: isNew ? [...history, line] : history,
  }
}

function lineOf(
  act: IncidentEntry['act'],
  said: Pick<IncidentEntry, 'at' | 'by' | 'note'>,
  assignee: string | null,
): IncidentEntry {
  return act === 'incident-assigned' ? { act, ...said, assignee } : { act, ...said }
}

function dateIn(value: JsonValue | undefined): Date | null {
  return typeof value === 'string' ? new Date(value) : null
}

function subjectIn(value: JsonValue | undefined): SubjectId | null {
  if (typeof value !== 'string') return null
  const split = value.indexOf(':')
  return { type: value.slice(0, split) as SubjectType, id: value.slice(split + 1) }
}

function evidenceIn(value: JsonValue | undefined): readonly Evidence[] {
  const lines = (value ?? []) as unknown as readonly (Omit<Evidence, 'readAt'> & {
    readonly readAt: string
  })[]
  return lines.map((line) => ({ ...line, readAt: new Date(line.readAt) }))
}

function accessIn(value: JsonValue | undefined): Incident['access'] {
  if (!value) return null
  type Written = Omit<Access, 'trialEndsAt'> & { readonly trialEndsAt: string | null }
  const { owed, granted, allowed } = value as unknown as Record<'owed' | 'granted' | 'allowed', Written>
  const revived = (access: Written): Access => ({
    ...access,
    trialEndsAt: access.trialEndsAt === null ? null : new Date(access.trialEndsAt),
  })
  return { owed: revived(owed), granted: revived(granted), allowed: revived(allowed) }
}
