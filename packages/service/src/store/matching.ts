import type { CheckStore, MatchRule } from '@trueup/core'
import { answeringPlace, matchCounts, othersNamed } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { checkNumber, requireCheckRow } from './check-rows.ts'
import { coverage } from './coverage.ts'
import { toJson } from './json-codec.ts'
import { analyzeObservations, askWholeTables, countInWholeTables, joiningWholeTables } from './plans.ts'
import type { Scope } from './tables.ts'

type Matching = 'match' | 'rememberPointers' | 'rememberLinks' | 'countCustomers' | 'counts'

/** Links customers to subjects, in one statement a rule. */
export function matching(scope: Scope): Pick<CheckStore, Matching> {
  const { db, projectId } = scope
  const count = (counted: RawBuilder<unknown>) => countInWholeTables(scope, counted)

  return {
    async match(checkId, rules) {
      const number = (await requireCheckRow(scope, checkId)).check_number
      await sql`update trueup.check_run set match_rules = ${toJson(rules)}, sought = false
        where project_id = ${projectId} and check_number = ${number}`.execute(db)
      // Plans made on the statistics of an empty table read a million rows for each of a million.
      await analyzeObservations(scope)
      await db.transaction().execute(async (tx) => {
        const within = { ...scope, db: tx }
        await sql`select from trueup.check_run where ${ofCheck(scope, number)} for update`.execute(tx)
        await joiningWholeTables(scope, tx)
        await sql`delete from trueup.link where ${ofCheck(scope, number)}`.execute(tx)
        await sql`delete from trueup.candidate where ${ofCheck(scope, number)}`.execute(tx)
        await unpackValues(within, number, rules)
        for (const [place, rule] of rules.entries()) {
          const work = { number, place, rule, answeringPlace: answeringPlace(rules, rule) }
          if (rule.from.kind === 'customer.id') await linkAll(within, work)
          else await linkTheOnly(within, work)
        }
      })
      await sql`analyze trueup.link`.execute(db)
    },

    async rememberPointers(checkId) {
      await sql`insert into trueup.known_subject (project_id, workspace_id, customer_id, subject_key)
        select distinct ${projectId}, ${scope.workspaceId}, points_to, subject_key from trueup.observed_subject
        where ${ofCheck(scope, checkNumber(scope, checkId))} and points_to is not null
        order by points_to, subject_key
        on conflict do nothing`.execute(db)
    },

    async rememberLinks(checkId) {
      // Most linked subjects point to their customer as well, and are remembered for that.
      const query = sql`insert into trueup.known_subject (project_id, workspace_id, customer_id, subject_key)
        select ${projectId}, ${scope.workspaceId}, customer_id, subject_key from trueup.link l
        where ${ofCheck(scope, checkNumber(scope, checkId))}
          and not exists (select from trueup.observed_subject s
            where s.project_id = l.project_id and s.check_number = l.check_number and s.subject_key = l.subject_key
              and s.points_to = l.customer_id)
        order by customer_id, subject_key
        on conflict do nothing`
      await askWholeTables(scope, (tx) => query.execute(tx))
    },

    countCustomers: (checkId) => count(customersOf(scope, checkNumber(scope, checkId))),

    async counts(checkId) {
      const number = checkNumber(scope, checkId)
      const within = ofCheck(scope, number)
      // Each reads whole tables, so a server with several cores answers them side by side.
      const [reached, subjects, matched] = await Promise.all([
        coverage(scope, number),
        count(sql`count(distinct subject_key) from trueup.observed_subject where ${within}`),
        count(sql`count(distinct subject_key) from trueup.link where ${within}`),
      ])
      return matchCounts(reached, { subjects, matched })
    },
  }
}

/** Customers that were read, and those that only their facts name: how many they are. */
function customersOf(scope: Scope, number: number): RawBuilder<unknown> {
  return sql`(select count(*) from trueup.observed_customer where ${ofCheck(scope, number)})
    + (select count(distinct f.customer_id) from trueup.observed_fact f
        left join trueup.observed_customer c using (project_id, check_number, customer_id)
        where f.project_id = ${scope.projectId} and f.check_number = ${number} and c.customer_id is null) as count`
}

interface RuleAtWork {
  readonly number: number
  readonly place: number
  readonly rule: MatchRule
  /** The rule under which the values stand that subjects answer to. */
  readonly answeringPlace: number
}

function ofCheck(scope: Scope, number: number): RawBuilder<unknown> {
  return sql`project_id = ${scope.projectId} and check_number = ${number}`
}

/**
 * Unpacks the values that subjects answer to and those that customers ask with, for the length of a transaction. A value
 * may be there twice, where two facts say it: whoever joins them takes each subject once, which costs less than to sort
 * them all here.
 */
