import type { CheckStore } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { checkNumber, requireCheckRow } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import type { Scope } from './tables.ts'

type Guards = 'rowCounts' | 'keepShapes' | 'lastShapes' | 'forgetReadings'

/** Counts what parts gave, keeps what they were, and forgets what a source no longer has. */
export function rowCounts(scope: Scope): Pick<CheckStore, Guards> {
  const { db, projectId, workspaceId } = scope
  return {
    async rowCounts(checkId, billing) {
      const check = await requireCheckRow(scope, checkId)
      const number = check.check_number
      const ofCheck = sql`project_id = ${projectId} and check_number = ${number}`
      const { rows } = await sql<Counted>`
        insert into trueup.check_rows (project_id, check_number, workspace_id, source, part, row_count)
        select ${projectId}, ${number}::bigint, ${workspaceId}, source, part, row_count from (
          select ${columnText(billing)}::text as source, 'subscriptions' as part, count(*) as row_count
            from trueup.observed_fact where ${ofCheck}
          union all select ${columnText(billing)}::text, 'customers', count(*)
            from trueup.observed_customer where ${ofCheck}
          union all select source, subject_type || 's', count(*)
            from trueup.observed_subject where ${ofCheck} group by source, subject_type) as counted
        on conflict (project_id, check_number, source, part) do update set row_count = excluded.row_count
        returning source, part, row_count`.execute(db)
      const earlier = await sql<Counted>`
        select source, part, row_count from trueup.check_rows
        where project_id = ${projectId} and check_number = (
          select max(r.check_number) from trueup.check_run r
          where ${readWhole(scope, check.config_fingerprint)} and r.check_number < ${number}
            and exists (select from trueup.check_rows c
              where c.project_id = r.project_id and c.check_number = r.check_number))`.execute(db)
      return { now: byPart(rows), before: earlier.rows.length > 0 ? byPart(earlier.rows) : null }
    },

    async keepShapes(checkId, shapes) {
      const number = checkNumber(scope, checkId)
      const kept = Object.entries(shapes)
      await sql`delete from trueup.check_shape
        where project_id = ${projectId} and check_number = ${number}`.execute(db)
      await sql`insert into trueup.check_shape (project_id, check_number, workspace_id, part, shape)
        select ${projectId}, ${number}::bigint, ${workspaceId}, * from unnest(
          ${kept.map(([part]) => columnText(part))}::text[],
          ${kept.map(([, shape]) => columnText(shape))}::text[])`.execute(db)
    },

    async lastShapes(configFingerprint) {
      const { rows } = await sql<{ part: string; shape: string }>`
        select part, shape from trueup.check_shape
        where project_id = ${projectId} and check_number = (
          select max(r.check_number) from trueup.check_run r
          where ${readWhole(scope, configFingerprint)})`.execute(db)
      return Object.fromEntries(rows.map(({ part, shape }) => [part, shape]))
    },

    async forgetReadings(checkId, source, subjects) {
      const keys = subjects.map((subject) => columnText(subjectKey(subject)))
      await sql`delete from trueup.observed_subject
        where project_id = ${projectId} and check_number = ${checkNumber(scope, checkId)}
          and source = ${columnText(source)} and subject_key = any(${keys}::text[])`.execute(db)
    },
  }
}

/** Full checks `r` under this configuration that were finished and read everything. */
function readWhole({ projectId }: Scope, configFingerprint: string): RawBuilder<unknown> {
  return sql`r.project_id = ${projectId} and r.kind = 'full' and r.finished_at is not null
    and r.config_fingerprint = ${configFingerprint}
    and not exists (select from trueup.check_part p
      where p.project_id = r.project_id and p.check_number = r.check_number
        and p.state->>'state' not in ('complete', 'left-out'))`
}

interface Counted {
  readonly source: string
  readonly part: string
  readonly row_count: number
}

function byPart(rows: readonly Counted[]): Readonly<Record<string, number>> {
  return Object.fromEntries(rows.map(({ source, part, row_count }) => [`${source}/${part}`, row_count]))
}
