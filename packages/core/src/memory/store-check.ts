import type { Finding } from '../check/finding.ts'
import type { CheckCounts, CheckPhase, CheckRun, Cursor, PartState } from '../check/progress.ts'
import type { PointedCustomer } from '../match/pair.ts'
import type { MatchRule } from '../match/rule.ts'
import type { Price } from '../price/price.ts'
import type { Reversal } from '../promise/billing.ts'
import type { ObservedCustomer, ObservedFact, ObservedPage, ObservedSubject } from '../store.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import type { Links, Touching } from './store-links.ts'
import { linkCustomers, touching } from './store-links.ts'
import { compareText } from './store-order.ts'
import { groupBy, pointsOf } from './store-pair.ts'

/** What follows from the observations of a check; worked out once for each state of them. */
export interface View {
  readonly touching: Touching
  readonly factsByCustomer: ReadonlyMap<string, readonly ObservedFact[]>
  readonly linksBySubject: ReadonlyMap<string, Links['links']>
  readonly linkedCustomers: ReadonlySet<string>
  /** By subject: the entitling customers that may mean it as well as others. */
  readonly claimedBy: ReadonlyMap<string, readonly string[]>
  /** Filled by the first question for what differs under these free keys. */
  differing: { readonly freeKeys: string; readonly keys: readonly string[] } | null
}

/** One check with all that it observed. */
export class MemoryCheck {
  run: CheckRun
  readonly place: number
  abandoned = false
  /** Read by several, each a piece under a lease. */
  isInParts = false
  comparedUpTo: string | null = null
  rules: readonly MatchRule[] = []
  links: Links = { links: [], ambiguous: new Map() }
  readonly cursors = new Map<string, Map<string, Cursor>>()
  readonly prices = new Map<string, Price>()
  readonly reversals = new Map<string, { readonly paymentId: string } & Reversal>()
  readonly customers = new Map<string, ObservedCustomer>()
  readonly facts = new Map<string, ObservedFact>()
  /** By subject key, then by source. */
  readonly subjects = new Map<string, Map<string, ObservedSubject>>()
  readonly pointed = new Map<string, PointedCustomer>()
  readonly findings = new Map<string, Finding>()
  readonly seenIncidents = new Set<string>()
  /** Kept when the observations are forgotten. */
  rowCounts: Readonly<Record<string, number>> | null = null
  shapes: Readonly<Record<string, string>> = {}
  #view: View | null = null
  /** Findings are never taken away one by one, so that as many keys are the same keys. */
  #findingKeys: readonly string[] | null = null
  /** Worked out once, for it is asked for page by page; what is found out meanwhile is taken out of it. */
  #unread: readonly string[] | null = null

  constructor(place: number, run: CheckRun) {
    this.place = place
    this.run = run
  }

  writePage(page: ObservedPage): void {
    const at = `${page.source}/${page.part}`
    const cursors = this.cursors.get(at) ?? new Map<string, Cursor>()
    for (const cursor of page.cursors) cursors.set(cursor.id, cursor)
    this.cursors.set(at, cursors)
    for (const price of page.prices ?? []) this.prices.set(price.id, price)
    for (const reversal of page.reversals ?? []) {
      this.reversals.set(JSON.stringify([reversal.paymentId, reversal.ids]), reversal)
    }
    for (const observed of page.customers ?? []) this.customers.set(observed.customer.id, observed)
    for (const observed of page.facts ?? []) this.facts.set(observed.fact.id, observed)
    for (const observed of page.subjects ?? []) {
      const key = subjectKey(observed.reading.subject)
      const readings = this.subjects.get(key) ?? new Map<string, ObservedSubject>()
      this.subjects.set(key, readings.set(observed.reading.source, observed))
    }
    if (page.subjects?.length) this.#unread = null
    this.#dropFromUnread((page.customers ?? []).map(({ customer }) => customer.id))
    this.#view = null
  }

  writePointed(pointed: readonly PointedCustomer[]): void {
    for (const customer of pointed) this.pointed.set(customer.id, customer)
    if (pointed.some(({ found }) => found === 'not-asked')) this.#unread = null
    this.#dropFromUnread(pointed.map(({ id }) => id))
    this.#view = null
  }

