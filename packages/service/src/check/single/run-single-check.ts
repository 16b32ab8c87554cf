import type { CheckRun, Drift, Incident, PairState, Rules, SubjectId } from '@trueup/core'
import { checkFinished, subjectOfKey } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { rulesOf, rulesUnpriced } from '../rules-of.ts'
import { countsOf, driftsToFile, filePairs, standsOn } from './file-pairs.ts'
import type { Judged, JudgedPair, Knowledge } from './judge-pairs.ts'
import { judgePairs } from './judge-pairs.ts'
import type { Asked } from './read-around.ts'

export type { Asked } from './read-around.ts'

export interface SingleCheckOptions {
  /** Files nothing; the outcome holds what would be said. */
  readonly dryRun: boolean
  /** A run of the kind `single` that was begun already, to be finished by this check. Default: one is kept where it files. */
  readonly checkId?: string
  /** Every customer that changed since the last full check was looked at; see {@link Knowledge.knowsBilling}. */
  readonly knowsBilling?: boolean
}

/** One pair as it stands now. */
export interface CheckedPair extends PairState {
  /** `user:user_1`, `organization:org_1`, or `customer:cus_1` for a payer without a subject. */
  readonly pairKey: string
  readonly subject: SubjectId | null
  readonly customerIds: readonly string[]
  /** One of the sides changed so recently that the other may still follow; nothing is filed before the window ends. */
  readonly settling: boolean
  /** Whether all that could belong to the pair was asked for; where not, nothing is concluded from what is absent. */
  readonly complete: boolean
}

/** What a single check found. */
export interface SingleCheckOutcome {
  readonly superseded: false
  /** Empty: neither billing nor the app has such a customer or subject. */
  readonly pairs: readonly CheckedPair[]
  /** Incidents of these pairs that are not resolved; of a dry run, those that were there before. */
  readonly incidents: readonly Incident[]
  /** Drifts that the readings show and that are filed; of a dry run, that would be. */
  readonly drifts: readonly Drift[]
  /** Ids of incidents that this check opened, or opened again. */
  readonly opened: readonly string[]
  readonly resolved: readonly string[]
  /** Drifts that were not opened, since an open incident says that the mapping is likelier to be wrong. */
  readonly withheld: readonly Drift[]
  /** The run that filed; `null`: there was nothing to file. */
  readonly checkId: string | null
  readonly readAt: Date
  /** When to check again, since a side is settling; `null`: no need. */
  readonly settlesAt: Date | null
  readonly requests: Readonly<Record<string, number>>
}

/** The same pair was begun to be read again while this check read it. It filed nothing; the caller may try again. */
export interface Superseded {
  readonly superseded: true
}

/**
 * Checks one customer or one subject now: reads both sides by single reads, matches them by the same rules, and opens,
 * sees again or resolves the incidents of exactly this pair. A drift is read a second time before it is filed, and
 * waits while a side is settling.
 *
 * What single reads cannot know stays as it is. Whether nobody answers to a payer is known where the payer names the id
 * of a subject that no source has, where its subject is gone, and where the last full check found none already; else the
 * verdict is `cannot-tell`. Whether another customer pays for a subject without one is known only under rules by which
 * the subject itself names its customer. How many customers one price or one word of the app touches, and whether so
 * many drift that a mapping is to blame, is for full checks to say.
 *
 * Of checks of one pair that overlap, the one that began its reading last files; the others say that they were
 * superseded.
 *
 * @throws SourceError when a side cannot be read: that says nothing, and nothing is filed
 * @example
 * const outcome = await runSingleCheck(dependencies, { customerId: 'cus_1' }, { dryRun: false })
 * if (!outcome.superseded) show(outcome.pairs[0]?.verdict)
 */
