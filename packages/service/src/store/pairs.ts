import type { MatchValue, Pair, PointedCustomer, SubjectId, SubjectReading } from '@trueup/core'
import {
  assemblePairs,
  compareText,
  completeness,
  customerOfKey,
  othersNamed,
  payerKey,
  pointsOf,
  subjectKey,
  subjectOfKey,
} from '@trueup/core'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { partsOf } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import { packedCustomer, packedFact, packedReading } from './packing/packed-observations.ts'
import type { Scope, Tables } from './tables.ts'

/**
 * Reads the pairs of these keys, each of which was observed: in a fixed number of statements, however many they are, and
 * those that need nothing of each other at once.
 */
export async function loadPairs(
  scope: Scope,
  check: Pick<Selectable<Tables['trueup.check_run']>, 'check_number' | 'match_rules'>,
  keys: readonly string[],
): Promise<readonly Pair[]> {
  if (keys.length === 0) return []
  const rows = pairRows(scope, check.check_number)
  const subjects = keys.filter((key) => customerOfKey(key) === null)
  const payers = keys.flatMap((key) => customerOfKey(key) ?? [])

  const [parts, readings, links, candidates, rivals] = await Promise.all([
    partsOf(scope, check.check_number),
    rows.readings(subjects),
    rows.links(subjects),
    rows.candidates(payers),
    rows.rivals(subjects),
  ])
  const complete = completeness(parts, check.match_rules)
  const customerIds = [...new Set([...links.map(({ customerId }) => customerId), ...payers])]
  const points = readings.flatMap((reading) =>
    pointsOf([reading]).map((customerId) => ({ subject: subjectKey(reading.subject), customerId })),
  )
  const pointing = new Set(points.map(({ subject }) => subject))
  const shown = [...points, ...links.filter(({ subject }) => !pointing.has(subject))]
  const [customers, facts, pointed, sharedWith, formerSubjects] = await Promise.all([
    rows.customers(customerIds),
    rows.facts(customerIds),
    rows.pointed([...new Set(points.map(({ customerId }) => customerId))]),
    rows.others(shown),
    complete.ofAccess ? rows.former(payers) : [],
  ])

  const unanswered = new Map<string, MatchValue[]>(payers.map((customerId) => [payerKey(customerId), []]))
  for (const { customerId, matchValues } of [...customers, ...facts]) {
    unanswered.get(payerKey(customerId))?.push(...matchValues)
  }
  return assemblePairs(keys, {
    readings,
    links,
    customers: customers.map(({ customer }) => customer),
    facts: facts.map(({ fact }) => fact),
    pointed,
    sharedWith: named(sharedWith),
    ambiguous: named([...candidates, ...rivals]),
    formerSubjects: named(formerSubjects),
    unanswered,
    complete,
  })
}

/** Another subject that a pair names. */
interface Other {
  readonly key: string
  readonly other: string
}

