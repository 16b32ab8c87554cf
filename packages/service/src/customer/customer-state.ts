import type {
  Access,
  CannotTell,
  Drift,
  Incident,
  Pair,
  PairState,
  Promised,
  Rules,
  SubjectId,
  Verdict,
} from '@trueup/core'
import { isSettling, pairState, payerKey, subjectKey } from '@trueup/core'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { rulesOf } from '../check/rules-of.ts'
import type { CheckedPair } from '../check/single/run-single-check.ts'
import { incidentsNamed, pairsNamed } from './find-pairs.ts'

/** When one side was read, and how old that is. */
export interface ReadingAge {
  readonly side: 'billing' | 'access'
  readonly source: string
  readonly readAt: Date
  readonly ageSeconds: number
}

/** What one access source gives. */
export interface ShownGrant {
  readonly source: string
  readonly record: 'live' | 'deleted' | 'missing'
  /** Surely at least this; equal to `most` where every value could be read. */
  readonly least: Access
  readonly most: Access
  /** When the app last changed the record; `null`: it does not say. */
  readonly updatedAt: Date | null
}

/** Both sides of one subject, or of one payer without a subject. */
export interface ShownPair {
  readonly key: string
  readonly subject: SubjectId | null
  readonly customerIds: readonly string[]
  readonly promised: Pick<Promised, 'owed' | 'allowed' | 'unknown'>
  readonly granted: readonly ShownGrant[]
  readonly verdict: Verdict['kind']
  readonly drifts: readonly Drift[]
  readonly cannotTell: readonly CannotTell[]
  /** One of the sides changed so recently that the other may still follow. */
  readonly settling: boolean
  /** False: something that could belong to it was not read; nothing is concluded from what is absent. */
  readonly complete: boolean
  readonly readings: readonly ReadingAge[]
}

/** What a customer is owed, may have and has. */
export interface CustomerState {
  /** `last-check`: as the last full check read both sides; `now`: as they were read for this answer. */
  readonly as: 'last-check' | 'now'
  /** The check that read it; `null`: it was read for this answer, and nothing was filed. */
  readonly checkId: string | null
  /** Empty: neither billing nor the app has such a customer or subject; an incident may still be about them. */
  readonly pairs: readonly ShownPair[]
  /** What is not resolved of them. */
  readonly incidents: readonly Incident[]
}

/**
 * The state of a customer or subject as the last full check read it. The team's exceptions of this moment are
 * weighed; nothing is read from the vendors.
 *
 * @param name `cus_1`, `user_1`, or with its kind before it: `customer:cus_1`, `user:user_1`, `organization:org_1`
 * @returns `null`: there was no check yet
 */
export async function stateAtLastCheck(
  dependencies: Pick<CheckDependencies, 'project' | 'config' | 'clock'>,
  name: string,
): Promise<CustomerState | null> {
  const { project, clock } = dependencies
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) return null
  const now = clock.now()
  const rules = { ...(await rulesOf(dependencies, check)), now }
  const found = await project.pairs(check.id, pairsNamed(name))
  const pairs = new Map(found.flatMap((pair) => (pair ? [[keyOf(pair), pair] as const] : [])))
  const shown = [...pairs].map(([key, pair]) => shownPair(key, pair, rules))
  if (shown.length === 0) {
    // A check that finished meanwhile takes what the one before it saw away.
    const newest = await project.newestFinishedCheck({ filing: false })
    if (newest && newest.id !== check.id) return await stateAtLastCheck(dependencies, name)
  }
  return {
    as: 'last-check',
    checkId: check.id,
    pairs: shown,
    incidents: shown.length > 0 ? await incidentsOf(dependencies, shown) : await openIncidents(project, name),
  }
}

async function openIncidents(project: CheckDependencies['project'], name: string) {
  return (await incidentsNamed(project, name)).filter(({ state }) => state !== 'resolved')
}

async function incidentsOf(
  { project }: Pick<CheckDependencies, 'project'>,
  pairs: readonly ShownPair[],
): Promise<readonly Incident[]> {
  const on = pairs.flatMap(({ key, customerIds }) => [key, ...customerIds])
  return (await project.incidentsOn([...new Set(on)])).filter(({ state }) => state !== 'resolved')
}

function shownPair(key: string, pair: Pair, rules: Rules): ShownPair {
  const state = pairState(pair, rules)
  const readAt = pair.payers.flatMap(({ facts }) => facts.map((fact) => fact.readAt))
  const oldest = readAt.toSorted((a, b) => a.getTime() - b.getTime())[0]
  const billing = oldest ? [ageOf('billing', 'billing', oldest, rules.now)] : []
  return {
    key,
    subject: pair.subject,
    customerIds: pair.payers.map(({ customer }) => customer.id),
    ...sidesOf(state),
    settling: state.verdict.kind === 'drifts' && isSettling(pair, rules.policy.settleMinutes, rules.now),
    complete: pair.complete,
    readings: [...billing, ...agesOf(state, rules.now)],
  }
}

/** A pair that was read for this answer. */
export function shownChecked(pair: CheckedPair, now: Date): ShownPair {
  const { pairKey, subject, customerIds, settling, complete } = pair
  return {
    key: pairKey,
    subject,
    customerIds,
    ...sidesOf(pair),
    settling,
    complete,
    readings: [
      ...(customerIds.length > 0 ? [ageOf('billing', 'billing', now, now)] : []),
      ...agesOf(pair, now),
    ],
  }
}

function sidesOf({ promised, granted, verdict, notices }: PairState) {
  const { owed, allowed, unknown } = promised
  return {
    promised: { owed, allowed, unknown },
    granted: granted.map(({ source, record, least, most, reading }) => ({
      source,
      record,
      least,
      most,
      updatedAt: reading?.updatedAt ?? null,
    })),
    verdict: verdict.kind,
    drifts: verdict.kind === 'drifts' ? [...verdict.drifts, ...notices] : notices,
    cannotTell:
      verdict.kind === 'cannot-tell' ? verdict.reasons : verdict.kind === 'drifts' ? verdict.unknown : [],
  }
}

function agesOf({ granted }: PairState, now: Date): readonly ReadingAge[] {
  return granted.flatMap(({ source, reading }) =>
    reading ? [ageOf('access', source, reading.readAt, now)] : [],
  )
}

function ageOf(side: ReadingAge['side'], source: string, readAt: Date, now: Date): ReadingAge {
  const ageSeconds = Math.max(0, Math.round((now.getTime() - readAt.getTime()) / 1000))
  return { side, source, readAt, ageSeconds }
}

function keyOf({ subject, payers }: Pair): string {
  if (subject) return subjectKey(subject)
  return payerKey(payers[0]?.customer.id ?? '')
}
