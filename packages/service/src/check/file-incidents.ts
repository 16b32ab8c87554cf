import type {
  CannotTell,
  CheckCounts,
  CheckRun,
  Drift,
  DriftTally,
  Finding,
  Incident,
  IncidentChange,
  LedgerDraft,
  MatchCounts,
  Rules,
} from '@trueup/core'
import {
  clientWritableDrifts,
  collapseDrift,
  collapsed,
  collapseLimit,
  driftsOf,
  entriesOfIncidents,
  file,
  holdDrift,
  holdLimit,
  identityKey,
  identityOf,
  isReadWhole,
  resolveIncident,
  subjectKey,
  undecidedDrift,
  unreadableSourceDrift,
} from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { CheckProgress } from './progress.ts'
import { SharedDrifts } from './shared-drifts.ts'

const findingsPerPage = 500
const exampleCount = 10
/** Kinds that are one incident for all whom they touch. */
const sharedKinds: readonly string[] = ['price-unmapped', 'plan-unknown']

/** Filing reads no source. */
type FilingDependencies = Pick<CheckDependencies, 'project' | 'config' | 'clock' | 'incidentId'>

/** Options of {@link fileIncidents}. */
export interface FilingOptions {
  /** The counts of the check, where they were asked for already. */
  readonly counted?: MatchCounts | null
  readonly report?: (progress: CheckProgress) => void
}

/** What filing gives: the incidents that this check saw, and its counts. */
export interface Filed {
  readonly incidents: readonly Incident[]
  readonly counts: CheckCounts
  /** What the counts were made from. */
  readonly observed: MatchCounts
}

/**
 * Files what the check found. Drifts that are too many alike become one incident; the rest are filed each by itself.
 * A complete check also resolves what it no longer finds. A dry run saves nothing.
 *
 * May run twice: an incident's identity keeps it one.
 */
export async function fileIncidents(
  dependencies: FilingDependencies,
  begun: CheckRun,
  rules: Rules,
  options: FilingOptions = {},
): Promise<Filed> {
  const filing = new Filing(dependencies, begun, rules, options)
  return filing.run()
}

class Filing {
  readonly #dependencies: FilingDependencies
  readonly #checkId: string
  readonly #dryRun: boolean
  readonly #rules: Rules
  readonly #now: Date
  readonly #startedAt: Date
  readonly #counted: MatchCounts | null
  readonly #report: (progress: CheckProgress) => void
  /** By id: two subjects of different pages may show one incident, such as a customer that they share. */
  readonly #incidents = new Map<string, Incident>()
  readonly #newlyDrifting = new Set<string>()

  constructor(
    dependencies: FilingDependencies,
    begun: CheckRun,
    rules: Rules,
    { counted = null, report = () => {} }: FilingOptions,
  ) {
    this.#dependencies = dependencies
    this.#checkId = begun.id
    this.#dryRun = begun.dryRun
    this.#rules = rules
    this.#now = dependencies.clock.now()
    this.#startedAt = begun.startedAt
    this.#counted = counted
    this.#report = report
  }

