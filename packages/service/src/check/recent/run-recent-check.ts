import type { CheckCounts, CheckRun, Drift, Incident, SubjectId } from '@trueup/core'
import {
  checkFinished,
  checkStarted,
  collapseDrift,
  entriesOfIncidents,
  file,
  holdDrift,
  holdLimit,
  identityKey,
  identityOf,
  SourceError,
  subjectKey,
} from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { countsOf, driftsToFile, filePairs, standsOn } from '../single/file-pairs.ts'
import type { Judged } from '../single/judge-pairs.ts'
import type { Asked } from '../single/read-around.ts'
import { judgeTwice, keepStates, rememberAcquaintances } from '../single/run-single-check.ts'
import { brakeRecent } from './brake-recent.ts'
import type { Changed, NeedsFull } from './find-changed.ts'
import { findChanged } from './find-changed.ts'

export interface RecentCheckOptions {
  /** Files nothing; the outcome holds what would have been found. */
  readonly dryRun: boolean
  /** A run of the kind `recent` that was begun already. Default: one is begun. */
  readonly checkId?: string
  /** Pairs that are read side by side. Default 4. */
  readonly sideBySide?: number
  /** Above so many that changed, a full check is called for. Default: where it costs fewer requests. */
  readonly most?: number
  /** Told after each pair: how many of those that changed were read. */
  readonly onProgress?: (progress: { readonly read: number; readonly due: number }) => void
  readonly signal?: AbortSignal
}

/** What a recent check found. */
export interface RecentCheckOutcome {
  readonly kind: 'checked'
  readonly check: CheckRun
  readonly counts: CheckCounts
  /** Of whom sources told that they changed. */
  readonly changed: { readonly customers: number; readonly subjects: number }
  /** Parts of which what changed cannot be told, such as `clerk/organizations`: only full checks see them. */
  readonly notFollowed: readonly string[]
  /** Unresolved incidents of the pairs that were checked. */
  readonly incidents: readonly Incident[]
  readonly drifts: readonly Drift[]
  readonly opened: readonly string[]
  readonly resolved: readonly string[]
  /** Drifts that one incident stands for. */
  readonly withheld: number
  /** Pairs that another check began to read later; that check files. */
  readonly superseded: number
  /** The source that failed on the way: what was read by then is filed, and the rest is looked at the next time. */
  readonly failure: SourceError | null
}

/** A recent check that cannot be: why only a full one can say what is true now. */
export interface FullCheckNeeded {
  readonly kind: 'needs-full'
  readonly reason: NeedsFull
  readonly message: string
}

const reasons: Readonly<Record<NeedsFull, string>> = {
  'never-checked': 'No full check was finished yet.',
  'config-changed': 'The configuration is another one than that of the last full check.',
  'changes-lost': 'Billing no longer tells what changed since the last check.',
  'too-many': 'So much changed that a full check costs less.',
  'not-followed': 'This billing source does not tell what changed.',
}

/**
 * Checks those who changed since the last check, each by single reads: the customers of whom billing has events, and
 * the subjects that the access sources say were changed. It costs in proportion to what changed.
 *
 * What it finds is weighed by the brakes before any of it is filed: many alike become one incident, and many new ones
 * hold repairs. Killed, it is begun anew and looks at the same again; a pair that is settling is looked at once more
 * the next time.
 *
 * @throws SourceError when a source cannot say what changed
 * @example
 * const outcome = await runRecentCheck(dependencies, { dryRun: false })
 * if (outcome.kind === 'needs-full') await runCheck(dependencies, { dryRun: false })
 */
export async function runRecentCheck(
  dependencies: CheckDependencies,
  options: RecentCheckOptions,
): Promise<RecentCheckOutcome | FullCheckNeeded> {
  const { project, clock, config } = dependencies
  const base = await project.newestFinishedCheck({ filing: false })
  const startedAt = clock.now()
  const begun = base && base.configFingerprint === config.fingerprint ? base : null
  if (!begun) return await needsFull(dependencies, options, base ? 'config-changed' : 'never-checked')
  const sources = [dependencies.billing, ...dependencies.access]
  const sentBefore = sources.map((source) => source.requests())
  const changed = await findChanged(dependencies, begun, options.most ?? mostOf(begun))
  if ('needsFull' in changed) return await needsFull(dependencies, options, changed.needsFull)
  const run = await begin(dependencies, options, startedAt)
  const read = await readChanged(dependencies, begun, changed, options)
  const filed = options.dryRun ? wouldFile(read, dependencies) : await fileAll(dependencies, begun, run, read)
  for (const [place, source] of sources.entries()) {
    await project.addRequests(run.id, source.name, source.requests() - (sentBefore[place] ?? 0))
  }
  if (!options.dryRun && read.failure === null) {
    await project.moveCheckMarks(marksOf(changed, read, startedAt, config.policy.settleMinutes))
  }
  const check = await finish(dependencies, run.id, read.counts)
  return {
    kind: 'checked',
    check,
    counts: read.counts,
    changed: { customers: changed.customerIds.length, subjects: changed.subjects.length },
    notFollowed: changed.notFollowed,
    failure: read.failure,
    ...filed,
  }
}

