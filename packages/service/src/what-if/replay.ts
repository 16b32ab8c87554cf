import type {
  AccessMapping,
  CheckRun,
  Drift,
  DriftTally,
  Finding,
  IncidentState,
  Pair,
  ProjectStore,
  Rules,
  SubjectType,
} from '@trueup/core'
import {
  asException,
  collapsed,
  componentsOf,
  driftsCounted,
  driftsOf,
  find,
  holdLimit,
  identityKey,
  identityOf,
  planFieldOf,
  plansReadAlike,
  readPlanAgain,
  severityOf,
} from '@trueup/core'
import { isComplete } from '../check/run-check.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import type { WhatIfObstacle } from './replayable.ts'
import { configUnknown, noCheck, obstaclesBetween, readingsGone } from './replayable.ts'
import type { DriftSum, MoneyAtRisk } from './sum-drifts.ts'
import { DriftCounter, MoneyCounter } from './sum-drifts.ts'
import { isShared, whatDiffers } from './what-differs.ts'

/** One incident that would open or close. */
export interface WhatIfChange {
  readonly becomes: 'opens' | 'closes'
  readonly severity: ReturnType<typeof severityOf>
  readonly drift: Drift
  /** The incident that there is of it; `null`: none was filed. */
  readonly incident: { readonly id: string; readonly state: IncidentState } | null
}

/** How many pairs of a check fall under each verdict. */
export interface WhatIfVerdicts {
  readonly agrees: number
  readonly drifts: number
  readonly cannotTell: number
  readonly settling: number
}

/** What would hold back what is filed: see `collapsed` and `holdLimit` in core. */
export interface WhatIfBrakes {
  /** Drifts so many alike that one incident would stand for all of them; none of them would be filed by itself. */
  readonly collapsed: readonly DriftTally[]
  /** Repairs would wait for a person: more pairs would newly drift than the limit. */
  readonly holds: boolean
  readonly holdLimit: number
}

/** What the whole of it comes to. */
export interface WhatIfTotals {
  readonly pairs: number
  readonly opens: DriftSum
  readonly closes: DriftSum
  /** Found under both, and what is at risk in it under each. */
  readonly stays: {
    readonly total: number
    readonly moneyBefore: MoneyAtRisk
    readonly moneyAfter: MoneyAtRisk
  }
  readonly verdicts: { readonly before: WhatIfVerdicts; readonly after: WhatIfVerdicts }
  readonly brakes: WhatIfBrakes
  /** Incidents that stand for many, such as an unmapped price: the first of them, and how many there are. */
  readonly shared: readonly WhatIfChange[]
}

export type WhatIf =
  | { readonly told: false; readonly because: readonly WhatIfObstacle[] }
  | {
      readonly told: true
      readonly check: CheckRun
      /** Whether that check read everything; where not, it says nothing of what it did not read. */
      readonly complete: boolean
      /** Of a first page; `null` on those behind it. */
      readonly totals: WhatIfTotals | null
      readonly changes: readonly WhatIfChange[]
      /** The key of the pair to go on behind; `null`: these are the last. */
      readonly next: string | null
    }

export interface WhatIfQuestion {
  readonly project: ProjectStore
  /** The configuration as it holds. */
  readonly before: ProjectConfig
  readonly candidate: ProjectConfig
  /** The configuration of this fingerprint; `null`: it is not known. */
  readonly configOf: (fingerprint: string) => Promise<ProjectConfig | null>
}

export interface WhatIfOptions {
  /** Changes that one page lists about, never fewer than those of a pair. */
  readonly limit: number
  /** Only changes behind this pair; totals are not counted then. */
  readonly after?: string | null
  readonly becomes?: WhatIfChange['becomes'] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly onProgress?: (progress: { readonly pairs: number; readonly of: number }) => void
  readonly signal?: AbortSignal | undefined
}

const pairsPerPage = 500
/** Incidents that stand for many: as many as are remembered to be told apart. */
const mostShared = 5_000
const sharedShown = 50

/**
 * Judges once more what the last full check read, under the configuration as it holds and under another, and says which
 * incidents the other would open and close. Nothing is asked of a vendor, nothing is filed, nothing is kept. Memory does
 * not grow with the number of customers.
 *
 * Both are judged at the moment of that check. A drift that settles counts as none, as in a check.
 *
 * @example
 * const answer = await replay({ project, before, candidate, configOf }, { limit: 25 })
 * if (answer.told) show(answer.totals?.opens.money.business)
 */
export async function replay(question: WhatIfQuestion, options: WhatIfOptions): Promise<WhatIf> {
  for (let tries = 1; ; tries++) {
    const run = await newestReadings(question)
    if ('because' in run) return { told: false, because: run.because }
    const answer = await new Replay(question, options, run).run()
    const newest = await question.project.newestFinishedCheck({ filing: false })
    // A check that finished meanwhile has taken away what this one looked at.
    if (newest?.id === run.check.id) return answer
    if (tries === 3) return { told: false, because: [readingsGone] }
  }
}

