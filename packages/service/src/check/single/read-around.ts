import type {
  AccessSource,
  Acquaintance,
  CheckRun,
  CheckToken,
  CustomerReading,
  MatchValue,
  ObservedCustomer,
  ObservedFact,
  Reversal,
  Rules,
  SubjectId,
  SubjectReading,
} from '@trueup/core'
import {
  Neighbourhood,
  othersNamed,
  payerKey,
  pointsOf,
  subjectKey,
  subjectOfKey,
  sumReversals,
} from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { observeCustomer, observeFact, observeSubject, paymentIdsOf } from '../observe.ts'

/** Whom a single check is about. */
export type Asked = { readonly customerId: string } | { readonly subject: SubjectId }

export interface Around {
  readonly hood: Neighbourhood
  /** The readings that were begun for those that are judged. */
  readonly tokens: readonly CheckToken[]
  /** All customers that were read, whether or not there is one. */
  readonly customers: ReadonlyMap<string, CustomerReading>
  /** Subjects to be judged that were asked for, as keys; some may be in no source. */
  readonly subjects: readonly string[]
  /** Who had to do with these customers before, by customer id, as keys of subjects. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>>
}

/** Subjects of one customer, or customers of one subject, that are read at most. */
const mostAround = othersNamed + 1

/**
 * Reads a customer or a subject now, and those whom it has to do with: by what billing's objects name, by what the
 * app's records point to, and by what earlier checks knew. Single reads only. Two steps in each direction are enough to
 * say which subject a customer belongs to, whether others share it, and who else pays for the subject.
 *
 * Each reading that is judged gets its token before it is sent.
 *
 * @throws SourceError when a side cannot be read: then nothing is known
 */
export async function readAround(
  dependencies: CheckDependencies,
  asked: Asked,
  base: CheckRun | null,
  rules: Rules,
): Promise<Around> {
  const reading = new Reading(dependencies, base, rules)
  const judged = new Set<string>()
  if ('customerId' in asked) {
    await reading.customers([asked.customerId], { judged: true })
    const subjects = await reading.subjectsOf([asked.customerId])
    await reading.subjects(subjects, { judged: true })
    for (const subject of subjects) judged.add(subjectKey(subject))
  } else {
    await reading.subjects([asked.subject], { judged: true })
    judged.add(subjectKey(asked.subject))
  }
  const customerIds = await reading.customersOf([...judged].map(subjectOfKey))
  await reading.customers(customerIds, { judged: true })
  await reading.subjects(await reading.subjectsOf(customerIds), { judged: false })
  return await reading.end([...judged])
}

class Reading {
  readonly #dependencies: CheckDependencies
  readonly #base: CheckRun | null
  readonly #rules: Rules
  readonly #tokens: CheckToken[] = []
  readonly #customers = new Map<string, CustomerReading>()
  readonly #readings = new Map<string, readonly SubjectReading[]>()
  readonly #known = new Map<string, Set<string>>()

  constructor(dependencies: CheckDependencies, base: CheckRun | null, rules: Rules) {
    this.#dependencies = dependencies
    this.#base = base
    this.#rules = rules
  }