  forgetReadings(source: string, subjects: readonly SubjectId[]): void {
    for (const subject of subjects) {
      const key = subjectKey(subject)
      const readings = this.subjects.get(key)
      readings?.delete(source)
      if (readings?.size === 0) this.subjects.delete(key)
    }
    this.#unread = null
    this.#view = null
  }

  match(rules: readonly MatchRule[]): void {
    this.rules = rules
    const observed = { customers: this.customers.values(), facts: this.facts.values() }
    this.links = linkCustomers({ ...observed, subjects: this.allReadings() }, rules)
    this.#view = null
  }

  /** What became of a customer that a subject points to, as far as it was asked. */
  pointedCustomer(id: string): PointedCustomer {
    if (this.customers.has(id)) return { id, found: 'read' }
    return this.pointed.get(id) ?? { id, found: 'not-asked' }
  }

  countCustomers(): number {
    return new Set([...this.customers.keys(), ...this.view().factsByCustomer.keys()]).size
  }

  unreadCustomerIds(): readonly string[] {
    if (this.#unread === null) {
      const pointed = new Set([...this.allReadings()].flatMap(({ reading }) => pointsOf([reading])))
      this.#unread = [...pointed]
        .filter((id) => this.pointedCustomer(id).found === 'not-asked')
        .toSorted(compareText)
    }
    return this.#unread
  }

  #dropFromUnread(ids: readonly string[]): void {
    if (this.#unread === null || ids.length === 0) return
    const dropped = new Set(ids)
    this.#unread = this.#unread.filter((id) => !dropped.has(id))
  }

  /** The keys of what was found, in order. */
  findingKeys(): readonly string[] {
    if (this.#findingKeys?.length !== this.findings.size) {
      this.#findingKeys = [...this.findings.keys()].toSorted(compareText)
    }
    return this.#findingKeys
  }

  readings(key: string): readonly ObservedSubject[] {
    return [...(this.subjects.get(key)?.values() ?? [])]
  }

  *allReadings(): Iterable<ObservedSubject> {
    for (const readings of this.subjects.values()) yield* readings.values()
  }

  forget(): void {
    for (const observed of [this.cursors, this.prices, this.reversals, this.customers, this.facts]) {
      observed.clear()
    }
    for (const observed of [this.subjects, this.pointed, this.findings, this.seenIncidents]) observed.clear()
    this.links = { links: [], ambiguous: new Map() }
    this.abandoned = this.run.finishedAt === null
    this.#unread = null
    this.#findingKeys = null
    this.#view = null
  }

  view(): View {
    this.#view ??= this.#look()
    return this.#view
  }

  #look(): View {
    const factsByCustomer = groupBy([...this.facts.values()], ({ fact }) => fact.customerId)
    const claimedBy = new Map<string, string[]>()
    for (const [customerId, subjects] of this.links.ambiguous) {
      if (!factsByCustomer.get(customerId)?.some(({ entitling }) => entitling)) continue
      for (const subject of subjects) {
        claimedBy.set(subject, [...(claimedBy.get(subject) ?? []), customerId])
      }
    }
    return {
      touching: touching(this.allReadings(), this.links.links),
      factsByCustomer,
      linksBySubject: groupBy(this.links.links, ({ subject }) => subject),
      linkedCustomers: new Set(this.links.links.map(({ customerId }) => customerId)),
      claimedBy,
      differing: null,
    }
  }

  setPhase(phase: CheckPhase): void {
    this.run = { ...this.run, phase }
  }

  setPart(source: string, part: string, state: PartState): void {
    this.run = { ...this.run, parts: { ...this.run.parts, [`${source}/${part}`]: state } }
  }

  addRequests(source: string, count: number): void {
    const sent = (this.run.requests[source] ?? 0) + count
    this.run = { ...this.run, requests: { ...this.run.requests, [source]: sent } }
  }

  finish(counts: CheckCounts, finishedAt: Date): void {
    this.run = { ...this.run, phase: 'finished', counts, finishedAt }
  }
}
