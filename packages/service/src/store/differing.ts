import type { CheckStore, Completeness, PairName, SubjectType } from '@trueup/core'
import {
  compareText,
  completeness,
  customerOfKey,
  keySeparator,
  keysIn,
  payerKey,
  subjectKey,
} from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { partsOf, requireCheckRow } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import { loadPairs } from './pairs.ts'
import type { Scope } from './tables.ts'

type FreeKeys = Readonly<Record<SubjectType, string>>

/** Subjects that one statement looks at, at most: the embedded database answers nobody else meanwhile. */
const longestStretch = 16_000

/** Hands on the pairs that can differ. */
export function differing(scope: Scope): Pick<CheckStore, 'differing' | 'pair' | 'pairs'> {
  const pairs: CheckStore['pairs'] = async (checkId, of) => {
    const check = await requireCheckRow(scope, checkId)
    const keys = await keysOfPairs(scope, check.check_number, of)
    const found = [...new Set(keys.flatMap((key) => key ?? []))]
    const byKey = new Map((await loadPairs(scope, check, found)).map((pair, place) => [found[place], pair]))
    return keys.map((key) => (key === null ? null : (byKey.get(key) ?? null)))
  }
  return {
    pairs,
    pair: async (checkId, of) => (await pairs(checkId, [of]))[0] ?? null,

    async differing(checkId, freeKeys, after, limit) {
      const check = await requireCheckRow(scope, checkId)
      const number = check.check_number
      const complete = completeness(await partsOf(scope, number), check.match_rules)
      const keys = await differingKeys({ scope, number, freeKeys, complete }, after, limit + 1)
      const page = keys.slice(0, limit)
      return {
        pairs: await loadPairs(scope, check, page),
        next: keys.length > limit ? (page.at(-1) ?? null) : null,
      }
    },
  }
}

interface Search {
  readonly scope: Scope
  readonly number: number
  readonly freeKeys: FreeKeys
  readonly complete: Completeness
}

/** A way to look through one kind of key, a stretch at a time. */
interface Walk {
  /** The key that many rows behind `from`; `null`: there are fewer. */
  readonly edge: (from: string, rows: number) => Promise<string | null>
  /** Those behind `from`, up to `to`, that can differ, in order. */
  readonly find: (from: string, to: string | null, limit: number) => Promise<readonly string[]>
}

/**
 * Goes through payers without a subject and then through subjects, in the order of their keys. Each call starts where
 * the last one ended, so that all pages together look at everything once, however many differ.
 */
async function differingKeys(search: Search, after: string | null, limit: number): Promise<string[]> {
  const found: string[] = []
  const isAmongPayers =
    after === null || customerOfKey(after) !== null || compareText(after, payerKey('')) < 0
  if (isAmongPayers) {
    const from = (after !== null && customerOfKey(after)) || ''
    found.push(...(await walk(walkPayers(search), from, limit)).map(payerKey))
  }
  if (found.length < limit) {
    found.push(...(await walk(walkSubjects(search), isAmongPayers ? '' : after, limit - found.length)))
  }
  return found
}

/** Stretches grow while they hold little, so that many finds cost no long look ahead and few cost few statements. */
async function walk(keys: Walk, after: string, limit: number): Promise<string[]> {
  const found: string[] = []
  let from = after
  for (let rows = limit * 4; found.length < limit; rows = Math.min(rows * 2, longestStretch)) {
    const to = await keys.edge(from, rows)
    found.push(...(await keys.find(from, to, limit - found.length)))
    if (to === null) break
    from = to
  }
  return found
}

