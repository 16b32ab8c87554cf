import type { CheckRun, PointedCustomer } from '@trueup/core'
import { isReadWhole, SourceError } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { IdSet } from './id-set.ts'
import { observeCustomer, observeFact, paymentIdsOf } from './observe.ts'
import type { CheckProgress } from './progress.ts'
import { readListOfCustomers } from './read-sources.ts'
import { ruleBase } from './rules-of.ts'

/** Customers are listed in pages of this many. */
const customersPerPage = 100
/** At least this many single reads are worth an exact word on customers that the list does not hold. */
const fewestSingleReads = 50
/** Beyond the fewest, they stay within this share of the requests that the check has sent. */
const singleReadShare = 0.01
/** Many, since each page joins all subjects with all customers. */
const idsPerPage = 20_000
/** Single reads that are done again at most where a check is cut off. */
const answersPerWrite = 200

/** What a run knows of its customers when it begins to look them up. */
export interface KnownCustomers {
  /** Those that it has read: of the list, only the others are stored. */
  readonly known: IdSet
  readonly counted: CountedCustomers
}

/**
 * Finds out about the customers that subjects point to and that no subscription brought along: most have never
 * bought anything, some are deleted, unknown, or of the other mode. Where asking for each is certainly no dearer than
 * listing them all, each is asked for; else the list is read, and what it lacks is asked for within a bound.
 */
export async function lookUpCustomers(
  dependencies: CheckDependencies,
  checkId: string,
  { known, counted: { unread, read } }: KnownCustomers,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const { project, billing } = dependencies
  const check = await project.loadCheck(checkId)
  if (check?.parts[`${billing.name}/subscriptions`]?.state !== 'complete') return
  const listing = check.parts[`${billing.name}/customers`]
  const isCutOff = listing !== undefined && !isReadWhole(listing)
  if (unread === 0 && !isCutOff) {
    // The last answers may have been stored just before the check was cut off.
    const pointed = check.parts[`${billing.name}/pointed-customers`]
    if (pointed && !isReadWhole(pointed)) await readSingly(dependencies, check, 0)
    return
  }
  // A list that was begun is read to its end: a part of it says nothing of the customers that it lacks.
  if (listing === undefined && !isDearerSingly({ unread, read })) {
    await readSingly(dependencies, check, unread)
    return
  }
  await readListOfCustomers(dependencies, check, known, report)
  const listed = await project.loadCheck(checkId)
  if (listed?.parts[`${billing.name}/customers`]?.state !== 'complete') return
  const sent = listed.requests[billing.name] ?? 0
  await readSingly(dependencies, listed, Math.max(fewestSingleReads, Math.floor(sent * singleReadShare)))
}

/** Whether the list of customers is to be read, before anything of it was: asking for each may be dearer. */
export async function needsListOfCustomers(
  dependencies: CheckDependencies,
  checkId: string,
): Promise<boolean> {
  const { project, billing } = dependencies
  const check = await project.loadCheck(checkId)
  if (check?.parts[`${billing.name}/subscriptions`]?.state !== 'complete') return false
  return isDearerSingly(await countCustomers(dependencies, checkId))
}

/** Customers by whether they were read: those that subjects point to and that were not, and all that were. */
export interface CountedCustomers {
  readonly unread: number
  readonly read: number
}

/** Counts the customers of a check by whether they were read. */
export async function countCustomers(
  { project }: CheckDependencies,
  checkId: string,
): Promise<CountedCustomers> {
  const [unread, read] = await Promise.all([
    project.countUnreadCustomers(checkId),
    project.countCustomers(checkId),
  ])
  return { unread, read }
}

function isDearerSingly({ unread, read }: CountedCustomers): boolean {
  return unread > Math.ceil((read + unread) / customersPerPage)
}

async function readSingly(dependencies: CheckDependencies, check: CheckRun, bound: number): Promise<void> {
  const { project, billing } = dependencies
  const part = 'pointed-customers'
  await project.setPart(check.id, billing.name, part, { state: 'reading' })
  const before = billing.requests()
  let asked = 0
  let after: string | null = null
  try {
    for (;;) {
      const ids: readonly string[] = await project.unreadCustomerIds(check.id, after, idsPerPage)
      if (ids.length === 0) break
      after = ids.at(-1) ?? null
      const asking = ids.slice(0, Math.max(0, bound - asked))
      asked += asking.length
      for (let start = 0; start < asking.length; start += answersPerWrite) {
        const some = asking.slice(start, start + answersPerWrite)
        const answers = await Promise.all(some.map((id) => readOne(dependencies, check, id)))
        await project.writePointedCustomers(check.id, answers)
      }
      const notAsked = ids
        .slice(asking.length)
        .map((id): PointedCustomer => ({ id, found: 'unknown', said: 'It is not in the list of customers.' }))
      await project.writePointedCustomers(check.id, notAsked)
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    await project.setPart(check.id, billing.name, part, {
      state: 'failed',
      code: error.code,
      message: error.message,
    })
    return
  } finally {
    await project.addRequests(check.id, billing.name, billing.requests() - before)
  }
  await project.setPart(check.id, billing.name, part, { state: 'complete' })
}

async function readOne(
  dependencies: CheckDependencies,
  check: CheckRun,
  id: string,
): Promise<PointedCustomer> {
  const { project, billing } = dependencies
  const rules = ruleBase(dependencies, check)
  const answer = await billing.readCustomer(id)
  if (answer.customer) {
    const reversals = await project.reversals(check.id, paymentIdsOf(answer.facts))
    await project.writePage(check.id, {
      source: billing.name,
      part: 'pointed-customers',
      cursors: [],
      customers: [observeCustomer(answer.customer, rules)],
      facts: answer.facts.map((fact) => observeFact(fact, reversals, rules)),
    })
  }
  return answer.pointed
}
