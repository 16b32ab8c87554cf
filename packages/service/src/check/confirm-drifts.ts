import type { AccessSource, Finding, PairName, Rules, SubjectId, SubjectReading } from '@trueup/core'
import { find, SourceError, subjectKey } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { observeCustomer, observeFact, observeSubject, paymentIdsOf } from './observe.ts'
import type { CheckProgress } from './progress.ts'

const findingsPerPage = 100

/**
 * Reads both sides of every difference a second time before it is filed, so that pages read minutes apart, or a
 * webhook under way, are not taken for drift. What no longer differs is dropped.
 *
 * All are read first, then matched once, then compared. When a source fails on the way, those that were read by then
 * are confirmed, and the others stay unconfirmed.
 */
export async function confirmDrifts(
  dependencies: CheckDependencies,
  checkId: string,
  rules: Rules,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const { project } = dependencies
  const lastRead = await readAllAgain(dependencies, checkId, rules)
  if (lastRead === null) return
  await Promise.all([project.match(checkId, rules.match), project.rememberPointers(checkId)])
  await project.rememberLinks(checkId)
  let pairs = 0
  for await (const due of dueFindings(dependencies, checkId, lastRead)) {
    await confirmPage(dependencies, checkId, due, rules)
    pairs += due.length
    report({ kind: 'confirmed', pairs })
  }
}

/** The findings that are due, a page at a time, up to this key. */
async function* dueFindings(
  { project }: CheckDependencies,
  checkId: string,
  upTo: string | null,
): AsyncGenerator<readonly Finding[]> {
  let after: string | null = null
  do {
    const page = await project.findings(checkId, after, findingsPerPage, 'drifts')
    const due = page.findings.filter(needsSecondReading)
    const end = upTo === null ? -1 : due.findIndex(({ pairKey }) => pairKey === upTo)
    const within = end < 0 ? due : due.slice(0, end + 1)
    if (within.length > 0) yield within
    if (end >= 0) return
    after = page.next
  } while (after !== null)
}

function needsSecondReading(finding: Finding): boolean {
  return !finding.settling && !finding.confirmed
}

/** Reads every due difference once more. The key of the last that was read; `null`: none was. */
async function readAllAgain(
  dependencies: CheckDependencies,
  checkId: string,
  rules: Rules,
): Promise<string | null> {
  let lastRead: string | null = null
  for await (const due of dueFindings(dependencies, checkId, null)) {
    if (!(await readAgain(dependencies, checkId, due, rules))) return lastRead
    lastRead = due.at(-1)?.pairKey ?? lastRead
  }
  return lastRead
}

async function confirmPage(
  { project }: CheckDependencies,
  checkId: string,
  due: readonly Finding[],
  rules: Rules,
): Promise<void> {
  const pairs = await project.pairs(checkId, due.map(nameOf))
  const confirmed = due.flatMap((finding, place): readonly Finding[] => {
    const pair = pairs[place]
    const found = pair ? { ...find(pair, rules), confirmed: true } : null
    if (found?.pairKey === finding.pairKey) return [found]
    // The subject is gone from every source, or the payer has found its subject: what was said no longer holds.
    const ended: Finding = { ...finding, verdict: { kind: 'agrees' }, notices: [], confirmed: true }
    return found ? [ended, found] : [ended]
  })
  await project.writeFindings(checkId, confirmed, await project.comparedUpTo(checkId))
}

function nameOf(finding: Finding): PairName {
  if (finding.subject && finding.pairKey === subjectKey(finding.subject)) return { subject: finding.subject }
  if (finding.customerId) return { customerId: finding.customerId }
  throw new Error(`The finding ${finding.pairKey} names neither a subject nor a customer.`)
}

/** Whether both sides could be read; where not, the first reading has to do. */
async function readAgain(
  dependencies: CheckDependencies,
  checkId: string,
  due: readonly Finding[],
  rules: Rules,
): Promise<boolean> {
  const { project, billing, access } = dependencies
  const subjects = due.flatMap(({ subject }) => (subject ? [subject] : []))
  const customerIds = [...new Set(due.flatMap((finding) => finding.customerIds))]
  const sources = [billing, ...access]
  const before = new Map(sources.map((source) => [source.name, source.requests()]))
  try {
    const [customers, readings] = await Promise.all([
      Promise.all(customerIds.map((id) => billing.readCustomer(id))),
      Promise.all(access.map((source) => readFrom(source, subjects))),
    ])
    const facts = customers.flatMap((customer) => customer.facts)
    const reversals = await project.reversals(checkId, paymentIdsOf(facts))
    await project.writePage(checkId, {
      source: billing.name,
      part: 'second-reading',
      cursors: [],
      customers: customers.flatMap(({ customer }) => (customer ? [observeCustomer(customer, rules)] : [])),
      facts: facts.map((fact) => observeFact(fact, reversals, rules)),
      subjects: readings.flatMap(({ found }) => found.map((reading) => observeSubject(reading, rules))),
    })
    for (const { source, gone } of readings) {
      if (gone.length > 0) await project.forgetReadings(checkId, source, gone)
    }
    return true
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    await project.setPart(checkId, error.source, 'second-reading', {
      state: 'failed',
      code: error.code,
      message: error.message,
    })
    return false
  } finally {
    for (const source of sources) {
      await project.addRequests(checkId, source.name, source.requests() - (before.get(source.name) ?? 0))
    }
  }
}

/** What one source says of these subjects now, and which of them it does not have, or no longer has. */
async function readFrom(
  source: AccessSource,
  subjects: readonly SubjectId[],
): Promise<{
  readonly source: string
  readonly found: readonly SubjectReading[]
  readonly gone: readonly SubjectId[]
}> {
  const own = subjects.filter((subject) => source.subjectTypes.includes(subject.type))
  const found = own.length > 0 ? await source.readSubjects(own) : []
  const there = new Set(found.map((reading) => subjectKey(reading.subject)))
  return { source: source.name, found, gone: own.filter((subject) => !there.has(subjectKey(subject))) }
}