function walkPayers({ scope, number }: Search): Walk {
  const facts = sql`trueup.observed_fact f
    where f.project_id = ${scope.projectId} and f.check_number = ${number}`
  return {
    edge: (from, rows) =>
      oneKey(
        scope,
        sql`select f.customer_id as key from ${facts} and f.customer_id > ${from}
          order by f.customer_id offset ${rows - 1} limit 1`,
      ),
    // The count keeps the planner from reading all links for each stretch.
    find: (from, to, limit) =>
      keysOf(
        scope,
        sql`select distinct f.customer_id as key from ${facts} and f.entitling
          and f.customer_id > ${from} ${upTo(sql`f.customer_id`, to)}
          and (select count(*) from trueup.link l where l.project_id = f.project_id
            and l.check_number = f.check_number and l.customer_id = f.customer_id) = 0
          order by f.customer_id limit ${limit}`,
      ),
  }
}

function walkSubjects({ scope, number, freeKeys, complete }: Search): Walk {
  const subjects = sql`trueup.observed_subject o
    where o.project_id = ${scope.projectId} and o.check_number = ${number}`
  const agreeing = sql`case when promised.promising = 1 then promised.agreement_key
    when s.subject_type = 'user' then ${freeKeys.user} else ${freeKeys.organization} end`
  // One view of access is the usual case, and comparing two texts costs less than looking for them in lists.
  const isOneView = [freeKeys.user, freeKeys.organization].every((key) => keysIn(key).length < 2)
  const apart = isOneView
    ? sql`s.lowest <> s.highest or s.lowest <> ${agreeing}`
    : sql`not s.granted <@ string_to_array(${agreeing}, ${keySeparator})`
  const granted = isOneView
    ? sql`min(o.agreement_key) as lowest, max(o.agreement_key) as highest`
    : sql`array_agg(o.agreement_key) as granted`
  const missing = isMissing(complete)
  return {
    edge: (from, rows) =>
      oneKey(
        scope,
        sql`select o.subject_key as key from ${subjects} and o.subject_key > ${from}
          order by o.subject_key offset ${rows - 1} limit 1`,
      ),
    find: (from, to, limit) =>
      keysOf(
        scope,
        sql`select s.subject_key as key
          from (
            select o.subject_key, min(o.subject_type) as subject_type, count(*) > count(o.agreement_key) as inexact,
              ${granted}, ${missing.counted}
              bool_or(o.deleted) as deleted, bool_or(o.pointer_unreadable) as pointer_unreadable,
              min(o.points_to) <> max(o.points_to) as pointing_apart
            from ${subjects} and o.subject_key > ${from} ${upTo(sql`o.subject_key`, to)}
            group by o.subject_key
          ) as s
          ${promised(scope, number)} ${owned(scope, number)}
          where s.inexact or ${apart} or s.deleted or s.pointer_unreadable or s.pointing_apart
            or promised.customers > 1 or promised.inexact or promised.promising > 1
            ${missing.asked}
            or owned.unread or owned.shared
          order by s.subject_key limit ${limit}`,
      ),
  }
}

/** Whether one of the sources that were read whole lacks a subject to whom something is promised. */
function isMissing({ holders, accessSources }: Completeness): {
  readonly counted: RawBuilder<unknown>
  readonly asked: RawBuilder<unknown>
} {
  const { user, organization } = holders
  // Where there is one source alone, whoever was read stands in it.
  if (accessSources.length < 2) return { counted: sql``, asked: sql`` }
  return {
    counted: sql`count(*) filter (where o.source = any(case when o.subject_type = 'user'
      then ${user.map(columnText)}::text[] else ${organization.map(columnText)}::text[] end)) as held,`,
    asked: sql`or promised.promising > 0 and s.held < case when s.subject_type = 'user'
      then ${user.length}::integer else ${organization.length}::integer end`,
  }
}

/**
 * What the linked facts of a subject come to. Joined by `lateral`, here and below, so that whatever the planner
 * believes of the size of the tables, it looks up the few rows of one subject and never reads a table for a stretch.
 */
