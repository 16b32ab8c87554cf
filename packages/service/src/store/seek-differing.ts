import type { Completeness, SubjectType } from '@trueup/core'
import { keySeparator, keysIn } from '@trueup/core'
import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'
import { columnText } from './json-codec.ts'
import { joiningWholeTables } from './plans.ts'
import type { Scope, Tables } from './tables.ts'

/** Subjects that one statement looks at in the embedded database, which answers nobody else meanwhile. */
const longestStretch = 16_000

export interface Search {
  readonly scope: Scope
  readonly number: number
  readonly freeKeys: Readonly<Record<SubjectType, string>>
  readonly complete: Completeness
}

/** A stretch of the keys of subjects: behind `from`, up to `to`. */
interface Stretch {
  readonly from: string
  readonly to: string | null
}

/**
 * Finds the pairs that can differ, in sets, and keeps their keys. Each table is read once and joined as a whole, which
 * costs a fifth of looking up the few rows of each subject; only the embedded database goes by stretches.
 */
export async function seekDiffering(search: Search): Promise<void> {
  const { scope, number } = search
  const ofCheck = sql`project_id = ${scope.projectId} and check_number = ${number}`
  await scope.db.transaction().execute(async (tx) => {
    // Whoever seeks at the same time, since he has lost his lease and does not know it yet, does so after this.
    await sql`select from trueup.check_run where ${ofCheck} for update`.execute(tx)
    await sql`delete from trueup.can_differ where ${ofCheck}`.execute(tx)
    await joiningWholeTables(scope, tx)
    await keepPayers(search, tx)
    for await (const stretch of stretches(search, tx)) await keepSubjects(search, stretch, tx)
    await sql`update trueup.check_run set sought = true where ${ofCheck}`.execute(tx)
  })
}

async function* stretches({ scope, number }: Search, tx: Transaction<Tables>): AsyncGenerator<Stretch> {
  let from = ''
  while (scope.vacuumsItself) {
    const { rows } = await sql<{ key: string }>`select subject_key as key from trueup.observed_subject
      where project_id = ${scope.projectId} and check_number = ${number} and subject_key > ${from}
      order by subject_key offset ${longestStretch - 1} limit 1`.execute(tx)
    const to = rows[0]?.key
    if (to === undefined) break
    yield { from, to }
    from = to
  }
  yield { from, to: null }
}

async function keepPayers({ scope, number }: Search, tx: Transaction<Tables>): Promise<void> {
  await sql`insert into trueup.can_differ (project_id, check_number, workspace_id, pair_key)
    select distinct ${scope.projectId}, ${number}::bigint, ${scope.workspaceId}, 'customer:' || f.customer_id
    from trueup.observed_fact f
    where f.project_id = ${scope.projectId} and f.check_number = ${number} and f.entitling
      and not exists (select from trueup.link l where l.project_id = f.project_id
        and l.check_number = f.check_number and l.customer_id = f.customer_id)`.execute(tx)
}

async function keepSubjects(search: Search, stretch: Stretch, tx: Transaction<Tables>): Promise<void> {
  const { scope, number, freeKeys, complete } = search
  const within = sql`project_id = ${scope.projectId} and check_number = ${number}
    and subject_key > ${stretch.from} ${stretch.to === null ? sql`` : sql`and subject_key <= ${stretch.to}`}`
  const whole = sql`project_id = ${scope.projectId} and check_number = ${number}`
  const agreeing = sql`case when promised.promising = 1 then promised.agreement_key
    when s.subject_type = 'user' then ${freeKeys.user} else ${freeKeys.organization} end`
  // One view of access is the usual case, and comparing two texts costs less than looking for them in lists.
  const isOneView = [freeKeys.user, freeKeys.organization].every((key) => keysIn(key).length < 2)
  const apart = isOneView
    ? sql`s.lowest <> s.highest or s.lowest <> ${agreeing}`
    : sql`not s.granted <@ string_to_array(${agreeing}, ${keySeparator})`
  const granted = isOneView
    ? sql`min(agreement_key) as lowest, max(agreement_key) as highest`
    : sql`array_agg(agreement_key) as granted`
  const missing = isMissing(complete)

  await sql`
    with read as materialized (
      select subject_key, subject_type, source, agreement_key, deleted, pointer_unreadable, points_to
      from trueup.observed_subject where ${within}),
    linked as materialized (select subject_key, customer_id from trueup.link where ${within}),
    subjects as (
      select subject_key, min(subject_type) as subject_type, count(*) > count(agreement_key) as inexact,
        ${granted}, ${missing.counted}
        bool_or(deleted) as deleted, bool_or(pointer_unreadable) as pointer_unreadable,
        min(points_to) <> max(points_to) as pointing_apart
      from read group by subject_key),
    facts as (
      select customer_id, fact_id, user_key, organization_key from trueup.observed_fact where ${whole}),
    -- What the linked facts of each subject come to.
    promised as (
      select subject_key, min(customer_id) <> max(customer_id) as several,
        bool_or(fact_id is not null and agreement_key is null) as inexact,
        count(*) filter (where agreement_key <> '') as promising,
        max(agreement_key) filter (where agreement_key <> '') as agreement_key
      from (
        select l.subject_key, l.customer_id, f.fact_id,
          case when l.subject_key like 'user:%' then f.user_key else f.organization_key end as agreement_key
        from linked l left join facts f using (customer_id)) as promises
      group by subject_key),
    known as (
      select customer_id from trueup.observed_customer where ${whole}
      union all select customer_id from trueup.pointed_customer where ${whole} and found = 'read'),
    -- Customers whom several subjects point to or are linked to.
    shared as (
      select customer_id from (
        select points_to as customer_id, subject_key from trueup.observed_subject
          where ${whole} and points_to is not null
        union all select customer_id, subject_key from trueup.link where ${whole}) as touching
      group by customer_id having min(subject_key) <> max(subject_key)),
    -- Subjects that point to a customer that was not read, or have one together with another subject.
    entangled as (
      select subject_key from read where points_to is not null
        and not exists (select from known where known.customer_id = read.points_to)
      union all select subject_key from read join shared on shared.customer_id = read.points_to
      union all select subject_key from linked join shared using (customer_id))
    insert into trueup.can_differ (project_id, check_number, workspace_id, pair_key)
    select ${scope.projectId}, ${number}::bigint, ${scope.workspaceId}, s.subject_key
    from subjects s left join promised using (subject_key)
    where s.inexact or ${apart} or s.deleted or s.pointer_unreadable or s.pointing_apart
      or promised.several or promised.inexact or promised.promising > 1
      ${missing.asked}
      or s.subject_key in (select subject_key from entangled)`.execute(tx)
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
    counted: sql`count(*) filter (where source = any(case when subject_type = 'user'
      then ${user.map(columnText)}::text[] else ${organization.map(columnText)}::text[] end)) as held,`,
    asked: sql`or promised.promising > 0 and s.held < case when s.subject_type = 'user'
      then ${user.length}::integer else ${organization.length}::integer end`,
  }
}
