import type { CheckRun, CheckStore, PartState } from '@trueup/core'
import type { RawBuilder, Selectable, Updateable } from 'kysely'
import { sql } from 'kysely'
import { toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import { packingVersion } from './packing/packed-observations.ts'
import { unknownCheck } from './store-error.ts'
import type { Scope, Tables } from './tables.ts'

type CheckRow = Selectable<Tables['trueup.check_run']>

/** The number in a check's id; `chk_12` is check 12. Anything else is the id of no check. */
export function checkNumber(scope: Scope, checkId: string): number {
  const number = numberIn(checkId)
  if (number === null) throw unknownCheck(scope.projectId, checkId)
  return number
}

function numberIn(checkId: string): number | null {
  return /^chk_[1-9]\d{0,14}$/.test(checkId) ? Number(checkId.slice('chk_'.length)) : null
}

type CheckRows = Pick<
  CheckStore,
  | 'startCheck'
  | 'unfinishedCheck'
  | 'loadCheck'
  | 'setPhase'
  | 'setPart'
  | 'addRequests'
  | 'finishCheck'
  | 'comparedUpTo'
>

/** The runs of the check, and how far each has come. */
export function checkRows(scope: Scope): CheckRows {
  const { db, projectId, workspaceId } = scope

  const update = async (
    checkId: string,
    set: Updateable<Tables['trueup.check_run']>,
    on: Scope['db'] = db,
  ) => {
    const changed = await on
      .updateTable('trueup.check_run')
      .set(set)
      .where('project_id', '=', projectId)
      .where('check_number', '=', checkNumber(scope, checkId))
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) throw unknownCheck(projectId, checkId)
  }

  return {
    async startCheck(begun, entriesOf) {
      return await db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('trueup.check_run')
          .values({
            project_id: projectId,
            workspace_id: workspaceId,
            kind: begun.kind,
            dry_run: begun.dryRun,
            as_of: begun.asOf,
            started_at: begun.startedAt,
            config_fingerprint: begun.configFingerprint,
            packing_version: packingVersion,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const run = await runOf({ ...scope, db: tx }, row)
        await stageEntries(scope, tx, entriesOf(run))
        return run
      })
    },
    async unfinishedCheck(configFingerprint) {
      const row = await db
        .selectFrom('trueup.check_run')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('config_fingerprint', '=', configFingerprint)
        .where('kind', '=', 'full')
        .where('in_parts', '=', false)
        .where('finished_at', 'is', null)
        .where('forgotten', '=', false)
        .where('packing_version', '=', packingVersion)
        .orderBy('check_number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? runOf(scope, row) : null
    },
    async loadCheck(checkId) {
      const row = numberIn(checkId) === null ? undefined : await checkRow(scope, checkId)
      return row ? runOf(scope, row) : null
    },
    async setPhase(checkId, phase) {
      await update(checkId, { phase })
    },
    async setPart(checkId, source, part, state) {
      await sql`insert into trueup.check_part (project_id, check_number, workspace_id, source, part, state)
        values (${projectId}, ${checkNumber(scope, checkId)}, ${workspaceId}, ${source}, ${part}, ${toJson(state)})
        on conflict (project_id, check_number, source, part) do update set state = excluded.state`.execute(db)
    },
    async addRequests(checkId, source, count) {
      await countingRequests(scope, checkId, { source, part: 'other' }, count).execute(db)
    },
    async finishCheck(checkId, counts, finishedAt, entries) {
      await db.transaction().execute(async (tx) => {
        await update(checkId, { phase: 'finished', counts: toJson(counts), finished_at: finishedAt }, tx)
        await stageEntries(scope, tx, entries)
      })
    },
    async comparedUpTo(checkId) {
      return (await requireCheckRow(scope, checkId)).compared_up_to
    },
  }
}

/** Counted by part, so that parts read side by side do not wait for each other's row. */
export function countingRequests(
  scope: Scope,
  checkId: string,
  { source, part }: { readonly source: string; readonly part: string },
  count: number,
): RawBuilder<unknown> {
  return sql`insert into trueup.check_requests as r (project_id, check_number, workspace_id, source, part, sent)
    values (${scope.projectId}, ${checkNumber(scope, checkId)}, ${scope.workspaceId}, ${source}, ${part}, ${count})
    on conflict (project_id, check_number, source, part) do update set sent = r.sent + excluded.sent`
}

/** @throws StoreError `check-unknown` */
export async function requireCheckRow(scope: Scope, checkId: string): Promise<CheckRow> {
  const row = await checkRow(scope, checkId)
  if (!row) throw unknownCheck(scope.projectId, checkId)
  return row
}

export async function partsOf(scope: Scope, number: number): Promise<Readonly<Record<string, PartState>>> {
  const rows = await scope.db
    .selectFrom('trueup.check_part')
    .select(['source', 'part', 'state'])
    .where('project_id', '=', scope.projectId)
    .where('check_number', '=', number)
    .execute()
  return Object.fromEntries(rows.map(({ source, part, state }) => [`${source}/${part}`, state]))
}

export async function runOf(scope: Scope, row: CheckRow): Promise<CheckRun> {
  const sent = await scope.db
    .selectFrom('trueup.check_requests')
    .select(['source', (expression) => expression.fn.sum<string>('sent').as('sent')])
    .where('project_id', '=', scope.projectId)
    .where('check_number', '=', row.check_number)
    .groupBy('source')
    .execute()
  return {
    id: `chk_${row.check_number}`,
    kind: row.kind,
    dryRun: row.dry_run,
    asOf: row.as_of,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    phase: row.phase,
    configFingerprint: row.config_fingerprint,
    parts: await partsOf(scope, row.check_number),
    requests: Object.fromEntries(sent.map(({ source, sent: count }) => [source, Number(count)])),
    counts: row.counts,
  }
}

async function checkRow(scope: Scope, checkId: string): Promise<CheckRow | undefined> {
  return await scope.db
    .selectFrom('trueup.check_run')
    .selectAll()
    .where('project_id', '=', scope.projectId)
    .where('check_number', '=', checkNumber(scope, checkId))
    .executeTakeFirst()
}