function promised(scope: Scope, number: number): RawBuilder<unknown> {
  return sql`cross join lateral (
    select count(distinct customer_id) as customers,
      coalesce(bool_or(fact_id is not null and agreement_key is null), false) as inexact,
      count(*) filter (where agreement_key <> '') as promising,
      max(agreement_key) filter (where agreement_key <> '') as agreement_key
    from (
      select l.customer_id, f.fact_id,
        case when s.subject_type = 'user' then f.user_key else f.organization_key end as agreement_key
      from trueup.link l
        left join trueup.observed_fact f on f.project_id = l.project_id
          and f.check_number = l.check_number and f.customer_id = l.customer_id
      where l.project_id = ${scope.projectId} and l.check_number = ${number} and l.subject_key = s.subject_key
    ) as linked
  ) as promised`
}

/** Whether a subject points to a customer that was not read, or has one together with another subject. */
function owned(scope: Scope, number: number): RawBuilder<unknown> {
  const { projectId } = scope
  return sql`cross join lateral (
    select coalesce(bool_or(points
        and not exists (select from trueup.observed_customer c where c.project_id = ${projectId}
          and c.check_number = ${number} and c.customer_id = own.customer_id)
        and not exists (select from trueup.pointed_customer p where p.project_id = ${projectId}
          and p.check_number = ${number} and p.customer_id = own.customer_id and p.found = 'read')),
        false) as unread,
      coalesce(bool_or(
        exists (select from trueup.observed_subject x where x.project_id = ${projectId}
          and x.check_number = ${number} and x.points_to = own.customer_id
          and x.subject_key <> s.subject_key)
        or exists (select from trueup.link x where x.project_id = ${projectId}
          and x.check_number = ${number} and x.customer_id = own.customer_id
          and x.subject_key <> s.subject_key)), false) as shared
    from (
      select o.points_to as customer_id, true as points from trueup.observed_subject o
        where o.project_id = ${projectId} and o.check_number = ${number} and o.subject_key = s.subject_key
          and o.points_to is not null
      union all
      select l.customer_id, false from trueup.link l
        where l.project_id = ${projectId} and l.check_number = ${number} and l.subject_key = s.subject_key
    ) as own
  ) as owned`
}

function upTo(column: RawBuilder<unknown>, to: string | null): RawBuilder<unknown> {
  return to === null ? sql`` : sql`and ${column} <= ${to}`
}

async function keysOf(scope: Scope, query: RawBuilder<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`${query}`.execute(scope.db)
  return rows.map(({ key }) => key)
}

async function oneKey(scope: Scope, query: RawBuilder<unknown>): Promise<string | null> {
  return (await keysOf(scope, query))[0] ?? null
}

/** The keys under which these pairs were observed. A linked customer stands in the pair of its first subject. */
async function keysOfPairs(
  scope: Scope,
  number: number,
  of: readonly PairName[],
): Promise<readonly (string | null)[]> {
  const ofCheck = sql`project_id = ${scope.projectId} and check_number = ${number}`
  const subjects = of.flatMap((name) => ('subject' in name ? [columnText(subjectKey(name.subject))] : []))
  const customers = of.flatMap((name) => ('customerId' in name ? [columnText(name.customerId)] : []))
  const { rows } = await sql<{ name: string; key: string }>`
    select distinct subject_key as name, subject_key as key from trueup.observed_subject
      where ${ofCheck} and subject_key = any(${subjects}::text[])
    union all
    select 'customer:' || asked.customer_id, coalesce(
        (select min(l.subject_key) from trueup.link l where l.project_id = ${scope.projectId}
          and l.check_number = ${number} and l.customer_id = asked.customer_id),
        'customer:' || asked.customer_id)
      from unnest(${customers}::text[]) as asked(customer_id)
      where exists (select from trueup.link where ${ofCheck} and link.customer_id = asked.customer_id)
        or exists (select from trueup.observed_customer c where ${ofCheck} and c.customer_id = asked.customer_id)
        or exists (select from trueup.observed_fact f where ${ofCheck} and f.customer_id = asked.customer_id)
    `.execute(scope.db)
  const keys = new Map(rows.map(({ name, key }) => [name, key]))
  return of.map((name) => {
    const asked = 'subject' in name ? subjectKey(name.subject) : payerKey(name.customerId)
    return keys.get(columnText(asked)) ?? null
  })
}
