import type {
  CheckCounts,
  CheckRun,
  Drift,
  Incident,
  IncidentChange,
  IncidentKind,
  PairDecision,
  PairFiling,
  Transition,
} from '@trueup/core'
import {
  checkFinished,
  checkStarted,
  collapseIdentities,
  driftsOf,
  entriesOfIncidents,
  identityKey,
  identityOf,
  observeDrift,
  resolveIncident,
} from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import type { Judged, JudgedPair } from './judge-pairs.ts'

/** One incident for all whom they touch, of whom a single check sees one. */
const sharedKinds: readonly IncidentKind[] = ['price-unmapped', 'plan-unknown']

/** What filing the pairs of a single check led to. */
export type FiledPairs =
  | { readonly superseded: true }
  | {
      readonly superseded: false
      /** `null`: nothing was filed, and no run is kept. */
      readonly checkId: string | null
      /** Incidents of these pairs that are not resolved. */
      readonly incidents: readonly Incident[]
      /** What was found of these pairs. */
      readonly drifts: readonly Drift[]
      readonly opened: readonly string[]
      readonly resolved: readonly string[]
      /** Drifts that were not opened, since an open incident says that the mapping is likelier to be wrong. */
      readonly withheld: readonly Drift[]
    }

/** Which run files, and what else it is told. */
export interface FilingAs {
  readonly run: PairFiling['run']
  readonly base: CheckRun | null
  readonly settleMinutes: number
  readonly at: Date
  /** Drifts for which one incident stands already: those that are not open yet are not opened. Default: none. */
  readonly isOneOfMany?: (drift: Drift) => boolean
}

/**
 * Files what a single check found of its own pairs: each drift opens an incident, is seen again, or comes back; what is
 * no longer found is resolved. Incidents of others, and those that one pair says nothing final of, are left as they are.
 */
export async function filePairs(
  { project, incidentId }: CheckDependencies,
  judged: Judged,
  { run, base, settleMinutes, at, isOneOfMany = () => false }: FilingAs,
): Promise<FiledPairs> {
  const drifts = driftsToFile(judged, settleMinutes)
  const on = standsOn(judged)
  if (drifts.length === 0) {
    const known = await project.incidentsOn(on)
    // Most pairs agree and always did: then nobody is to wait for this one.
    if (!known.some(isOpen)) return { ...nothingFiled, drifts, incidents: known.filter(isNotResolved) }
  }
  let decided: Decided = { transitions: [], standing: [], withheld: [] }
  const filed = await project.filePairs(
    {
      tokens: judged.tokens,
      on,
      identityKeys: [...collapseIdentities, ...drifts.map((drift) => identityKey(identityOf(drift)))],
      run,
      seenBy: base && !base.dryRun ? base.id : null,
    },
    (known, begun): PairDecision | null => {
      const act = { by: `check:${begun.id}`, at }
      decided = decide({ judged, drifts, known, settleMinutes, act, incidentId, isOneOfMany })
      if (decided.transitions.length === 0) return null
      const entries = entriesOfIncidents(decided.transitions, { checkId: begun.id, ...act })
      const isWhole = !('checkId' in run)
      return {
        incidents: decided.transitions.map(({ incident }) => incident),
        entries: isWhole
          ? [...checkStarted(begun), ...entries, ...checkFinished(begun, run.counts, at)]
          : entries,
      }
    },
  )
  if (filed.kind === 'superseded') return { superseded: true }
  const after = (state: Incident['state']) =>
    decided.transitions.filter(({ incident, entry }) => entry !== null && incident.state === state)
  return {
    superseded: false,
    checkId: filed.checkId,
    incidents: [...decided.transitions.map(({ incident }) => incident), ...decided.standing].filter(
      isNotResolved,
    ),
    drifts,
    opened: after('open')
      .filter(({ entry }) => entry?.act === 'incident-opened' || entry?.act === 'incident-reopened')
      .map(({ incident }) => incident.id),
    resolved: after('resolved').map(({ incident }) => incident.id),
    withheld: decided.withheld,
  }
}

const nothingFiled = { superseded: false, checkId: null, opened: [], resolved: [], withheld: [] } as const

/** What incidents of the judged pairs can stand on. */
export function standsOn(judged: Judged): readonly string[] {
  return [...judged.pairs.map(({ pairKey }) => pairKey), ...judged.gone, ...judged.customerIds]
}

