import type { AccessSource, Finding, Rules, SubjectId, SubjectReading } from '@trueup/core'
import { find, SourceError, subjectKey } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { observeCustomer, observeFact, observeSubject, paymentIdsOf } from './observe.ts'
import type { CheckProgress } from './progress.ts'

const findingsPerPage = 100

/**
 * Reads both sides of every difference a second time before it is filed, so that pages read minutes apart, or a
 * webhook under way, are not taken for drift. What no longer differs is dropped.
 */
export async function confirmDrifts(
  dependencies: CheckDependencies,
  checkId: string,
  rules: Rules,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const { project } = dependencies
  let after: string | null = null
  let pairs = 0
  for (;;) {
    const page = await project.findings(checkId, after, findingsPerPage)
    const due = page.findings.filter(needsSecondReading)
    if (due.length > 0) {
      await confirmPage(dependencies, checkId, due, rules)
      pairs += due.length
      report({ kind: 'confirmed', pairs })
    }
    if (page.next === null) return
    after = page.next
  }
}

function needsSecondReading(finding: Finding): boolean {
  return finding.verdict.kind === 'drifts' && !finding.settling && !finding.confirmed
}

async function confirmPage(
  dependencies: CheckDependencies,
  checkId: string,
  due: readonly Finding[],
  rules: Rules,
): Promise<void> {
  const { project } = dependencies
  const gone = await readAgain(dependencies, checkId, due, rules)
  await project.match(checkId, rules.match)
  const confirmed: Finding[] = []
  for (const finding of due) {
    if (gone === 'unreadable') continue
    if (finding.subject && gone.has(subjectKey(finding.subject))) {
      confirmed.push({ ...finding, verdict: { kind: 'agrees' }, notices: [], confirmed: true })
      continue
    }
    const pair = await project.pair(checkId, pairOf(finding))
    if (pair) confirmed.push({ ...find(pair, rules), confirmed: true })
  }
  await project.writeFindings(checkId, confirmed, await project.comparedUpTo(checkId))
}

function pairOf(finding: Finding): { readonly subject: SubjectId } | { readonly customerId: string } {
  if (finding.subject) return { subject: finding.subject }
  if (finding.customerId) return { customerId: finding.customerId }
  throw new Error(`The finding ${finding.pairKey} names neither a subject nor a customer.`)
}

/** Subjects that were there and are gone; `unreadable` when a source failed, and the first reading has to do. */
async function readAgain(
  dependencies: CheckDependencies,
  checkId: string,
  due: readonly Finding[],
  rules: Rules,
): Promise<ReadonlySet<string> | 'unreadable'> {
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
    const found = readings.flat()
    await project.writePage(checkId, {
      source: billing.name,
      part: 'second-reading',
      cursors: [],
      customers: customers.flatMap(({ customer }) => (customer ? [observeCustomer(customer, rules)] : [])),
      facts: facts.map((fact) => observeFact(fact, reversals, rules)),
      subjects: found.map((reading) => observeSubject(reading, rules)),
    })
    const there = new Set(found.map((reading) => subjectKey(reading.subject)))
    return new Set(subjects.map(subjectKey).filter((key) => !there.has(key)))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    await project.setPart(checkId, error.source, 'second-reading', {
      state: 'failed',
      code: error.code,
      message: error.message,
    })
    return 'unreadable'
  } finally {
    for (const source of sources) {
      await project.addRequests(checkId, source.name, source.requests() - (before.get(source.name) ?? 0))
    }
  }
}

async function readFrom(
  source: AccessSource,
  subjects: readonly SubjectId[],
): Promise<readonly SubjectReading[]> {
  const own = subjects.filter((subject) => source.subjectTypes.includes(subject.type))
  return own.length > 0 ? source.readSubjects(own) : []
}