  async customers(ids: readonly string[], { judged }: { readonly judged: boolean }): Promise<void> {
    const { project, billing } = this.#dependencies
    const due = [...new Set(ids)].filter((id) => !this.#customers.has(id))
    if (judged) this.#tokens.push(...(await project.issueTokens(due.map(payerKey))))
    const read = await Promise.all(due.map((id) => billing.readCustomer(id)))
    for (const customer of read) this.#customers.set(customer.id, customer)
  }

  async subjects(subjects: readonly SubjectId[], { judged }: { readonly judged: boolean }): Promise<void> {
    const { project, access } = this.#dependencies
    const due = subjects.filter((subject) => !this.#readings.has(subjectKey(subject)))
    if (due.length === 0) return
    if (judged) this.#tokens.push(...(await project.issueTokens(due.map(subjectKey))))
    const read = (await Promise.all(access.map((source) => readFrom(source, due)))).flat()
    for (const subject of due) {
      const key = subjectKey(subject)
      this.#readings.set(
        key,
        read.filter((reading) => subjectKey(reading.subject) === key),
      )
    }
  }

  /** Whom these customers name, and who had to do with them before. */
  async subjectsOf(customerIds: readonly string[]): Promise<readonly SubjectId[]> {
    const named = customerIds.flatMap((id) => {
      const customer = this.#customers.get(id)
      return customer ? this.#namedBy(customer) : []
    })
    const met = await this.#meet({ customerIds, subjects: [] })
    const subjects = [...named, ...met.map(({ subject }) => subject)]
    return [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()]
  }

  /** Whom these subjects point to, and who had to do with them before. */
  async customersOf(subjects: readonly SubjectId[]): Promise<readonly string[]> {
    const pointed = subjects.flatMap((subject) => pointsOf(this.#readings.get(subjectKey(subject)) ?? []))
    const own = subjects.flatMap((subject) => this.#ownCustomersOf(subject))
    const met = await this.#meet({ customerIds: [], subjects })
    return [...new Set([...pointed, ...own, ...met.map(({ customerId }) => customerId)])]
  }

  /** Customers whose ids are those of the subject itself, as in Clerk Billing, whether or not anybody pays. */
  #ownCustomersOf(subject: SubjectId): readonly string[] {
    const rules = this.#rules.match.filter(({ from }) => from.kind === 'customer.id')
    const readings = this.#readings.get(subjectKey(subject)) ?? []
    return [
      ...(rules.some(({ to }) => to === 'id') ? [subject.id] : []),
      ...(rules.some(({ to }) => to === 'externalId')
        ? readings.flatMap(({ externalId }) => externalId ?? [])
        : []),
    ]
  }

  async end(judged: readonly string[]): Promise<Around> {
    const { access } = this.#dependencies
    const facts = await this.#facts()
    const customers = [...this.#customers.values()]
    const hood = new Neighbourhood({
      customers: customers.flatMap(({ customer }) =>
        customer ? [observeCustomer(customer, this.#rules)] : [],
      ),
      facts,
      subjects: [...this.#readings.values()].flat().map((reading) => observeSubject(reading, this.#rules)),
      pointed: customers.map(({ pointed }) => pointed),
      known: this.#known,
      sources: access.map(({ name }) => name),
      rules: this.#rules.match,
    })
    return { hood, tokens: this.#tokens, customers: this.#customers, subjects: judged, known: this.#known }
  }

  async #facts(): Promise<readonly ObservedFact[]> {
    const facts = [...this.#customers.values()].flatMap((customer) => customer.facts)
    // What entitles to nothing entitles to no more once its money went back.
    const entitling = facts.filter((fact) => observeFact(fact, new Map(), this.#rules).entitling)
    const reversals = await readReversals(this.#dependencies, this.#base, paymentIdsOf(entitling))
    return facts.map((fact) => observeFact(fact, reversals, this.#rules))
  }

  async #meet(of: {
    readonly customerIds: readonly string[]
    readonly subjects: readonly SubjectId[]
  }): Promise<readonly Acquaintance[]> {
    const met = await this.#dependencies.project.acquaintances(this.#base?.id ?? null, of, mostAround)
    for (const { customerId, subject } of met) {
      this.#known.set(customerId, (this.#known.get(customerId) ?? new Set()).add(subjectKey(subject)))
    }
    return met
  }

  /** The subjects whose very ids a customer's objects hold. */
  #namedBy({ customer, facts }: CustomerReading): readonly SubjectId[] {
    const observed: readonly (ObservedCustomer | ObservedFact)[] = [
      ...(customer ? [observeCustomer(customer, this.#rules)] : []),
      ...facts.map((fact) => observeFact(fact, new Map(), this.#rules)),
    ]
    const types = [...new Set(this.#dependencies.access.flatMap(({ subjectTypes }) => subjectTypes))]
    return namedIds(
      observed.flatMap(({ matchValues }) => matchValues),
      this.#rules,
    ).flatMap((id) => types.map((type) => ({ type, id })))
  }
}

/** The ids of subjects among these values. */
export function namedIds(values: readonly MatchValue[], { match }: Pick<Rules, 'match'>): readonly string[] {
  return [...new Set(values.flatMap(({ rule, value }) => (match[rule]?.to === 'id' ? [value] : [])))]
}

async function readFrom(
  source: AccessSource,
  subjects: readonly SubjectId[],
): Promise<readonly SubjectReading[]> {
  const own = subjects.filter(({ type }) => source.subjectTypes.includes(type))
  return own.length > 0 ? await source.readSubjects(own) : []
}

/** What went back of these payments: as billing says now, or else as the last full check read it. */
async function readReversals(
  { project, billing }: CheckDependencies,
  base: CheckRun | null,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, Reversal>> {
  if (paymentIds.length === 0) return new Map()
  if (billing.readReversals) return sumReversals(await billing.readReversals(paymentIds))
  return base ? await project.reversals(base.id, paymentIds) : new Map()
}