/** What each judged pair comes to, as a check counts it. */
export function countsOf(judged: Judged): CheckCounts {
  const of = (kind: string, settling: boolean) =>
    judged.pairs.filter(({ finding }) => finding.verdict.kind === kind && finding.settling === settling)
      .length
  return {
    customers: [...judged.around.customers.values()].filter(({ customer }) => customer !== null).length,
    subjects: judged.around.hood.subjects().length,
    agrees: of('agrees', false),
    drifts: of('drifts', false),
    cannotTell: of('cannot-tell', false),
    settling: of('drifts', true),
  }
}

/** Each drift of the pairs once; a drift is filed only once both sides were read again, unless the project files at once. */
export function driftsToFile(judged: Judged, settleMinutes: number): readonly Drift[] {
  const sure = judged.pairs
    .filter((pair) => isSure(pair, settleMinutes))
    .flatMap(({ finding }) => driftsOf(finding))
  return [...new Map(sure.map((drift) => [identityKey(identityOf(drift)), drift])).values()]
}

function isSure({ finding }: JudgedPair, settleMinutes: number): boolean {
  return finding.verdict.kind !== 'drifts' || finding.confirmed || settleMinutes === 0
}

interface Decided {
  readonly transitions: readonly IncidentChange[]
  /** Incidents of these pairs of which nothing final can be said: they stay as they are. */
  readonly standing: readonly Incident[]
  readonly withheld: readonly Drift[]
}

interface Situation {
  readonly judged: Judged
  readonly drifts: readonly Drift[]
  readonly known: readonly Incident[]
  readonly settleMinutes: number
  readonly act: { readonly by: string; readonly at: Date }
  readonly incidentId: (identityKey: string) => string
  readonly isOneOfMany: (drift: Drift) => boolean
}

function decide(situation: Situation): Decided {
  const { judged, drifts, known, settleMinutes, act, incidentId, isOneOfMany } = situation
  const byIdentity = new Map(known.map((incident) => [identityKey(incident.identity), incident]))
  const isCollapsed = collapseIdentities.some((identity) => isOpen(byIdentity.get(identity)))
  const withheld: Drift[] = []
  const found = drifts.flatMap((drift): readonly IncidentChange[] => {
    const identity = identityKey(identityOf(drift))
    const before = byIdentity.get(identity) ?? null
    const isThere = before !== null && before.state !== 'resolved'
    if (isThere && sharedKinds.includes(drift.kind)) return []
    if (!isThere && (isCollapsed || isOneOfMany(drift))) {
      withheld.push(drift)
      return []
    }
    return [{ ...observeDrift(before, drift, incidentId(identity), act), before }]
  })
  const stillFound = new Set(drifts.map((drift) => identityKey(identityOf(drift))))
  const ended = known
    .filter((incident) => isOpen(incident) && !stillFound.has(identityKey(incident.identity)))
    .filter((incident) => isEnded(incident, judged, settleMinutes))
    .map((before) => ({ ...resolution(before, act), before }))
  const transitions = [...found, ...ended]
  const changed = new Set(transitions.map(({ incident }) => incident.id))
  const standing = known.filter(({ id, kind }) => !changed.has(id) && kind !== 'mass-drift')
  return { transitions, standing, withheld }
}

function resolution(before: Incident, act: Situation['act']): Transition {
  return resolveIncident(before, act, 'The check no longer finds it.')
}

function isNotResolved({ state }: Incident): boolean {
  return state !== 'resolved'
}

function isOpen(incident: Incident | undefined): incident is Incident {
  return incident?.state === 'open' || incident?.state === 'acknowledged'
}

/** Whether the judged pairs have said their last word on what an incident stands on. */
function isEnded(incident: Incident, judged: Judged, settleMinutes: number): boolean {
  const { on, kind } = { on: incident.identity.on, kind: incident.kind }
  if (judged.gone.includes(on)) return true
  const own = judged.pairs.find(({ pairKey }) => pairKey === on)
  if (own) return isDecided(own, settleMinutes)
  if (!judged.customerIds.includes(on)) return false
  const pairs = judged.pairs.filter(
    ({ customerIds, finding }) => customerIds.includes(on) || finding.customerId === on,
  )
  if (kind === 'payer-unmatched' && pairs.some(({ subject }) => subject !== null)) return true
  return pairs.every((pair) => isDecided(pair, settleMinutes))
}

function isDecided(pair: JudgedPair, settleMinutes: number): boolean {
  const { verdict, settling } = pair.finding
  if (settling || verdict.kind === 'cannot-tell') return false
  return verdict.kind === 'agrees' || (isSure(pair, settleMinutes) && verdict.unknown.length === 0)
}
