import type { IncidentKind, Severity } from '../check/verdict.ts'
import { severities } from '../check/verdict.ts'
import type { Incident } from '../incident/incident.ts'
import type {
  IncidentCount,
  IncidentFilter,
  IncidentOrder,
  IncidentPlace,
} from '../incident/incident-list.ts'
import { placeOfIncident } from '../incident/incident-list.ts'
import { subjectKey } from '../subject/subject.ts'
import { compareText } from './store-order.ts'

/** The next of these incidents behind a place: the model of what the stores on a database answer. */
export function listIncidentsInMemory(
  incidents: readonly Incident[],
  filter: IncidentFilter,
  order: IncidentOrder,
  after: IncidentPlace | null,
  limit: number,
): readonly Incident[] {
  const compare = comparePlaces(order)
  return incidents
    .filter((incident) => isMeant(incident, filter))
    .map((incident) => ({ incident, place: placeOfIncident(incident) }))
    .filter(({ place }) => after === null || compare(after, place) < 0)
    .toSorted((a, b) => compare(a.place, b.place))
    .slice(0, limit)
    .map(({ incident }) => incident)
}

export function countIncidentsInMemory(
  incidents: readonly Incident[],
  filter: IncidentFilter,
): readonly IncidentCount[] {
  const lines = new Map<string, IncidentCount>()
  for (const incident of incidents.filter((one) => isMeant(one, filter))) {
    const { kind, severity, state, hurts, moneyAtRisk } = incident
    const currency = moneyAtRisk?.currency ?? null
    const key = JSON.stringify([kind, severity, state, hurts, currency])
    const line = lines.get(key) ?? { kind, severity, state, hurts, currency, incidents: 0, amount: 0 }
    lines.set(key, {
      ...line,
      incidents: line.incidents + 1,
      amount: line.amount + (moneyAtRisk?.amount ?? 0),
    })
  }
  return [...lines.values()]
}

function comparePlaces({ sort, reversed }: IncidentOrder): (a: IncidentPlace, b: IncidentPlace) => number {
  const sign = reversed ? -1 : 1
  const rank = ({ severity }: IncidentPlace) => severities.indexOf(severity)
  const compare = (a: IncidentPlace, b: IncidentPlace): number => {
    switch (sort) {
      case 'severity':
        return rank(b) - rank(a) || a.openedAt.getTime() - b.openedAt.getTime() || compareText(a.id, b.id)
      case 'opened':
        return b.openedAt.getTime() - a.openedAt.getTime() || compareText(b.id, a.id)
      case 'seen':
        return b.lastSeenAt.getTime() - a.lastSeenAt.getTime() || compareText(b.id, a.id)
      case 'money':
        return b.amount - a.amount || compareText(b.id, a.id)
    }
  }
  return (a, b) => sign * compare(a, b)
}

function isMeant(incident: Incident, filter: IncidentFilter): boolean {
  const { ids, states, severities: worst, kinds, hurts, about, assignee, moneyAtLeast, text } = filter
  return (
    isAmong(ids, incident.id) &&
    isAmong(states, incident.state) &&
    isAmong<Severity>(worst, incident.severity) &&
    isAmong<IncidentKind>(kinds, incident.kind) &&
    (hurts === undefined || incident.hurts === hurts) &&
    (about === undefined || isAbout(incident, about)) &&
    (assignee === undefined || incident.assignee === assignee) &&
    (moneyAtLeast === undefined ||
      (incident.moneyAtRisk !== null &&
        incident.moneyAtRisk.amount >= moneyAtLeast.amount &&
        (moneyAtLeast.currency === undefined || incident.moneyAtRisk.currency === moneyAtLeast.currency))) &&
    (text === undefined || searchTextOf(incident).includes(folded(text)))
  )
}

function isAmong<Value>(wanted: readonly Value[] | undefined, value: Value): boolean {
  return wanted === undefined || wanted.includes(value)
}

function isAbout({ subject, customerId }: Incident, about: string): boolean {
  return customerId === about || (subject !== null && (subject.id === about || subjectKey(subject) === about))
}

function searchTextOf({ id, sentence, subject, customerId }: Incident): string {
  return folded([id, subject ? subjectKey(subject) : '', customerId ?? '', sentence].join(' '))
}

/** Only A to Z, which every database folds alike. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
