import type { Finding } from '../check/finding.ts'
import type { CheckRun } from '../check/progress.ts'
import { severities } from '../check/verdict.ts'
import type { Incident } from '../incident/incident.ts'
import { identityKey } from '../incident/incident.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import { matchCounts } from '../match/coverage.ts'
import type { Clock } from '../ports.ts'
import type { Reversal } from '../promise/billing.ts'
import type { RepairSwitch } from '../repair/repair-brakes.ts'
import type { ProjectStore, Store } from '../store.ts'
import { subjectKey } from '../subject/subject.ts'
import { memoryRepairs } from './repair-store.ts'
import { accessStepsInMemory } from './store-access-steps.ts'
import { MemoryCheck } from './store-check.ts'
import { coverageOf } from './store-coverage.ts'
import { differingKeys, observedKeys } from './store-differing.ts'
import { exceptionsInMemory } from './store-exceptions.ts'
import { countIncidentsInMemory, listIncidentsInMemory } from './store-incidents.ts'
import { MemoryLedger } from './store-ledger.ts'
import type { Touching } from './store-links.ts'
import { touching } from './store-links.ts'
import { compareText, pageOfKeys } from './store-order.ts'
import { payerKey } from './store-pair.ts'
import { pairFilingInMemory } from './store-pair-filing.ts'
import type { KnownSubjects } from './store-pairs-of.ts'
import { pairsOf } from './store-pairs-of.ts'
import { pushedSubjectsInMemory } from './store-pushed.ts'
import { sumReversals } from './store-reversals.ts'
import { countRows, countsBefore, lastWhole } from './store-row-counts.ts'
import { isDecided, tallyFindings } from './store-tally.ts'
import { checkUnitsInMemory } from './store-units.ts'

export interface MemoryStoreOptions {
  /** By which leases run out. Default: none, and they never do. */
  readonly clock?: Clock | null
}

/**
 * A store that lives in memory: the model of what the stores on a database answer, for tests and simulations. Ids
 * of checks count up from `chk_1`.
 *
 * @example
 * const project = await createMemoryStore().project('app')
 * const check = await project.startCheck({ kind: 'full', dryRun: false, asOf, startedAt, configFingerprint }, () => [])
 */
export function createMemoryStore({ clock = null }: MemoryStoreOptions = {}): Store {
  const projects = new Map<string, ProjectStore>()
  let checksBegun = 0
  const everywhere: { off: RepairSwitch | null } = { off: null }
  return {
    async project(projectId) {
      const known = projects.get(projectId)
      if (known) return known
      const project = createProject(projectId, () => ++checksBegun, everywhere, clock)
      projects.set(projectId, project)
      return project
    },
    async close() {},
  }
}

