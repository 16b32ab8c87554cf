import type {
  Access,
  CheckCounts,
  CheckRun,
  DriftComponent,
  Evidence,
  Incident,
  IncidentKind,
  Money,
  PartState,
  RepairContext,
  RepairPlan,
  Severity,
  Side,
  SubjectId,
} from '@trueup/core'
import { planRepair, severities, sumByCurrency } from '@trueup/core'
import type { CheckOutcome } from '../../check/run-check.ts'
import type { Matching } from './matching.ts'
import type { Undecided } from './read-cannot-tell.ts'

/** One incident as the command line prints it. */
export interface ReportedIncident {
  readonly id: string
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly subject: SubjectId | null
  readonly customer: string | null
  readonly component: DriftComponent
  /** The readings whole; `null` where the incident is not about one subject's access. */
  readonly owed: Access | null
  readonly granted: Access | null
  readonly allowed: Access | null
  /** The component alone, on each side. */
  readonly difference: { readonly owed: Side; readonly granted: Side; readonly allowed: Side }
  readonly sentence: string
  readonly evidence: readonly Evidence[]
  readonly moneyAtRisk: Money | null
  readonly moneyNote: string | null
  readonly touched: readonly string[]
  readonly touchedCount: number
  readonly openedAt: Date
  readonly repair: RepairPlan
}

export interface UnreadPart {
  /** `stripe/subscriptions`. */
  readonly part: string
  readonly code: string
  readonly message: string
}

/** An incident that holds all repairs of its project. */
export type ReportedHold = Pick<Incident, 'id' | 'sentence'>

/** What a check found, as one object: the answer of `--json`, and what every other format is made from. */
export interface CheckReport {
  readonly complete: boolean
  readonly resumed: boolean
  readonly dryRun: boolean
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly asOf: Date
  readonly counts: CheckCounts
  /** Requests sent, by source. */
  readonly requests: Readonly<Record<string, number>>
  readonly moneyAtRisk: { readonly owedToCustomers: readonly Money[]; readonly unpaid: readonly Money[] }
  /** Set where nothing at all could be read from one of the sources: then the check says nothing. */
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string }
  /** Parts that were not read to their end, with the reason. */
  readonly unread: readonly UnreadPart[]
  /** Of whom it could not tell, and why: the first hundred of `counts.cannotTell`. */
  readonly cannotTell: readonly Undecided[]
  /** How far the match rules reach; `null`: it was not asked. */
  readonly matching: Matching | null
  readonly incidents: readonly ReportedIncident[]
  /** By which incidents the project's repairs are held, of this check or of an earlier one. */
  readonly repairsHeldBy: readonly ReportedHold[]
  /** Set where the incidents behind `counts.drifts` are not known, as of a dry run at a server, which keeps none. */
  readonly incidentsUnlisted?: true
}

/** Gathers what a check found, worst first, each incident with the repair that would end it. */
export function reportOf(
  outcome: Omit<CheckOutcome, 'check'> & { readonly check: Omit<CheckRun, 'configFingerprint'> },
  context: RepairContext,
  beside: {
    readonly cannotTell: readonly Undecided[]
    readonly matching: Matching | null
    readonly holds: readonly ReportedHold[]
  },
): CheckReport {
  const { check } = outcome
  const error = unreadSource(check.parts)
  const incidents = outcome.incidents
    .map((incident) => reportIncident(incident, context))
    .toSorted(worstFirst)
  const sum = (hurts: 'customer' | 'business') =>
    sumByCurrency(
      outcome.incidents.flatMap((incident) =>
        incident.hurts === hurts && incident.moneyAtRisk ? [incident.moneyAtRisk] : [],
      ),
    )
  return {
    ...(error ? { error } : {}),
    complete: outcome.complete,
    resumed: outcome.resumed,
    dryRun: check.dryRun,
    startedAt: check.startedAt,
    finishedAt: check.finishedAt ?? check.startedAt,
    asOf: check.asOf,
    counts: check.counts ?? noCounts,
    requests: check.requests,
    moneyAtRisk: { owedToCustomers: sum('customer'), unpaid: sum('business') },
    unread: Object.entries(check.parts).flatMap(([part, state]) => unreadPart(part, state)),
    cannotTell: beside.cannotTell,
    matching: beside.matching,
    incidents,
    repairsHeldBy: beside.holds.map(({ id, sentence }) => ({ id, sentence })),
  }
}

/** What an earlier check found and holds repairs still: a hold of this one is among its incidents. */
export function holdsOfEarlierChecks({ incidents, repairsHeldBy }: CheckReport): readonly ReportedHold[] {
  const found = new Set(incidents.map(({ id }) => id))
  return repairsHeldBy.filter(({ id }) => !found.has(id))
}

function unreadPart(part: string, state: PartState): readonly UnreadPart[] {
  switch (state.state) {
    case 'complete':
      return []
    case 'left-out':
      return [{ part, code: 'permission-missing', message: state.message }]
    case 'failed':
      return [{ part, code: state.code, message: state.message }]
    case 'reading':
      return [{ part, code: 'not-finished', message: 'It was not read to its end.' }]
  }
}

/** Why a source gave nothing at all; `null` when each gave something. */
function unreadSource(parts: CheckRun['parts']): CheckReport['error'] | null {
  const sources = new Set(Object.keys(parts).map((part) => part.split('/')[0]))
  for (const source of sources) {
    const states = Object.entries(parts).flatMap(([part, state]) =>
      part.startsWith(`${source}/`) ? [state] : [],
    )
    const failed = states.find((state) => state.state === 'failed')
    if (failed && !states.some((state) => state.state === 'complete')) {
      const fix = 'Run `trueup doctor`: it tries each key and permission and says how to mend what is wrong.'
      return { code: failed.code, message: failed.message, fix }
    }
  }
  return null
}

const noCounts: CheckCounts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }

function reportIncident(incident: Incident, context: RepairContext): ReportedIncident {
  return {
    id: incident.id,
    kind: incident.kind,
    severity: incident.severity,
    subject: incident.subject,
    customer: incident.customerId,
    component: incident.component,
    owed: incident.access?.owed ?? null,
    granted: incident.access?.granted ?? null,
    allowed: incident.access?.allowed ?? null,
    difference: { owed: incident.owed, granted: incident.granted, allowed: incident.allowed },
    sentence: incident.sentence,
    evidence: incident.evidence,
    moneyAtRisk: incident.moneyAtRisk,
    moneyNote: incident.moneyNote,
    touched: incident.touched,
    touchedCount: incident.touchedCount,
    openedAt: incident.openedAt,
    // Planned when it is looked at: most formats show few of many incidents, or one after the other.
    get repair() {
      return planRepair(incident, context)
    },
  }
}

function worstFirst(a: ReportedIncident, b: ReportedIncident): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    a.kind.localeCompare(b.kind) ||
    (b.moneyAtRisk?.amount ?? 0) - (a.moneyAtRisk?.amount ?? 0) ||
    a.id.localeCompare(b.id)
  )
}