interface Readings {
  readonly check: CheckRun
  readonly recorded: ProjectConfig
}

async function newestReadings({
  project,
  before,
  candidate,
  configOf,
}: WhatIfQuestion): Promise<Readings | { readonly because: readonly WhatIfObstacle[] }> {
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) return { because: [noCheck] }
  const recorded = await configOf(check.configFingerprint)
  if (!recorded) return { because: [configUnknown] }
  const because = [...obstaclesBetween(recorded, before), ...obstaclesBetween(recorded, candidate)]
  const distinct = new Map(because.map((obstacle) => [obstacle.code, obstacle]))
  if (distinct.size > 0) return { because: [...distinct.values()] }
  const { customers, subjects } = await project.counts(check.id)
  const wasSomebody = (check.counts?.customers ?? 0) + (check.counts?.subjects ?? 0) > 0
  if (customers + subjects === 0 && wasSomebody) return { because: [readingsGone] }
  return { check, recorded }
}

/** One side of the comparison, and what is counted of it. */
class Side {
  readonly #rules: Rules
  readonly #fields: ReadonlyMap<string, AccessMapping> | null
  readonly #tally = new Map<string, DriftTally>()
  readonly verdicts = { agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }

  constructor(rules: Rules, access: readonly AccessMapping[] | null) {
    this.#rules = rules
    this.#fields = access && new Map(access.map((source) => [source.name, source]))
  }