/** A run that was begun for it is finished, and says why it read nothing. */
async function needsFull(
  dependencies: CheckDependencies,
  { checkId }: RecentCheckOptions,
  reason: NeedsFull,
): Promise<FullCheckNeeded> {
  const message = `${reasons[reason]} Run a full check.`
  if (checkId !== undefined) {
    const { project, billing } = dependencies
    await project.setPart(checkId, billing.name, 'events', { state: 'failed', code: reason, message })
    await finish(dependencies, checkId, nothing)
  }
  return { kind: 'needs-full', reason, message }
}

/** A full check takes a request a page, a single one some three. */
function mostOf({ counts }: CheckRun): number {
  const pages = (counts?.customers ?? 0) / 100 + (counts?.subjects ?? 0) / 500
  return Math.max(200, Math.floor(pages / 3))
}

async function begin(
  { project, config }: CheckDependencies,
  { checkId, dryRun }: RecentCheckOptions,
  startedAt: Date,
): Promise<CheckRun> {
  const begun = checkId === undefined ? null : await project.loadCheck(checkId)
  if (begun) return begun
  return await project.startCheck(
    { kind: 'recent', dryRun, asOf: startedAt, startedAt, configFingerprint: config.fingerprint },
    checkStarted,
  )
}

const nothing: CheckCounts = {
  customers: 0,
  subjects: 0,
  agrees: 0,
  drifts: 0,
  cannotTell: 0,
  settling: 0,
}

/** What was read of those who changed. */
interface ReadChanged {
  /** Those that have something to file: a drift, or an incident that may be over. */
  readonly toFile: readonly Judged[]
  readonly standing: readonly Incident[]
  readonly counts: CheckCounts
  readonly isSettling: boolean
  readonly failure: SourceError | null
}

async function readChanged(
  dependencies: CheckDependencies,
  base: CheckRun,
  changed: Changed,
  options: RecentCheckOptions,
): Promise<ReadChanged> {
  const { project } = dependencies
  const toFile: Judged[] = []
  const standing = new Map<string, Incident>()
  const seen = new Set<string>()
  let counts = nothing
  let isSettling = false
  let read = 0
  const due = changed.customerIds.length + changed.subjects.length

  const readOne = async (asked: Asked, knowsBilling: boolean) => {
    options.signal?.throwIfAborted()
    const isSeen = 'subject' in asked && seen.has(subjectKey(asked.subject))
    if (!isSeen) {
      const judged = await judgeTwice(dependencies, asked, base, knowsBilling)
      await rememberAcquaintances(dependencies, judged)
      const fresh = { ...judged, pairs: judged.pairs.filter(({ pairKey }) => !seen.has(pairKey)) }
      for (const { pairKey } of fresh.pairs) seen.add(pairKey)
      if (!options.dryRun) await keepStates(dependencies, fresh, dependencies.clock.now())
      counts = sumOf(counts, countsOf(fresh))
      isSettling ||= fresh.pairs.some(({ finding }) => finding.settling)
      const incidents = (await project.incidentsOn(standsOn(judged))).filter(
        ({ state }) => state !== 'resolved',
      )
      for (const incident of incidents) standing.set(incident.id, incident)
      const hasDrift = judged.pairs.some(
        ({ finding }) => finding.verdict.kind === 'drifts' || finding.notices.length > 0,
      )
      if (hasDrift || incidents.length > 0) toFile.push(judged)
    }
    read += 1
    options.onProgress?.({ read, due })
  }
  let failure: SourceError | null = null
  try {
    const sideBySide = options.sideBySide ?? 4
    await eachOf(changed.customerIds, sideBySide, (customerId) => readOne({ customerId }, false))
    // By now every customer that changed was read, and whom it names is known.
    await eachOf(changed.subjects, sideBySide, (subject: SubjectId) => readOne({ subject }, true))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    failure = error
  }
  return { toFile, standing: [...standing.values()], counts, isSettling, failure }
}

type Filed = Pick<
  RecentCheckOutcome,
  'incidents' | 'drifts' | 'opened' | 'resolved' | 'withheld' | 'superseded'
>

