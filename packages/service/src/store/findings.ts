import type { CheckStore, Finding, IncidentKind, IncidentStore } from '@trueup/core'
import { customerOfKey, driftsCounted, isDecided } from '@trueup/core'
import { sql } from 'kysely'
import { jsonRows, texts, writeInBulk } from './bulk.ts'
import { checkNumber, requireCheckRow, runOf } from './check-rows.ts'
import { columnText, toJson } from './json-codec.ts'
import type { Scope } from './tables.ts'

type Findings = Pick<CheckStore, 'writeFindings' | 'findings' | 'tally'> & Pick<IncidentStore, 'undecided'>

/** What a check said of the pairs that could differ. */
export function findings(scope: Scope): Findings {
  const { db, projectId, workspaceId } = scope

  return {
    async writeFindings(checkId, said, comparedUpTo) {
      const number = checkNumber(scope, checkId)
      await db.transaction().execute(async (tx) => {
        await writeInBulk(
          said,
          ({ pairKey }) => pairKey,
          (rows) =>
            sql`insert into trueup.finding
                (project_id, check_number, workspace_id, pair_key, verdict, settling, access_state, drifts, finding)
              select ${projectId}, ${number}, ${workspaceId}, * from rows from (
                unnest(${texts(rows, ({ pairKey }) => pairKey)}::text[]),
                unnest(${texts(rows, ({ verdict }) => verdict.kind)}::text[]),
                unnest(${rows.map(({ settling }) => settling)}::boolean[]),
                unnest(${texts(rows, ({ accessState }) => accessState ?? null)}::text[]),
                ${jsonRows(rows.map((finding) => toJson(countedTexts(finding))))},
                ${jsonRows(rows.map(toJson))})
              on conflict (project_id, check_number, pair_key) do update
                set verdict = excluded.verdict, settling = excluded.settling,
                    access_state = excluded.access_state, drifts = excluded.drifts,
                    finding = excluded.finding`.execute(tx),
        )
        if (comparedUpTo === null) return
        await sql`update trueup.check_run set compared_up_to = ${comparedUpTo}
          where project_id = ${projectId} and check_number = ${number}`.execute(tx)
      })
    },
    async findings(checkId, after, limit, verdict) {
      const rows = await db
        .selectFrom('trueup.finding')
        .select(['pair_key', 'finding'])
        .where('project_id', '=', projectId)
        .where('check_number', '=', checkNumber(scope, checkId))
        .where('pair_key', '>', after ?? '')
        .$if(verdict !== undefined, (query) => query.where('verdict', '=', verdict ?? ''))
        .orderBy('pair_key')
        .limit(limit + 1)
        .execute()
      const page = rows.slice(0, limit)
      return {
        findings: page.map(({ finding }) => finding),
        next: rows.length > limit ? (page.at(-1)?.pair_key ?? null) : null,
      }
    },
    async tally(checkId) {
      const ofCheck = sql`project_id = ${projectId} and check_number = ${checkNumber(scope, checkId)}`
      const counted = await sql<{ drifts: number; cannot_tell: number; settling: number }>`
        select count(*) filter (where verdict = 'drifts' and not settling) as drifts,
          count(*) filter (where verdict = 'cannot-tell') as cannot_tell,
          count(*) filter (where verdict = 'drifts' and settling) as settling
        from trueup.finding where ${ofCheck}`.execute(db)
      const byDrift = await sql<{ kind: IncidentKind; component: string; hurts: string; pairs: number }>`
        select d.kind, d.component, d.hurts, count(*) as pairs
        from trueup.finding,
          json_to_recordset(drifts) as d(kind text collate "C", component text collate "C", hurts text collate "C")
        where ${ofCheck} and verdict = 'drifts' and not settling
        group by d.kind, d.component, d.hurts order by d.kind, d.component, d.hurts`.execute(db)
      return {
        drifts: counted.rows[0]?.drifts ?? 0,
        cannotTell: counted.rows[0]?.cannot_tell ?? 0,
        settling: counted.rows[0]?.settling ?? 0,
        byDrift: byDrift.rows,
      }
    },
    async undecided(checkId, pairKeys) {
      const check = await requireCheckRow(scope, checkId)
      const run = await runOf(scope, check)
      const said = await saidOf(scope, check.check_number, pairKeys)
      const observed = await observedOf(scope, check.check_number, pairKeys)
      return new Set(
        pairKeys.filter((key) => {
          const column = columnText(key)
          return !isDecided(run, said.get(column) ?? null, observed.has(column))
        }),
      )
    },
  }
}

function countedTexts(finding: Finding) {
  return [...driftsCounted(finding).values()].map((drift) => ({
    ...drift,
    component: columnText(drift.component),
  }))
}

async function saidOf(
  { db, projectId }: Scope,
  number: number,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Finding>> {
  const { rows } = await sql<{ pair_key: string; finding: Finding }>`
    select pair_key, finding from trueup.finding
    where project_id = ${projectId} and check_number = ${number}
      and pair_key = any(${keys.map(columnText)}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.pair_key, row.finding]))
}

async function observedOf(
  { db, projectId }: Scope,
  number: number,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const ofCheck = sql`project_id = ${projectId} and check_number = ${number}`
  const customers = sql`${keys.flatMap((key) => customerOfKey(key) ?? []).map(columnText)}::text[]`
  const { rows } = await sql<{ key: string }>`
    select subject_key as key from trueup.observed_subject
      where ${ofCheck} and subject_key = any(${keys.map(columnText)}::text[])
    union select 'customer:' || customer_id from trueup.observed_customer
      where ${ofCheck} and customer_id = any(${customers})
    union select 'customer:' || customer_id from trueup.observed_fact
      where ${ofCheck} and customer_id = any(${customers})`.execute(db)
  return new Set(rows.map(({ key }) => key))
}