export async function runSingleCheck(
  dependencies: CheckDependencies,
  asked: Asked,
  options: SingleCheckOptions,
): Promise<SingleCheckOutcome | Superseded> {
  const { project, clock, config } = dependencies
  const sources = [dependencies.billing, ...dependencies.access]
  const sentBefore = sources.map((source) => source.requests())
  const startedAt = clock.now()
  const base = await project.newestFinishedCheck({ filing: false })
  const knowsBilling = options.knowsBilling ?? false
  const judged = await judgeTwice(dependencies, asked, base, knowsBilling)
  const rules = judged.rules
  const readAt = clock.now()
  const requests = Object.fromEntries(
    sources.map((source, place) => [source.name, source.requests() - (sentBefore[place] ?? 0)]),
  )
  const counts = countsOf(judged)
  const shown = {
    superseded: false,
    pairs: judged.pairs.map(checkedPair),
    drifts: driftsToFile(judged, rules.policy.settleMinutes),
    readAt,
    settlesAt: settlesAt(judged, rules),
    requests,
  } as const
  await rememberAcquaintances(dependencies, judged)
  if (!options.dryRun) await keepStates(dependencies, judged, readAt)
  if (options.dryRun) {
    const incidents = (await project.incidentsOn(standsOn(judged))).filter(
      ({ state }) => state !== 'resolved',
    )
    return { ...shown, incidents, opened: [], resolved: [], withheld: [], checkId: null }
  }
  const run = options.checkId
    ? { checkId: options.checkId }
    : ({
        kind: 'single',
        asOf: rules.now,
        startedAt,
        finishedAt: readAt,
        configFingerprint: config.fingerprint,
        counts,
        requests,
      } as const)
  const filed = await filePairs(dependencies, judged, {
    run,
    base,
    settleMinutes: rules.policy.settleMinutes,
    at: readAt,
  })
  if (filed.superseded) return filed
  if (options.checkId) await finish(dependencies, options.checkId, judged, requests)
  const { incidents, opened, resolved, withheld, checkId } = filed
  return { ...shown, incidents, opened, resolved, withheld, checkId }
}

/** Reads once; and once more where that shows a drift, so that a webhook under way is not taken for one. */
export async function judgeTwice(
  dependencies: CheckDependencies,
  asked: Asked,
  base: CheckRun | null,
  knowsBilling: boolean,
): Promise<Judged & { readonly rules: Rules }> {
  const knowledge = async (): Promise<Knowledge> => ({
    base,
    rules: await rulesNow(dependencies, base),
    knowsBilling,
  })
  const first = await knowledge()
  const once = await judgePairs(dependencies, asked, first)
  const isDue = once.pairs.some(({ finding }) => finding.verdict.kind === 'drifts' && !finding.settling)
  if (!isDue || first.rules.policy.settleMinutes === 0) return { ...once, rules: first.rules }
  const second = await knowledge()
  const again = await judgePairs(dependencies, asked, second)
  const confirmed = again.pairs.map((pair) => ({ ...pair, finding: { ...pair.finding, confirmed: true } }))
  return { ...again, pairs: confirmed, rules: second.rules }
}

/** The project's rules at this moment, with the prices that the last full check listed. */
export async function rulesNow(dependencies: CheckDependencies, base: CheckRun | null): Promise<Rules> {
  const now = dependencies.clock.now()
  return base
    ? { ...(await rulesOf(dependencies, base)), now }
    : await rulesUnpriced(dependencies, { asOf: now })
}

function checkedPair(pair: JudgedPair): CheckedPair {
  const { pairKey, subject, customerIds, promised, granted, verdict, notices, complete, finding } = pair
  return {
    pairKey,
    subject,
    customerIds,
    promised,
    granted,
    verdict,
    notices,
    complete,
    settling: finding.settling,
  }
}

/** When the last of the changes that are settling will have settled. */
function settlesAt(judged: Judged, { policy, now }: Rules): Date | null {
  if (!judged.pairs.some(({ finding }) => finding.settling)) return null
  // A window is as long from any moment in it: whoever checks again after a whole one finds all of it settled.
  return new Date(now.getTime() + policy.settleMinutes * 60_000)
}

/** Keeps whom the readings show to have to do with each other, for checks to come. */
export async function rememberAcquaintances({ project }: CheckDependencies, judged: Judged): Promise<void> {
  const { hood, known } = judged.around
  const met = hood.acquaintances().filter(({ customerId, subject }) => !known.get(customerId)?.has(subject))
  await project.rememberAcquaintances(
    met.map(({ customerId, subject }) => ({ customerId, subject: subjectOfKey(subject) })),
  )
}

/** Keeps what was promised and granted to those who were read whole, for the history of each. */
export async function keepStates(
  { project }: Pick<CheckDependencies, 'project'>,
  { pairs, gone }: Pick<Judged, 'pairs' | 'gone'>,
  readAt: Date,
): Promise<void> {
  const whole = pairs.filter(({ complete }) => complete)
  await project.keepAccessStates(
    [
      ...whole.flatMap(({ pairKey, finding: { accessState } }) =>
        accessState === undefined ? [] : [{ pairKey, state: accessState }],
      ),
      ...gone.map((pairKey) => ({ pairKey, state: null })),
    ],
    readAt,
    null,
  )
}

async function finish(
  { project, clock }: CheckDependencies,
  checkId: string,
  judged: Judged,
  requests: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [source, sent] of Object.entries(requests)) await project.addRequests(checkId, source, sent)
  const run = await project.loadCheck(checkId)
  if (!run) throw new Error(`The check ${checkId} is at work and cannot be found.`)
  const finishedAt = clock.now()
  const counts = countsOf(judged)
  await project.finishCheck(checkId, counts, finishedAt, checkFinished(run, counts, finishedAt))
}