  async run(): Promise<Filed> {
    const { project, config } = this.#dependencies
    const check = await project.loadCheck(this.#checkId)
    if (!check) throw new Error(`The check ${this.#checkId} is being filed and cannot be found.`)
    const [observed, tally] = await Promise.all([
      this.#counted ?? project.counts(this.#checkId),
      project.tally(this.#checkId),
    ])
    const { policy } = this.#rules
    const { matched } = observed
    const many = collapsed(tally.byDrift, policy, { matched, drifting: tally.drifts })

    const { shared, examples, undecided } = await this.#fileFindings(many)
    const limit = holdLimit(policy, matched)
    const named = namedCauses(shared.all(), limit)
    await this.#save(named)
    const limitOfAlike = collapseLimit(policy, matched)
    const isWhole = Object.values(check.parts).every(isReadWhole)
    // One price or one word of the app that so many have is the cause, and is an incident of its own.
    const isNamed = named.some(({ touches }) => touches.length > limitOfAlike)
    if (many.length > 0) await this.#save([collapseDrift(many, matched, examples)])
    else if (named.length < shared.size || (isWhole && tally.cannotTell > limitOfAlike && !isNamed)) {
      await this.#save([undecidedDrift({ undecided: tally.cannotTell, matched }, undecided)])
    }
    await this.#save(clientWritableDrifts(config.access, this.#now))
    const failed = Object.entries(check.parts).flatMap(([name, part]) =>
      part.state === 'failed' ? [{ name, part }] : [],
    )
    await this.#save(
      failed.map(({ name, part }) => {
        const [source = name, partName = name] = name.split('/')
        return unreadableSourceDrift(source, partName, part, this.#now)
      }),
    )
    if (this.#newlyDrifting.size > limit) {
      await this.#save([
        holdDrift(this.#newlyDrifting.size, limit, [...this.#newlyDrifting].slice(0, exampleCount)),
      ])
    }
    if (isWhole && !this.#dryRun) await this.#resolveUnseen(new Set(many.map(tallyKey)))
    const pairs = observed.subjects + observed.payersWithoutSubject
    return {
      incidents: [...this.#incidents.values()].filter(isOpen),
      counts: {
        customers: observed.customers,
        subjects: observed.subjects,
        agrees: pairs - tally.drifts - tally.cannotTell - tally.settling,
        drifts: tally.drifts,
        cannotTell: tally.cannotTell,
        settling: tally.settling,
      },
      observed,
    }
  }

  async #fileFindings(many: readonly DriftTally[]) {
    const { project } = this.#dependencies
    const manyKeys = new Set(many.map(tallyKey))
    const shared = new SharedDrifts()
    const examples: Drift[] = []
    const undecided: { readonly on: string; readonly reason: CannotTell }[] = []
    const pageAfter = (after: string | null) => {
      const page = project.findings(this.#checkId, after, findingsPerPage)
      // A failure is met when its turn comes; until then it must not count as unhandled.
      page.catch(() => {})
      return page
    }
    let coming = pageAfter(null)
    for (;;) {
      const page = await coming
      // The next page is read while this one is filed.
      if (page.next !== null) coming = pageAfter(page.next)
      const single = new Map<string, Drift>()
      for (const { pairKey, verdict } of page.findings) {
        if (verdict.kind === 'cannot-tell' && undecided.length < exampleCount) {
          undecided.push({ on: pairKey, reason: verdict.reasons[0] })
        }
      }
      for (const drift of page.findings.filter((finding) => this.#isSure(finding)).flatMap(driftsOf)) {
        const key = tallyKey(drift)
        if (manyKeys.has(key)) {
          if (examples.length < exampleCount) examples.push(drift)
          continue
        }
        const identity = identityKey(identityOf(drift))
        if (sharedKinds.includes(drift.kind)) shared.add(identity, drift)
        else single.set(identity, drift)
      }
      await this.#save([...single.values()])
      if (page.next === null) return { shared, examples, undecided }
    }
  }

  /** A drift is filed only once both sides were read again, unless the project files at once. */
  #isSure(finding: Finding): boolean {
    return finding.verdict.kind !== 'drifts' || finding.confirmed || this.#rules.policy.settleMinutes === 0
  }

  async #save(drifts: readonly Drift[]): Promise<void> {
    if (drifts.length === 0) return
    const { project } = this.#dependencies
    const identityKeys = drifts.map((drift) => identityKey(identityOf(drift)))
    if (this.#dryRun) {
      this.#see(this.#fileAmong(drifts, await project.incidentsByIdentity(identityKeys)))
      return
    }
    let filed: readonly IncidentChange[] = []
    // Decided while nobody else can change them: what a person does meanwhile is not written over.
    await project.changeIncidents({ identityKeys }, this.#checkId, (found) => {
      const known = new Map(found.map((incident) => [identityKey(incident.identity), incident]))
      filed = this.#fileAmong(drifts, known)
      return { incidents: filed.map(({ incident }) => incident), entries: this.#entriesOf(filed) }
    })
    this.#see(filed)
    this.#report({ kind: 'filed', incidents: this.#incidents.size })
  }

  #fileAmong(drifts: readonly Drift[], known: ReadonlyMap<string, Incident>): readonly IncidentChange[] {
    const act = { by: `check:${this.#checkId}`, at: this.#now }
    const due = drifts.filter((drift) => {
      const incident = known.get(identityKey(identityOf(drift)))
      return !incident || !isEndedSince(drift, incident, this.#startedAt)
    })
    return file(due, known, this.#dependencies.incidentId, act).map((transition) => {
      const before = known.get(identityKey(transition.incident.identity)) ?? null
      return { ...transition, before }
    })
  }

  #see(filed: readonly IncidentChange[]): void {
    const by = `check:${this.#checkId}`
    for (const { incident } of filed) {
      // The history tells it also on a second run of this phase, when the incident stands already.
      const isNew = incident.history.some((line) => line.by === by && line.act !== 'incident-seen-again')
      const about = incident.subject ? subjectKey(incident.subject) : incident.customerId
      if (isNew && about && incident.kind !== 'refund-review') this.#newlyDrifting.add(about)
      this.#incidents.set(incident.id, incident)
    }
  }

  #entriesOf(changes: readonly IncidentChange[]): readonly LedgerDraft[] {
    const checkId = this.#checkId
    return entriesOfIncidents(changes, { checkId, by: `check:${checkId}`, at: this.#now })
  }

  /** What a complete check no longer finds has ended, unless it could not tell or is still settling. */
  async #resolveUnseen(collapsedKeys: ReadonlySet<string>): Promise<void> {
    const { project } = this.#dependencies
    let after: string | null = null
    for (;;) {
      const unseen: readonly Incident[] = await project.unseenIncidents(this.#checkId, after, findingsPerPage)
      if (unseen.length === 0) return
      after = unseen.at(-1)?.id ?? null
      const undecided = await project.undecided(this.#checkId, unseen.flatMap(pairKeyOf))
      const ended = unseen.filter(
        (incident) =>
          !isHold(incident) &&
          // Where one incident stands for many alike, whether this is still one of them was not looked at.
          !collapsedKeys.has(tallyKey(incident)) &&
          // Seen by a check of a few since this one began: it read later than this one may have.
          incident.lastSeenAt <= this.#startedAt &&
          !pairKeyOf(incident).some((key) => undecided.has(key)),
      )
      const act = { by: `check:${this.#checkId}`, at: this.#now }
      await project.changeIncidents({ ids: ended.map(({ id }) => id) }, null, (found) => {
        // One that was ignored or resolved since it was listed is left as it is.
        const changes = found.filter(isOpen).map((before) => {
          return { ...resolveIncident(before, act, 'The check no longer finds it.'), before }
        })
        return { incidents: changes.map(({ incident }) => incident), entries: this.#entriesOf(changes) }
      })
    }
  }
}

/** Words that nobody knows are each a cause of their own, unless they are so many that the wrong field is read. */
function namedCauses(shared: readonly Drift[], limit: number): readonly Drift[] {
  const counts = new Map<string, number>()
  for (const { kind } of shared) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return shared.filter(({ kind }) => (counts.get(kind) ?? 0) <= limit)
}

/** A check of a few found it gone since this check began, and read later than this one. */
function isEndedSince(drift: Drift, { state, resolvedAt }: Incident, startedAt: Date): boolean {
  if (state !== 'resolved' || resolvedAt === null || resolvedAt < startedAt) return false
  return drift.evidence.length > 0 && drift.evidence.every(({ readAt }) => readAt < resolvedAt)
}

function isOpen({ state }: Incident): boolean {
  return state === 'open' || state === 'acknowledged'
}

/** A held brake is released by a person, never by a quiet check. */
function isHold(incident: Incident): boolean {
  return incident.kind === 'mass-drift' && incident.identity.on === 'hold'
}

function pairKeyOf(incident: Incident): readonly string[] {
  if (incident.subject) return [subjectKey(incident.subject)]
  return incident.customerId ? [`customer:${incident.customerId}`] : []
}

function tallyKey(line: {
  readonly kind: string
  readonly component: string
  readonly hurts: string
}): string {
  return `${line.kind}|${line.component}|${line.hurts}`
}