async function fileAll(
  dependencies: CheckDependencies,
  base: CheckRun,
  run: CheckRun,
  { toFile, standing, failure }: ReadChanged,
): Promise<Filed> {
  const { project, config, clock } = dependencies
  const at = clock.now()
  const pairs = new Map(toFile.flatMap((judged) => judged.pairs).map((pair) => [pair.pairKey, pair]))
  const brake = brakeRecent([...pairs.values()], base, config.policy)
  const incidents = new Map(standing.map((incident) => [incident.id, incident]))
  const drifts: Drift[] = []
  const opened: string[] = []
  const resolved: string[] = []
  const withheld: Drift[] = []
  let superseded = 0
  for (const judged of toFile) {
    const filed = await filePairs(dependencies, judged, {
      run: { checkId: run.id },
      base,
      settleMinutes: config.policy.settleMinutes,
      at,
      isOneOfMany: brake.isOneOfMany,
    })
    if (filed.superseded) {
      superseded += 1
      continue
    }
    for (const incident of filed.incidents) incidents.set(incident.id, incident)
    for (const id of filed.resolved) incidents.delete(id)
    drifts.push(...filed.drifts)
    opened.push(...filed.opened)
    resolved.push(...filed.resolved)
    withheld.push(...filed.withheld)
  }
  const held: Drift[] = []
  if (brake.many.length > 0) held.push(collapseDrift(brake.many, brake.matched, withheld.slice(0, 10)))
  const limit = holdLimit(config.policy, brake.matched)
  const newly = newlyDrifting([...incidents.values()], opened)
  if (newly.length > limit) held.push(holdDrift(newly.length, limit, newly.slice(0, 10)))
  for (const incident of await fileProjectWide(dependencies, run, held, at)) {
    incidents.set(incident.id, incident)
    opened.push(incident.id)
  }
  if (failure) {
    await project.setPart(run.id, failure.source, 'single-reads', {
      state: 'failed',
      code: failure.code,
      message: failure.message,
    })
  }
  return {
    incidents: [...incidents.values()],
    drifts,
    opened,
    resolved,
    withheld: withheld.length,
    superseded,
  }
}

function newlyDrifting(incidents: readonly Incident[], opened: readonly string[]): readonly string[] {
  const ids = new Set(opened)
  const about = incidents
    .filter(({ id, kind }) => ids.has(id) && kind !== 'refund-review')
    .flatMap(({ subject, customerId }) => (subject ? subjectKey(subject) : (customerId ?? [])))
  return [...new Set(about)]
}

/** Incidents that stand for many. */
async function fileProjectWide(
  { project, incidentId }: CheckDependencies,
  run: CheckRun,
  drifts: readonly Drift[],
  at: Date,
): Promise<readonly Incident[]> {
  if (drifts.length === 0) return []
  const act = { by: `check:${run.id}`, at }
  const identityKeys = drifts.map((drift) => identityKey(identityOf(drift)))
  return await project.changeIncidents({ identityKeys }, run.id, (found) => {
    const known = new Map(found.map((incident) => [identityKey(incident.identity), incident]))
    const changes = file(drifts, known, incidentId, act).map((transition) => ({
      ...transition,
      before: known.get(identityKey(transition.incident.identity)) ?? null,
    }))
    return {
      incidents: changes.map(({ incident }) => incident),
      entries: entriesOfIncidents(changes, { checkId: run.id, ...act }),
    }
  })
}

function wouldFile({ toFile, standing }: ReadChanged, { config }: CheckDependencies): Filed {
  const drifts = toFile.flatMap((judged) => driftsToFile(judged, config.policy.settleMinutes))
  return { incidents: standing, drifts, opened: [], resolved: [], withheld: 0, superseded: 0 }
}

/** While a pair settles, the next check begins before the change that it settles from. */
function marksOf(changed: Changed, read: ReadChanged, startedAt: Date, settleMinutes: number) {
  if (!read.isSettling) return changed.marks
  const before = new Date(startedAt.getTime() - settleMinutes * 60_000)
  return changed.marks.map((mark) => (mark.until > before ? { ...mark, until: before } : mark))
}

async function finish(
  { project, clock }: CheckDependencies,
  checkId: string,
  counts: CheckCounts,
): Promise<CheckRun> {
  const finishedAt = clock.now()
  const run = await project.loadCheck(checkId)
  if (!run) throw new Error(`The check ${checkId} is at work and cannot be found.`)
  await project.finishCheck(checkId, counts, finishedAt, checkFinished(run, counts, finishedAt))
  return { ...run, phase: 'finished', counts, finishedAt }
}

function sumOf(a: CheckCounts, b: CheckCounts): CheckCounts {
  return {
    customers: a.customers + b.customers,
    subjects: a.subjects + b.subjects,
    agrees: a.agrees + b.agrees,
    drifts: a.drifts + b.drifts,
    cannotTell: a.cannotTell + b.cannotTell,
    settling: a.settling + b.settling,
  }
}

/** Works through a list with so many at once; the first failure ends it once those under way are done. */
async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0
  let isOver = false
  const worker = async () => {
    while (!isOver && next < items.length) {
      const item = items[next++]
      if (item === undefined) return
      try {
        await work(item)
      } catch (error) {
        isOver = true
        throw error
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  for (const ended of workers) if (ended.status === 'rejected') throw ended.reason
}
