import type { ExceptionFilter, ExceptionStore, KeptException } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import type { Scope } from './tables.ts'

/** The exceptions that a team keeps beside its configuration. */
export function exceptions(scope: Scope): ExceptionStore {
  const { db, projectId, workspaceId } = scope
  const own = sql`workspace_id = ${workspaceId} and project_id = ${projectId}`

  return {
    async exception(id) {
      const { rows } = await sql<Row>`select exception from trueup.exception
        where ${own} and exception_id = ${columnText(id)}`.execute(db)
      return rows[0]?.exception ?? null
    },
    async exceptions(filter) {
      const { rows } = await sql<Row>`select exception from trueup.exception
        where ${own} ${conditions(filter)} order by until, exception_id limit ${filter.limit}`.execute(db)
      return rows.map(({ exception }) => exception)
    },
    async exceptionsToWeigh() {
      const { rows } = await sql<Row>`select exception from trueup.exception
        where ${own} and ended_at is null order by until, exception_id`.execute(db)
      return rows.map(({ exception }) => exception)
    },
    async addException(exception, entries) {
      return await db.transaction().execute(async (tx) => {
        const { id, subject, owner, until, endedAt } = exception
        const { rows } = await sql`insert into trueup.exception
            (workspace_id, project_id, exception_id, subject_key, owner, until, ended_at, exception)
          values (${workspaceId}, ${projectId}, ${columnText(id)}, ${columnText(subjectKey(subject))},
            ${columnText(owner)}, ${until}, ${endedAt}, ${toJson(exception)})
          on conflict do nothing returning exception_id`.execute(tx)
        if (rows.length === 0) return false
        await stageEntries(scope, tx, entries)
        return true
      })
    },
    async changeException(id, decide) {
      return await db.transaction().execute(async (tx) => {
        const { rows } = await sql<Row>`select exception from trueup.exception
          where ${own} and exception_id = ${columnText(id)} for update`.execute(tx)
        const exception = rows[0]?.exception
        if (!exception) return null
        const decision = decide(exception)
        if (!decision) return exception
        const { until, endedAt, owner } = decision.exception
        await sql`update trueup.exception set until = ${until}, ended_at = ${endedAt},
            owner = ${columnText(owner)}, exception = ${toJson(decision.exception)}
          where ${own} and exception_id = ${columnText(id)}`.execute(tx)
        await stageEntries(scope, tx, decision.entries)
        return decision.exception
      })
    },
  }
}

interface Row {
  readonly exception: KeptException
}

function conditions({ state, now, endsBefore, subject, owner, after }: ExceptionFilter): RawBuilder<unknown> {
  return sql.join(
    [
      state === 'running' ? sql`and ended_at is null and until > ${now}` : undefined,
      state === 'over' ? sql`and (ended_at is not null or until <= ${now})` : undefined,
      endsBefore && sql`and until < ${endsBefore}`,
      subject === undefined ? undefined : sql`and subject_key = ${columnText(subject)}`,
      owner === undefined ? undefined : sql`and owner = ${columnText(owner)}`,
      after && sql`and (until, exception_id) > (${after.until}, ${columnText(after.id)})`,
    ].filter((part) => part !== undefined),
    sql` `,
  )
}