  find(pair: Pair): Finding {
    return find(this.#fields ? this.#readAgain(pair, this.#fields) : pair, this.#rules)
  }

  count(finding: Finding): void {
    const { verdict, settling } = finding
    if (verdict.kind === 'agrees') this.verdicts.agrees += 1
    else if (verdict.kind === 'cannot-tell') this.verdicts.cannotTell += 1
    else if (settling) this.verdicts.settling += 1
    else this.verdicts.drifts += 1
    if (settling) return
    for (const [key, drift] of driftsCounted(finding)) {
      this.#tally.set(key, { ...drift, pairs: (this.#tally.get(key)?.pairs ?? 0) + 1 })
    }
  }

  brakes(matched: number, newlyDrifting: number): WhatIfBrakes {
    const { policy } = this.#rules
    const limit = holdLimit(policy, matched)
    return {
      collapsed: collapsed([...this.#tally.values()], policy, { matched, drifting: this.verdicts.drifts }),
      holds: newlyDrifting > limit,
      holdLimit: limit,
    }
  }

  #readAgain(pair: Pair, sources: ReadonlyMap<string, AccessMapping>): Pair {
    const fieldOf = (source: string, type: SubjectType) => {
      const access = sources.get(source)
      return access ? planFieldOf(access, type) : null
    }
    const readings = pair.readings.map((reading) =>
      readPlanAgain(reading, fieldOf(reading.source, reading.subject.type), this.#rules.catalogue),
    )
    return { ...pair, readings }
  }
}

class Replay {
  readonly #question: WhatIfQuestion
  readonly #options: WhatIfOptions
  readonly #readings: Readings
  readonly #opens = new DriftCounter()
  readonly #closes = new DriftCounter()
  readonly #stays = { total: 0, before: new MoneyCounter(), after: new MoneyCounter() }
  readonly #shared = new Map<string, { before: Drift | null; after: Drift | null }>()
  readonly #changes: Omit<WhatIfChange, 'incident'>[] = []
  #newlyDrifting = 0
  #pairs = 0
  /** The last pair whose changes are listed. */
  #listedUpTo: string | null = null
  #next: string | null = null

  constructor(question: WhatIfQuestion, options: WhatIfOptions, readings: Readings) {
    this.#question = question
    this.#options = options
    this.#readings = readings
  }

  async run(): Promise<WhatIf> {
    const { project, before, candidate } = this.#question
    const { check } = this.#readings
    const { limit, after: begin = null, onProgress, signal } = this.#options
    const isFirst = begin === null
    const [was, is] = await this.#sides(before, candidate)
    const observed = await project.counts(check.id)
    const of = observed.subjects + observed.payersWithoutSubject
    let looked = 0
    for (let after = begin; this.#next === null || isFirst; ) {
      signal?.throwIfAborted()
      const page = await project.observedPairs(check.id, after, pairsPerPage)
      for (const pair of page.pairs) {
        const [then, now] = [was.find(pair), is.find(pair)]
        if (isFirst) this.#count([was, then], [is, now])
        this.#list(then, now, limit)
        if (this.#next !== null && !isFirst) break
      }
      looked += page.pairs.length
      onProgress?.({ pairs: Math.min(looked, of), of })
      if (page.next === null) break
      after = page.next
    }
    const shared = isFirst ? this.#sharedChanges() : []
    const totals = isFirst ? await this.#totals(was, is, observed.matched, shared) : null
    const changes = await this.#withIncidents(this.#changes)
    return { told: true, check, complete: isComplete(check), totals, changes, next: this.#next }
  }

  async #sides(before: ProjectConfig, candidate: ProjectConfig): Promise<readonly [Side, Side]> {
    const { project } = this.#question
    const { check, recorded } = this.#readings
    const [prices, kept] = await Promise.all([project.prices(check.id), project.exceptionsToWeigh()])
    const exceptions = kept.map(asException)
    const sideOf = (config: ProjectConfig) => {
      const { catalogue, policy, match, access } = config
      const rules = {
        catalogue,
        policy,
        match,
        exceptions: [...config.exceptions, ...exceptions],
        mapped: access.map(componentsOf),
        prices,
        now: check.asOf,
      }
      return new Side(rules, plansReadAlike(recorded.catalogue, catalogue) ? null : access)
    }
    return [sideOf(before), sideOf(candidate)]
  }

  #count([was, then]: readonly [Side, Finding], [is, now]: readonly [Side, Finding]): void {
    // Who has bought nothing that counts, and is nobody's customer, is no pair that a check counts.
    const isNobody = now.subject === null && then.verdict.kind === 'agrees' && now.verdict.kind === 'agrees'
    if (isNobody) return
    this.#pairs += 1
    was.count(then)
    is.count(now)
    const { opens, closes, stays } = whatDiffers(then, now)
    for (const drift of opens) this.#opens.add(drift)
    for (const drift of closes) this.#closes.add(drift)
    for (const { before, after } of stays) {
      this.#stays.total += 1
      if (before.moneyAtRisk) this.#stays.before.add(before.hurts, before.moneyAtRisk)
      if (after.moneyAtRisk) this.#stays.after.add(after.hurts, after.moneyAtRisk)
    }
    if (opens.some(({ kind }) => kind !== 'refund-review')) this.#newlyDrifting += 1
    this.#share(then, 'before')
    this.#share(now, 'after')
  }

  #share(finding: Finding, side: 'before' | 'after'): void {
    for (const drift of driftsOf(finding).filter(isShared)) {
      const key = identityKey(identityOf(drift))
      const known = this.#shared.get(key) ?? { before: null, after: null }
      if (!this.#shared.has(key) && this.#shared.size >= mostShared) continue
      known[side] ??= drift
      this.#shared.set(key, known)
    }
  }

  /** Lists the changes of a pair that are asked for, or notes that a page is full and there are more. */
  #list(then: Finding, now: Finding, limit: number): void {
    const { becomes, kinds } = this.#options
    const { opens, closes } = whatDiffers(then, now)
    const listed = [...opens.map(changeTo('opens')), ...closes.map(changeTo('closes'))].filter(
      (change) =>
        (becomes === undefined || change.becomes === becomes) &&
        (kinds === undefined || kinds.includes(change.drift.kind)),
    )
    if (this.#changes.length < limit) {
      this.#changes.push(...listed)
      this.#listedUpTo = now.pairKey
    } else if (listed.length > 0) this.#next ??= this.#listedUpTo
  }

  #sharedChanges(): readonly Omit<WhatIfChange, 'incident'>[] {
    const changes: Omit<WhatIfChange, 'incident'>[] = []
    for (const { before, after } of this.#shared.values()) {
      if (before && after) this.#stays.total += 1
      else if (after) {
        this.#opens.add(after)
        changes.push(changeTo('opens')(after))
      } else if (before) {
        this.#closes.add(before)
        changes.push(changeTo('closes')(before))
      }
    }
    return changes
  }

  async #totals(
    was: Side,
    is: Side,
    matched: number,
    shared: readonly Omit<WhatIfChange, 'incident'>[],
  ): Promise<WhatIfTotals> {
    const { total, before, after } = this.#stays
    return {
      pairs: this.#pairs,
      opens: this.#opens.sum(),
      closes: this.#closes.sum(),
      stays: { total, moneyBefore: before.sum(), moneyAfter: after.sum() },
      verdicts: { before: was.verdicts, after: is.verdicts },
      brakes: is.brakes(matched, this.#newlyDrifting),
      shared: await this.#withIncidents(shared.slice(0, sharedShown)),
    }
  }

  async #withIncidents(changes: readonly Omit<WhatIfChange, 'incident'>[]): Promise<readonly WhatIfChange[]> {
    const keyOf = ({ drift }: Omit<WhatIfChange, 'incident'>) => identityKey(identityOf(drift))
    const known = await this.#question.project.incidentsByIdentity([...new Set(changes.map(keyOf))])
    return changes.map((change) => {
      const incident = known.get(keyOf(change))
      return { ...change, incident: incident ? { id: incident.id, state: incident.state } : null }
    })
  }
}

function changeTo(becomes: WhatIfChange['becomes']) {
  return (drift: Drift): Omit<WhatIfChange, 'incident'> => ({
    becomes,
    severity: severityOf(drift.kind),
    drift,
  })
}
