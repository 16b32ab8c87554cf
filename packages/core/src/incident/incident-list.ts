import type { IncidentKind, Severity } from '../check/verdict.ts'
import type { Money } from '../price/money.ts'
import { sumByCurrency } from '../price/money.ts'
import type { Incident, IncidentState } from './incident.ts'

/** Which incidents are meant. Every part that is given has to hold; none given: all. */
export interface IncidentFilter {
  readonly ids?: readonly string[]
  readonly states?: readonly IncidentState[]
  readonly severities?: readonly Severity[]
  readonly kinds?: readonly IncidentKind[]
  readonly hurts?: Incident['hurts']
  /** A subject's id or key (`user_1`, `user:user_1`), or a customer's id. */
  readonly about?: string
  /** A member of the team; `null`: nobody's. */
  readonly assignee?: string | null
  /** A sum of at least this is at risk, in minor units, in any currency or in this one. */
  readonly moneyAtLeast?: { readonly amount: number; readonly currency?: string }
  /** Stands in the sentence, or in the id of the incident, its subject or customer; letters A to Z in either case. */
  readonly text?: string
}

/**
 * What incidents are ordered by: `severity` has the worst first and of those the oldest, `opened` and `seen` the
 * newest, `money` the largest sum at risk, whatever its currency.
 */
export const incidentSorts = ['severity', 'opened', 'seen', 'money'] as const
export type IncidentSort = (typeof incidentSorts)[number]

export interface IncidentOrder {
  readonly sort: IncidentSort
  /** The other way round. */
  readonly reversed: boolean
}

/** Where a page of incidents ended: what its last one is ordered by, so that the next page goes on there. */
export type IncidentPlace = Pick<Incident, 'id' | 'severity' | 'openedAt' | 'lastSeenAt'> & {
  /** The sum at risk; -1: none can be named. */
  readonly amount: number
}

export function placeOfIncident({
  id,
  severity,
  openedAt,
  lastSeenAt,
  moneyAtRisk,
}: Incident): IncidentPlace {
  return { id, severity, openedAt, lastSeenAt, amount: moneyAtRisk?.amount ?? -1 }
}

/** How many incidents are alike, and the sum at risk in them in one currency. */
export interface IncidentCount {
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly state: IncidentState
  readonly hurts: Incident['hurts']
  /** `null`: no sum can be named. */
  readonly currency: string | null
  readonly incidents: number
  readonly amount: number
}

/** Incidents counted each way that they are looked at. What is counted by nothing is left out. */
export interface IncidentCounts {
  readonly total: number
  readonly byState: Readonly<Partial<Record<IncidentState, number>>>
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>
  readonly byKind: Readonly<Partial<Record<IncidentKind, number>>>
  /** The sums at risk in what is open or acknowledged, by who bears them. */
  readonly moneyAtRisk: Readonly<Record<Incident['hurts'], readonly Money[]>>
}

export function countsOf(lines: readonly IncidentCount[]): IncidentCounts {
  const by = <Key extends string>(keyOf: (line: IncidentCount) => Key) => {
    const counts: Partial<Record<Key, number>> = {}
    for (const line of lines) counts[keyOf(line)] = (counts[keyOf(line)] ?? 0) + line.incidents
    return counts
  }
  const atRisk = (hurts: Incident['hurts']) =>
    sumByCurrency(
      lines.flatMap(({ currency, amount, ...line }) => {
        const isOpen = line.state === 'open' || line.state === 'acknowledged'
        return isOpen && line.hurts === hurts && currency !== null ? [{ currency, amount }] : []
      }),
    )
  return {
    total: lines.reduce((sum, line) => sum + line.incidents, 0),
    byState: by(({ state }) => state),
    bySeverity: by(({ severity }) => severity),
    byKind: by(({ kind }) => kind),
    moneyAtRisk: { customer: atRisk('customer'), business: atRisk('business'), both: atRisk('both') },
  }
}