/** One statement for each kind of row that pairs are made of. */
function pairRows({ db, projectId }: Scope, number: number) {
  const ofCheck = sql`project_id = ${projectId} and check_number = ${number}`
  const list = (ids: readonly string[]) => sql`${ids.map(columnText)}::text[]`

  return {
    async readings(subjects: readonly string[]): Promise<readonly SubjectReading[]> {
      const { rows } = await sql<{ reading: string }>`
        select reading from trueup.observed_subject
        where ${ofCheck} and subject_key = any(${list(subjects)})`.execute(db)
      return rows.map(({ reading }) => packedReading.read(reading))
    },
    async links(subjects: readonly string[]) {
      const { rows } = await sql<{ subject: string; customerId: string; rule: number }>`
        select subject_key as subject, customer_id as "customerId", rule from trueup.link
        where ${ofCheck} and subject_key = any(${list(subjects)})`.execute(db)
      return rows
    },
    async customers(ids: readonly string[]) {
      const { rows } = await sql<{
        customerId: string
        customer: string
        matchValues: readonly MatchValue[]
      }>`select customer_id as "customerId", customer, match_values as "matchValues"
        from trueup.observed_customer where ${ofCheck} and customer_id = any(${list(ids)})`.execute(db)
      return rows.map((row) => ({ ...row, customer: packedCustomer.read(row.customer) }))
    },
    async facts(ids: readonly string[]) {
      const { rows } = await sql<{
        customerId: string
        fact: string
        matchValues: readonly MatchValue[]
      }>`select customer_id as "customerId", fact, match_values as "matchValues"
        from trueup.observed_fact where ${ofCheck} and customer_id = any(${list(ids)})`.execute(db)
      return rows.map((row) => ({ ...row, fact: packedFact.read(row.fact) }))
    },
    async pointed(ids: readonly string[]): Promise<ReadonlyMap<string, PointedCustomer>> {
      const { rows } = await sql<{ id: string; read: boolean; pointed: PointedCustomer | null }>`
        select asked.id, c.customer_id is not null as read, p.pointed
        from unnest(${list(ids)}) as asked(id)
          left join trueup.observed_customer c on c.project_id = ${projectId} and c.check_number = ${number}
            and c.customer_id = asked.id
          left join trueup.pointed_customer p on p.project_id = ${projectId} and p.check_number = ${number}
            and p.customer_id = asked.id`.execute(db)
      const found = new Map(rows.map((row) => [row.id, row]))
      return new Map(
        ids.map((id): [string, PointedCustomer] => {
          const row = found.get(columnText(id))
          return [id, row?.read ? { id, found: 'read' } : (row?.pointed ?? { id, found: 'not-asked' })]
        }),
      )
    },
    /** Each of the two looks at few rows in the order of an index, since one customer may have every subject. */
    async others(of: readonly { readonly subject: string; readonly customerId: string }[]) {
      const { rows } = await sql<Other>`
        select distinct asked.key, found.subject_key as other
        from unnest(${list(of.map(({ subject }) => subject))},
            ${list(of.map(({ customerId }) => customerId))}) as asked(key, customer_id)
          cross join lateral (
            (select distinct x.subject_key from trueup.observed_subject x where x.project_id = ${projectId}
              and x.check_number = ${number} and x.points_to = asked.customer_id
              order by x.subject_key limit ${othersNamed + 1})
            union
            (select x.subject_key from trueup.link x where x.project_id = ${projectId}
              and x.check_number = ${number} and x.customer_id = asked.customer_id
              order by x.subject_key limit ${othersNamed + 1})
          ) as found
        where found.subject_key <> asked.key`.execute(db)
      return rows
    },
    async candidates(payers: readonly string[]) {
      const { rows } = await sql<Other>`
        select 'customer:' || customer_id as key, subject_key as other from trueup.candidate
        where ${ofCheck} and customer_id = any(${list(payers)})`.execute(db)
      return rows
    },
    /** All that a paying customer may mean as well as the subject, itself included. */
    async rivals(subjects: readonly string[]) {
      const { rows } = await sql<Other>`
        select distinct own.subject_key as key, rival.subject_key as other
        from trueup.candidate own
          join trueup.candidate rival using (project_id, check_number, customer_id)
        where own.project_id = ${projectId} and own.check_number = ${number}
          and own.subject_key = any(${list(subjects)})
          and exists (select from trueup.observed_fact f where f.project_id = ${projectId}
            and f.check_number = ${number} and f.customer_id = own.customer_id and f.entitling)`.execute(db)
      return rows
    },
    async former(payers: readonly string[]) {
      const { rows } = await sql<Other>`
        select 'customer:' || asked.customer_id as key, found.subject_key as other
        from unnest(${list(payers)}) as asked(customer_id)
          cross join lateral (
            select k.subject_key from trueup.known_subject k
            where k.project_id = ${projectId} and k.customer_id = asked.customer_id
              and not exists (select from trueup.observed_subject s where s.project_id = ${projectId}
                and s.check_number = ${number} and s.subject_key = k.subject_key)
            order by k.subject_key limit ${othersNamed}) as found`.execute(db)
      return rows
    },
  }
}

function named(rows: readonly Other[]): ReadonlyMap<string, readonly SubjectId[]> {
  const others = new Map<string, string[]>()
  for (const { key, other } of rows) others.set(key, [...(others.get(key) ?? []), other])
  return new Map(
    [...others].map(([key, found]) => [
      key,
      found.toSorted(compareText).slice(0, othersNamed).map(subjectOfKey),
    ]),
  )
}
