import type {
  AccessPart,
  AccessSource,
  BillingPart,
  CheckRun,
  Page,
  Rules,
  SourceErrorCode,
  SubjectReading,
} from '@trueup/core'
import { isReadWhole, SourceError, sellsForGood } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { IdSet } from './id-set.ts'
import { observeSubject } from './observe.ts'
import type { BillingPage, PageObserved } from './observe-billing-page.ts'
import { observeBillingPage } from './observe-billing-page.ts'
import type { CheckProgress } from './progress.ts'
import { ruleBase } from './rules-of.ts'

type Report = (progress: CheckProgress) => void

/** A source that counts the requests that it sends. */
interface Counted {
  readonly name: string
  requests(): number
}

/**
 * Reads every part of every source that is not yet complete, each from its cursors. The vendors are read side by
 * side; within billing, refunds and disputes come before the subscriptions and purchases that they are attached to.
 *
 * @param known The customers that this run has read: those that come are added to them, and each is stored once.
 */
export async function readSources(
  dependencies: CheckDependencies,
  check: CheckRun,
  known: IdSet,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  const reading = new Reading(dependencies, check, known, report, signal)
  await Promise.all([reading.billing(), ...dependencies.access.map((source) => reading.access(source))])
}

/** Reads the list of customers, which stands outside the usual order. */
export async function readListOfCustomers(
  dependencies: CheckDependencies,
  check: CheckRun,
  known: IdSet,
  report: Report,
): Promise<void> {
  await new Reading(dependencies, check, known, report).billingPart('customers')
}

class Reading {
  readonly #dependencies: CheckDependencies
  readonly #check: CheckRun
  readonly #known: IdSet
  readonly #report: Report
  readonly #signal: AbortSignal | undefined
  readonly #rules: Rules
  readonly #counted: Map<Counted, number>
  /** Sources of which no part can be read: one was tried as often as is worth it, and the others are not. */
  readonly #lost = new Map<Counted, SourceError>()

  constructor(
    dependencies: CheckDependencies,
    check: CheckRun,
    known: IdSet,
    report: Report,
    signal?: AbortSignal,
  ) {
    this.#counted = new Map(
      [dependencies.billing, ...dependencies.access].map((source) => [source, source.requests()]),
    )
    this.#dependencies = dependencies
    this.#check = check
    this.#known = known
    this.#report = report
    this.#signal = signal
    this.#rules = ruleBase(dependencies, check)
  }

  async billing(): Promise<void> {
    for (const parts of billingParts(this.#dependencies)) {
      await Promise.all(parts.map((part) => this.billingPart(part)))
    }
  }

  async billingPart(part: BillingPart): Promise<void> {
    const source = this.#dependencies.billing
    await this.#readPart(
      source,
      part,
      (cursors) => source.read(part, cursors),
      (page) => this.#observeBilling(part, page as BillingPage),
    )
  }

  async #observeBilling(part: BillingPart, page: BillingPage): Promise<PageObserved> {
    const { id } = this.#check
    const observed = await observeBillingPage(this.#dependencies, id, this.#rules, part, page, this.#known)
    for (const { customer } of observed.customers ?? []) this.#known.add(customer.id)
    return observed
  }

  async access(source: AccessSource): Promise<void> {
    for (const type of source.subjectTypes) {
      const part: AccessPart = type === 'user' ? 'users' : 'organizations'
      await this.#readPart(
        source,
        part,
        (cursors) => source.read(part, cursors),
        async (page) => ({
          subjects: page.rows.map((row) => observeSubject(row as SubjectReading, this.#rules)),
        }),
      )
    }
  }

  async #readPart<Row>(
    source: Counted,
    part: string,
    read: (cursors: Awaited<ReturnType<CheckDependencies['project']['cursors']>>) => AsyncIterable<Page<Row>>,
    observe: (page: Page<Row>) => Promise<PageObserved>,
  ): Promise<void> {
    const { project } = this.#dependencies
    const checkId = this.#check.id
    const known = this.#check.parts[`${source.name}/${part}`]
    if (known && isReadWhole(known)) return
    await project.setPart(checkId, source.name, part, { state: 'reading' })
    let rows = 0
    const countRequests = async () => {
      const requests = this.#requestsSpent(source)
      if (requests > 0) await project.addRequests(checkId, source.name, requests)
    }
    try {
      const lost = this.#lost.get(source)
      if (lost) throw lost
      const cursors = await project.cursors(checkId, source.name, part)
      for await (const page of read(cursors)) {
        this.#signal?.throwIfAborted()
        const observed = await observe(page)
        const requests = this.#requestsSpent(source)
        await project.writePage(checkId, {
          source: source.name,
          part,
          cursors: page.cursors,
          requests,
          ...observed,
        })
        rows += page.rows.length
        this.#report({ kind: 'page', source: source.name, part, rows, requests: source.requests() })
      }
    } catch (error) {
      await countRequests()
      if (!(error instanceof SourceError)) throw error
      if (lostFor.includes(error.code)) this.#lost.set(source, error)
      if (error.code === 'permission-missing' && optionalParts.includes(part)) {
        await project.setPart(checkId, source.name, part, { state: 'left-out', message: error.message })
        return
      }
      await project.setPart(checkId, source.name, part, {
        state: 'failed',
        code: error.code,
        message: error.message,
      })
      this.#report({ kind: 'part', source: source.name, part, state: 'failed', message: error.message })
      return
    }
    await countRequests()
    await project.setPart(checkId, source.name, part, { state: 'complete' })
    this.#report({ kind: 'part', source: source.name, part, state: 'complete', message: null })
  }

  /** Requests that a source has sent since this was last asked: parts that are read side by side share the count. */
  #requestsSpent(source: Counted): number {
    const now = source.requests()
    const spent = now - (this.#counted.get(source) ?? 0)
    this.#counted.set(source, now)
    return spent
  }
}

/** After one of these no other part of the source is tried. */
export const lostFor: readonly SourceErrorCode[] = ['unreachable', 'key-rejected']

/** Without them refunded periods are not put up for review; nothing else is concluded from them. */
export const optionalParts: readonly string[] = ['refunds', 'disputes']

/** The parts of billing that this project needs: those of a list side by side, after all of the list before. */
export function billingParts({ config }: CheckDependencies): readonly (readonly BillingPart[])[] {
  // Checkouts stand among the purchases, and what matches by them needs them whatever is sold.
  const matchesByCheckout = config.match.some(({ from }) => from.kind === 'checkout.client_reference_id')
  const needsPurchases = sellsForGood(config.catalogue) || matchesByCheckout
  return [
    ['prices', 'refunds', 'disputes'],
    needsPurchases ? ['subscriptions', 'purchases'] : ['subscriptions'],
  ]
}