async function unpackValues(scope: Scope, number: number, rules: readonly MatchRule[]): Promise<void> {
  const places = [...new Set(rules.map((rule) => answeringPlace(rules, rule)))]
  const unpacked = (table: string, key: string, isMeant: RawBuilder<unknown>) => sql`
    select ${sql.ref(key)}, v.rule, v.value collate "C" as value from ${sql.id('trueup', table)},
      json_to_recordset(match_values) as v(rule integer, value text)
    where ${ofCheck(scope, number)} and ${isMeant}`
  // To look for a rule in the text costs a tenth of unpacking what does not hold any.
  const holdsAny = (text: RawBuilder<unknown>) => sql`${text} like '%"rule":%'`
  const values = sql`match_values::text`
  const besideOwnId = rules.reduce(
    (text, { from }, place) =>
      from.kind === 'customer.id'
        ? sql`replace(${text}, '{"rule":${sql.lit(place)},"value":"' || customer_id || '"}', '')`
        : text,
    values,
  )
  await besideOneAnother(
    scope,
    sql`create temporary table answering on commit drop as
      ${unpacked('observed_subject', 'subject_key', sql`${holdsAny(values)} and v.rule = any(${places}::integer[])`)}`,
  )
  await besideOneAnother(
    scope,
    sql`create temporary table asked_with on commit drop as
      ${unpacked('observed_customer', 'customer_id', holdsAny(besideOwnId))}
      union all ${unpacked('observed_fact', 'customer_id', holdsAny(values))}`,
  )
  await sql`analyze answering, asked_with`.execute(scope.db)
}

/**
 * Runs a statement that joins no two tables. A function that is called for each row is a nested loop to the planner, and
 * where those are off it does not see what several processes side by side would gain.
 */
async function besideOneAnother({ db }: Scope, statement: RawBuilder<unknown>): Promise<void> {
  await sql`set local enable_nestloop = on`.execute(db)
  await statement.execute(db)
  await sql`set local enable_nestloop = off`.execute(db)
}

/**
 * The values by which the customers that no earlier rule has answered for ask for their subject. By `customer.id` a
 * customer asks with its id, also one that is known by its facts alone.
 */
function asking(scope: Scope, { number, place, rule }: RuleAtWork): RawBuilder<unknown> {
  const isUnanswered = sql`
    not exists (select from trueup.link l
      where ${ofCheck(scope, number)} and l.customer_id = asker.customer_id)
    and not exists (select from trueup.candidate c
      where ${ofCheck(scope, number)} and c.customer_id = asker.customer_id)`
  const isOfCheck = sql`asker.project_id = ${scope.projectId} and asker.check_number = ${number}`
  const ids = sql`
    union all select customer_id, customer_id from trueup.observed_customer asker where ${isOfCheck} and ${isUnanswered}
    union all select distinct customer_id, customer_id from trueup.observed_fact asker
      where ${isOfCheck} and ${isUnanswered} and not exists (select from trueup.observed_customer c
        where c.project_id = asker.project_id and c.check_number = asker.check_number
          and c.customer_id = asker.customer_id)`
  return sql`select customer_id, value from asked_with asker where rule = ${place} and ${isUnanswered}
    ${rule.from.kind === 'customer.id' ? ids : sql``}`
}

function answers({ answeringPlace: place }: RuleAtWork): RawBuilder<unknown> {
  return sql`select value, subject_key from answering where rule = ${place}`
}

/** Several subjects that point to one customer share it. */
async function linkAll(scope: Scope, work: RuleAtWork): Promise<void> {
  await sql`insert into trueup.link (project_id, check_number, workspace_id, subject_key, customer_id, rule)
    select distinct ${scope.projectId}, ${work.number}::bigint, ${scope.workspaceId}, subject_key, customer_id,
      ${work.place}::integer
    from (${asking(scope, work)}) as asking join (${answers(work)}) as answered using (value)
    order by customer_id, subject_key`.execute(scope.db)
}

/**
 * One subject is linked; several are ambiguous, and the first of them are kept as candidates. Answers are brought down
 * to the first and the last subject of each value before they are joined: a value that thousands on both sides have
 * (an "unknown" in a metadata field, say) would otherwise give millions of rows.
 */
async function linkTheOnly(scope: Scope, work: RuleAtWork): Promise<void> {
  const { projectId, workspaceId, db } = scope
  // Asked for in several places, and the statistics of what earlier rules left over are nowhere else.
  await sql`drop table if exists asking`.execute(db)
  await sql`create temporary table asking on commit drop as ${asking(scope, work)}`.execute(db)
  await sql`analyze asking`.execute(db)
  await sql`with answered as materialized (${answers(work)} and value in (select value from asking)),
    answers as (select value, min(subject_key) as first, max(subject_key) as last from answered group by value),
    found as materialized (
      select customer_id, min(first) as first, max(last) as last
      from asking join answers using (value) group by customer_id),
    linked as (
      insert into trueup.link (project_id, check_number, workspace_id, subject_key, customer_id, rule)
      select ${projectId}, ${work.number}::bigint, ${workspaceId}, first, customer_id, ${work.place}::integer
      from found where first = last),
    unclear as (select customer_id, value from asking join found using (customer_id) where first <> last),
    named as (
      select value, subject_key from (
        select value, subject_key, row_number() over (partition by value order by subject_key) as place
        from (select distinct value, subject_key from answered where value in (select value from unclear)) as answers
      ) as ranked
      where place <= ${othersNamed}),
    rivals as (
      select customer_id, subject_key,
        row_number() over (partition by customer_id order by subject_key) as place
      from (select distinct customer_id, subject_key from unclear join named using (value)) as several)
    insert into trueup.candidate (project_id, check_number, workspace_id, customer_id, subject_key, rule)
    select ${projectId}, ${work.number}::bigint, ${workspaceId}, customer_id, subject_key, ${work.place}::integer
    from rivals where place <= ${othersNamed}`.execute(db)
}
