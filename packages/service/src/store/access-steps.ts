import type { AccessStep, AccessStepStore, BillingFact, LookAtAll } from '@trueup/core'
import { isReadWhole, keySeparator } from '@trueup/core'
import { sql } from 'kysely'
import { checkNumber, partsOf, requireCheckRow } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import { packedFact, packingVersion } from './packing/packed-observations.ts'
import { withRoomToJoin } from './plans.ts'
import type { Scope } from './tables.ts'

type Transaction = Parameters<typeof withRoomToJoin>[1]

/** What was promised and granted over time. */
export function accessSteps(scope: Scope): AccessStepStore {
  const { db, projectId, workspaceId } = scope
  const ofProject = sql`workspace_id = ${workspaceId} and project_id = ${projectId}`

  return {
    async accessSteps(pairKeys, limit) {
      const { rows } = await sql<StepRow>`
        select found.* from unnest(${pairKeys.map(columnText)}::text[]) as asked (key) cross join lateral (
          select pair_key, seen_at, check_number, state, facts, packing_version from trueup.access_step
          where ${ofProject} and pair_key = asked.key order by seen_at desc limit ${limit}) as found
        order by found.pair_key, found.seen_at`.execute(db)
      return rows.map(stepIn)
    },
    async looksAtAll(before, limit) {
      const { rows } = await sql<{ check_number: number; as_of: Date; complete: boolean }>`
        select * from (
          select r.check_number, r.as_of, coalesce((select bool_and(p.state->>'state' in ('complete', 'left-out'))
            from trueup.check_part p where p.project_id = r.project_id and p.check_number = r.check_number), false)
            as complete
          from trueup.check_run r
          where r.project_id = ${projectId} and r.kind = 'full' and not r.dry_run and r.finished_at is not null
            and r.as_of < ${before}
          order by r.as_of desc limit ${limit}) as newest
        order by as_of`.execute(db)
      return rows.map(
        (row): LookAtAll => ({ checkId: `chk_${row.check_number}`, at: row.as_of, complete: row.complete }),
      )
    },
    async keepAccessSteps(checkId) {
      const check = await requireCheckRow(scope, checkId)
      const parts = Object.values(await partsOf(scope, check.check_number))
      if (check.kind !== 'full' || check.dry_run || parts.length === 0 || !parts.every(isReadWhole)) return
      await db.transaction().execute((tx) => keepStepsOfCheck(scope, tx, check))
    },
    async keepAccessStates(seen, seenAt, checkId) {
      if (seen.length === 0) return
      const number = checkId === null ? null : checkNumber(scope, checkId)
      const now = sql`select * from unnest(${seen.map(({ pairKey }) => columnText(pairKey))}::text[],
        ${seen.map(({ state }) => state && columnText(state))}::text[]) as seen (pair_key, state)`
      await db.transaction().execute(async (tx) => {
        await keepSteps(scope, tx, { now, seenAt, number, facts: sql`null::text`, isAll: false })
      })
    },
  }
}

async function keepStepsOfCheck(
  scope: Scope,
  tx: Transaction,
  check: { readonly check_number: number; readonly as_of: Date },
): Promise<void> {
  const { projectId } = scope
  const { check_number: number, as_of: seenAt } = check
  const of = (table: string) =>
    sql`${sql.ref(table)}.project_id = ${projectId} and ${sql.ref(table)}.check_number = ${number}`
  const now = sql`
    select s.pair_key, coalesce(f.access_state, s.state) as state
    from (
      select subject_key as pair_key,
        case when min(agreement_key) = max(agreement_key) then min(agreement_key)
          else string_agg(distinct agreement_key, ${keySeparator} order by agreement_key) end as state
      from trueup.observed_subject o where ${of('o')} group by subject_key) as s
    left join trueup.finding f on ${of('f')} and f.pair_key = s.pair_key
    union all
    -- One who has found its subject since is no pair of its own any more.
    select f.pair_key, f.access_state from trueup.finding f
    where ${of('f')} and f.pair_key < 'customer;' and f.pair_key > 'customer:'
      and not exists (select from trueup.link l where ${of('l')}
        and l.customer_id = substr(f.pair_key, length('customer:') + 1) collate "C")`
  const facts = sql`case when changed.state like '[%' then (
    select '[' || string_agg(f.fact, ',' order by f.fact_id) || ']' from trueup.observed_fact f
    where ${of('f')} and f.customer_id in (
      select l.customer_id from trueup.link l where ${of('l')} and l.subject_key = changed.pair_key
      union select substr(changed.pair_key, length('customer:') + 1) collate "C"
        where changed.pair_key like 'customer:%')) end`
  await withRoomToJoin(scope, tx)
  await keepSteps(scope, tx, { now, seenAt, number, facts, isAll: true })
}

async function keepSteps(
  { projectId, workspaceId }: Scope,
  tx: Scope['db'],
  seen: {
    readonly now: ReturnType<typeof sql>
    readonly seenAt: Date
    readonly number: number | null
    readonly facts: ReturnType<typeof sql>
    /** Whether a pair that is not among them is no more. */
    readonly isAll: boolean
  },
): Promise<void> {
  const ofProject = sql`workspace_id = ${workspaceId} and project_id = ${projectId}`
  // Two that keep steps at one moment do so one after the other, so that each pair has one last step.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`access steps of ${projectId}`}, 0))`.execute(tx)
  await sql`
    with now as (${seen.now}),
    last as (
      select pair_key, state, seen_at from trueup.access_step where ${ofProject} and ended_at is null
      ${seen.isAll ? sql`` : sql`and pair_key in (select pair_key from now)`}),
    changed as materialized (
      select coalesce(now.pair_key, last.pair_key) as pair_key, now.state from now full join last using (pair_key)
      where now.state is distinct from last.state and (last.seen_at is null or last.seen_at < ${seen.seenAt})
        -- What is seen and cannot be said is not what is gone.
        and (now.state is not null or (last.state is not null and (now.pair_key is null or not ${seen.isAll}::boolean)))),
    ended as (
      update trueup.access_step step set ended_at = ${seen.seenAt} from changed
      where step.workspace_id = ${workspaceId} and step.project_id = ${projectId}
        and step.pair_key = changed.pair_key and step.ended_at is null)
    insert into trueup.access_step
      (workspace_id, project_id, pair_key, seen_at, check_number, state, facts, packing_version)
    select ${workspaceId}, ${projectId}, changed.pair_key, ${seen.seenAt}, ${seen.number}::bigint, changed.state,
      ${seen.facts}, ${packingVersion}
    from changed order by changed.pair_key`.execute(tx)
}

/** Steps that ended before a moment are forgotten. */
export async function forgetSteps(db: Scope['db'], endedBefore: Date): Promise<void> {
  await sql`delete from trueup.access_step where ended_at < ${endedBefore}`.execute(db)
}

interface StepRow {
  readonly pair_key: string
  readonly seen_at: Date
  readonly check_number: number | null
  readonly state: string | null
  readonly facts: string | null
  readonly packing_version: number
}

function stepIn(row: StepRow): AccessStep {
  return {
    pairKey: row.pair_key,
    seenAt: row.seen_at,
    checkId: row.check_number === null ? null : `chk_${row.check_number}`,
    state: row.state,
    facts: factsIn(row),
  }
}

/** What was packed by another version of this is not read: nobody knows what its places mean. */
function factsIn({ facts, packing_version: version }: StepRow): readonly BillingFact[] | null {
  if (facts === null || version !== packingVersion) return null
  const packed: readonly unknown[] = JSON.parse(facts)
  return packed.map((one) => packedFact.read(JSON.stringify(one)))
}