function createProject(
  projectId: string,
  nextCheck: () => number,
  everywhere: { off: RepairSwitch | null },
  clock: Clock | null,
): ProjectStore {
  const checks = new Map<string, MemoryCheck>()
  const incidents = new Map<string, Incident>()
  const idsByIdentity = new Map<string, string>()
  const knownSubjects: KnownSubjects = new Map()
  const remember = ({ subjectsOf }: Touching) => {
    for (const [customerId, subjects] of subjectsOf) {
      const known = knownSubjects.get(customerId) ?? new Set<string>()
      for (const subject of subjects) known.add(subject)
      knownSubjects.set(customerId, known)
    }
  }
  const ledger = new MemoryLedger()

  const checkOf = (id: string): MemoryCheck => {
    const check = checks.get(id)
    if (!check) throw new Error(`The project ${projectId} has no check ${id}.`)
    return check
  }
  const saveIncidents = (
    saved: readonly Incident[],
    checkId: string | null,
    entries: readonly LedgerDraft[],
  ) => {
    for (const incident of saved) {
      const key = identityKey(incident.identity)
      const filed = idsByIdentity.get(key) ?? incident.id
      if (filed !== incident.id) {
        throw new Error(`${key} is filed as ${filed}; it cannot be filed again as ${incident.id}.`)
      }
      idsByIdentity.set(key, filed)
      incidents.set(incident.id, incident)
      if (checkId !== null) checkOf(checkId).seenIncidents.add(incident.id)
    }
    ledger.stage(entries)
  }
  const worstFirst = (a: Incident, b: Incident) =>
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    a.openedAt.getTime() - b.openedAt.getTime() ||
    compareText(a.id, b.id)

  const project: ProjectStore = {
    projectId,
    ...accessStepsInMemory(checks, checkOf),
    ...ledger.methods(),
    ...checkUnitsInMemory({
      checks,
      checkOf,
      nextCheck,
      keepCheck: (check) => checks.set(check.run.id, check),
      stage: (entries) => ledger.stage(entries),
      clock,
      store: () => project,
    }),
    ...pairFilingInMemory({
      incidents,
      known: knownSubjects,
      checkOf,
      nextCheck,
      keepCheck: (check) => checks.set(check.run.id, check),
      saveIncidents,
    }),
    ...exceptionsInMemory((entries) => ledger.stage(entries)),
    ...pushedSubjectsInMemory((entries) => ledger.stage(entries)),
    ...memoryRepairs({
      incidents,
      everywhere,
      stage: (entries) => ledger.stage(entries),
      checks: () => [...checks.values()],
    }),

    async startCheck(begun, entriesOf) {
      const place = nextCheck()
      const run: CheckRun = {
        id: `chk_${place}`,
        ...begun,
        finishedAt: null,
        phase: 'read',
        parts: {},
        requests: {},
        counts: null,
      }
      ledger.stage(entriesOf(run))
      checks.set(run.id, new MemoryCheck(place, run))
      return run
    },
    async unfinishedCheck(configFingerprint) {
      const open = [...checks.values()].filter(
        ({ run, abandoned, isInParts }) =>
          run.kind === 'full' &&
          !isInParts &&
          run.configFingerprint === configFingerprint &&
          run.finishedAt === null &&
          !abandoned,
      )
      return open.toSorted((a, b) => b.place - a.place)[0]?.run ?? null
    },
    async loadCheck(checkId) {
      return checks.get(checkId)?.run ?? null
    },
    async setPhase(checkId, phase) {
      checkOf(checkId).setPhase(phase)
    },
    async setPart(checkId, source, part, state) {
      checkOf(checkId).setPart(source, part, state)
    },
    async addRequests(checkId, source, count) {
      checkOf(checkId).addRequests(source, count)
    },
    async finishCheck(checkId, counts, finishedAt, entries) {
      checkOf(checkId).finish(counts, finishedAt)
      ledger.stage(entries)
    },
    async keepObservationsOf(checkIds) {
      const newest = Math.max(...checkIds.map((id) => checkOf(id).place))
      for (const [id, check] of checks) {
        if (!checkIds.includes(id) && (checkIds.length === 0 || check.place < newest)) check.forget()
      }
    },

    async cursors(checkId, source, part) {
      const cursors = checkOf(checkId).cursors.get(`${source}/${part}`)
      return [...(cursors?.values() ?? [])].toSorted((a, b) => compareText(a.id, b.id))
    },
    async writePage(checkId, page) {
      const check = checkOf(checkId)
      check.writePage(page)
      if (page.requests) check.addRequests(page.source, page.requests)
    },
    async prices(checkId) {
      return [...checkOf(checkId).prices.values()].toSorted((a, b) => compareText(a.id, b.id))
    },
    async reversals(checkId, paymentIds): Promise<ReadonlyMap<string, Reversal>> {
      const asked = new Set(paymentIds)
      return sumReversals(
        [...checkOf(checkId).reversals.values()].filter(({ paymentId }) => asked.has(paymentId)),
      )
    },

    async unreadCustomerIds(checkId, after, limit) {
      return pageOfKeys(checkOf(checkId).unreadCustomerIds(), after, limit).keys
    },
    async countUnreadCustomers(checkId) {
      return checkOf(checkId).unreadCustomerIds().length
    },
    async writePointedCustomers(checkId, pointed) {
      checkOf(checkId).writePointed(pointed)
    },

    async match(checkId, rules) {
      checkOf(checkId).match(rules)
    },
    async rememberPointers(checkId) {
      remember(touching(checkOf(checkId).allReadings(), []))
    },
    async rememberLinks(checkId) {
      remember(touching([], checkOf(checkId).links.links))
    },
    async countCustomers(checkId) {
      return checkOf(checkId).countCustomers()
    },
    async counts(checkId) {
      const check = checkOf(checkId)
      const { linksBySubject } = check.view()
      return matchCounts(coverageOf(check), { subjects: check.subjects.size, matched: linksBySubject.size })
    },
    async observedPairs(checkId, after, limit) {
      const check = checkOf(checkId)
      const page = pageOfKeys(observedKeys(check), after, limit)
      return { pairs: pairsOf(check, knownSubjects, page.keys), next: page.next }
    },
    async differing(checkId, freeKeys, after, limit) {
      const check = checkOf(checkId)
      const page = pageOfKeys(differingKeys(check, freeKeys), after, limit)
      return { pairs: pairsOf(check, knownSubjects, page.keys), next: page.next }
    },
    async pair(checkId, of) {
      const check = checkOf(checkId)
      const key = keyOfPair(check, of)
      return key === null ? null : (pairsOf(check, knownSubjects, [key])[0] ?? null)
    },
    async pairs(checkId, of) {
      const check = checkOf(checkId)
      return of.map((name) => {
        const key = keyOfPair(check, name)
        return key === null ? null : (pairsOf(check, knownSubjects, [key])[0] ?? null)
      })
    },
    async forgetReadings(checkId, source, subjects) {
      checkOf(checkId).forgetReadings(source, subjects)
    },
    async rowCounts(checkId, billing) {
      const check = checkOf(checkId)
      check.rowCounts = countRows(check, billing)
      return { now: check.rowCounts, before: countsBefore([...checks.values()], check) }
    },
    async keepShapes(checkId, shapes) {
      checkOf(checkId).shapes = shapes
    },
    async lastShapes(configFingerprint) {
      return lastWhole([...checks.values()], configFingerprint)?.shapes ?? {}
    },

    async writeFindings(checkId, findings, comparedUpTo) {
      const check = checkOf(checkId)
      for (const finding of findings) check.findings.set(finding.pairKey, finding)
      if (comparedUpTo !== null) check.comparedUpTo = comparedUpTo
    },
    async comparedUpTo(checkId) {
      return checkOf(checkId).comparedUpTo
    },
    async findings(checkId, after, limit, verdict) {
      const { findings } = checkOf(checkId)
      const keys = checkOf(checkId).findingKeys()
      const meant = verdict ? keys.filter((key) => findings.get(key)?.verdict.kind === verdict) : keys
      const page = pageOfKeys(meant, after, limit)
      const found = page.keys
        .map((key) => findings.get(key))
        .filter((finding): finding is Finding => !!finding)
      return { findings: found, next: page.next }
    },
    async tally(checkId) {
      return tallyFindings([...checkOf(checkId).findings.values()])
    },

    async incidentsByIdentity(identityKeys) {
      const found = identityKeys.flatMap((key) => {
        const incident = incidents.get(idsByIdentity.get(key) ?? '')
        return incident ? [[key, incident] as const] : []
      })
      return new Map(found)
    },
    async incident(id) {
      return incidents.get(id) ?? null
    },
    async saveIncidents(saved, checkId, entries) {
      saveIncidents(saved, checkId, entries)
    },
    async changeIncidents(which, checkId, decide) {
      const ids =
        'ids' in which ? which.ids : which.identityKeys.flatMap((key) => idsByIdentity.get(key) ?? [])
      const decision = decide(ids.flatMap((id) => incidents.get(id) ?? []))
      saveIncidents(decision.incidents, checkId, decision.entries)
      return decision.incidents
    },
    async listIncidents(filter, order, after, limit) {
      return listIncidentsInMemory([...incidents.values()], filter, order, after, limit)
    },
    async countIncidents(filter) {
      return countIncidentsInMemory([...incidents.values()], filter)
    },
    async incidents({ states, minSeverity, after, limit }) {
      const start = after === undefined ? null : incidents.get(after)
      if (start === undefined) return []
      const least = minSeverity === undefined ? 0 : severities.indexOf(minSeverity)
      return [...incidents.values()]
        .filter(
          ({ state, severity }) => (states?.includes(state) ?? true) && severities.indexOf(severity) >= least,
        )
        .filter((incident) => start === null || worstFirst(start, incident) < 0)
        .toSorted(worstFirst)
        .slice(0, limit)
    },
    async unseenIncidents(checkId, after, limit) {
      const { seenIncidents } = checkOf(checkId)
      const unseen = [...incidents.values()].filter(
        ({ id, state }) => (state === 'open' || state === 'acknowledged') && !seenIncidents.has(id),
      )
      const ids = unseen.map(({ id }) => id).toSorted(compareText)
      return pageOfKeys(ids, after, limit).keys.flatMap((id) => incidents.get(id) ?? [])
    },
    async undecided(checkId, pairKeys) {
      const check = checkOf(checkId)
      const isObserved = (key: string) => check.subjects.has(key) || keyOfPayerObserved(check, key)
      return new Set(
        pairKeys.filter((key) => !isDecided(check.run, check.findings.get(key) ?? null, isObserved(key))),
      )
    },
  }
  return project
}

function keyOfPair(check: MemoryCheck, of: Parameters<ProjectStore['pair']>[1]): string | null {
  if ('subject' in of) {
    const key = subjectKey(of.subject)
    return check.subjects.has(key) ? key : null
  }
  const linked = check.links.links.filter(({ customerId }) => customerId === of.customerId)
  const [first] = linked.map(({ subject }) => subject).toSorted(compareText)
  if (first !== undefined) return first
  const key = payerKey(of.customerId)
  return keyOfPayerObserved(check, key) ? key : null
}

function keyOfPayerObserved(check: MemoryCheck, key: string): boolean {
  const customerId = key.replace(/^customer:/, '')
  return (
    key.startsWith('customer:') &&
    (check.customers.has(customerId) || check.view().factsByCustomer.has(customerId))
  )
}
