import type { CheckPartsStore, Lease, PartState, ProjectStore } from '@trueup/core'
import { advancing, LeaseLost } from '@trueup/core'
import { sql } from 'kysely'
import { checkNumber, runOf } from './check-rows.ts'
import { fencedStore } from './fenced-store.ts'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import { writePageRows } from './observations.ts'
import { packingVersion } from './packing/packed-observations.ts'
import type { Scope } from './tables.ts'

type Db = Scope['db']
type Unit = Pick<Lease, 'checkId' | 'unit' | 'source' | 'part' | 'token'>

/**
 * Full checks that several processes read, each piece by one of them at a time.
 *
 * @param storeOn Makes the whole store of a project on another connection of the same database.
 */
export function checkUnits(scope: Scope, storeOn: (scope: Scope) => ProjectStore): CheckPartsStore {
  const { db, projectId, workspaceId } = scope
  const ofProject = sql`workspace_id = ${workspaceId} and project_id = ${projectId}`
  const ofCheck = (checkId: string) => sql`${ofProject} and check_number = ${checkNumber(scope, checkId)}`

  return {
    async startCheckInParts(begun, entriesOf) {
      return await db.transaction().execute(async (tx) => {
        await sql`update trueup.check_run set forgotten = true
          where project_id = ${projectId} and in_parts and finished_at is null and not forgotten`.execute(tx)
        const row = await tx
          .insertInto('trueup.check_run')
          .values({
            project_id: projectId,
            workspace_id: workspaceId,
            kind: 'full',
            dry_run: begun.dryRun,
            as_of: begun.asOf,
            started_at: begun.startedAt,
            config_fingerprint: begun.configFingerprint,
            packing_version: packingVersion,
            in_parts: true,
            accepts_changes: begun.acceptsChanges,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const run = await runOf({ ...scope, db: tx }, row)
        await addUnits(scope, tx, run.id, [advancing])
        await stageEntries(scope, tx, entriesOf(run))
        return run
      })
    },
    async unfinishedCheckInParts(configFingerprint) {
      const row = await db
        .selectFrom('trueup.check_run')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('config_fingerprint', '=', configFingerprint)
        .where('in_parts', '=', true)
        .where('finished_at', 'is', null)
        .where('forgotten', '=', false)
        .where('packing_version', '=', packingVersion)
        .orderBy('check_number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? { check: await runOf(scope, row), acceptsChanges: row.accepts_changes } : null
    },
    async checkInParts(checkId) {
      const { rows } = await sql<{ is_open: boolean; accepts_changes: boolean }>`
        select finished_at is null and not forgotten as is_open, accepts_changes from trueup.check_run
        where project_id = ${projectId} and check_number = ${checkNumber(scope, checkId)} and in_parts`.execute(
        db,
      )
      const [row] = rows
      return row ? { isOpen: row.is_open, acceptsChanges: row.accepts_changes } : null
    },

    async addUnits(checkId, parts) {
      await db.transaction().execute(async (tx) => {
        await lockRun(scope, tx, checkId)
        await addUnits(scope, tx, checkId, parts)
      })
    },

    async leaseUnit(checkId, which, leaseMs) {
      const isWanted = which === 'advance' ? sql`source = ''` : sql`source <> ''`
      return await db.transaction().execute(async (tx): Promise<Lease | null> => {
        const { rows } = await sql<{
          unit: number
          source: string
          part: string
          cursor_ids: string[] | null
        }>`
          select unit_number as unit, source, part, cursor_ids from trueup.check_unit
          where ${ofCheck(checkId)} and ${isWanted} and not done
            and (leased_until is null or leased_until < clock_timestamp())
          order by unit_number limit 1 for update skip locked`.execute(tx)
        const [found] = rows
        if (!found) return null
        const token = await nextToken(scope, tx, checkId)
        if (token === null) return null
        await sql`update trueup.check_unit
          set token = ${token}, leased_until = ${until(leaseMs)}, asked_to_share = false
          where ${ofCheck(checkId)} and unit_number = ${found.unit}`.execute(tx)
        const lease = { checkId, unit: found.unit, source: found.source, part: found.part, token }
        if (which === 'part') await markReading(scope, tx, lease)
        const cursors = await tx
          .selectFrom('trueup.check_cursor')
          .select('cursor')
          .where('project_id', '=', projectId)
          .where('check_number', '=', checkNumber(scope, checkId))
          .where('source', '=', found.source)
          .where('part', '=', found.part)
          .orderBy('cursor_id')
          .execute()
        const own = cursors
          .map(({ cursor }) => cursor)
          .filter(({ id, done }) => found.cursor_ids === null || (found.cursor_ids.includes(id) && !done))
        return { ...lease, cursors: own, isWhole: found.cursor_ids === null }
      })
    },
    async renewLease(lease, leaseMs) {
      return (await hold(scope, db, lease, sql`leased_until = ${until(leaseMs)}`)) !== null
    },

    async writeUnitPage(lease, page, { leaseMs, cursorIds, rows }) {
      return await db.transaction().execute(async (tx) => {
        const set = sql`leased_until = ${until(leaseMs)}, rows_read = rows_read + ${rows},
          cursor_ids = ${cursorIds === null ? sql`cursor_ids` : sql`${cursorIds.map(columnText)}::text[]`}`
        const held = await hold(scope, tx, lease, set)
        if (!held) throw new LeaseLost(lease)
        await writePageRows(scope, tx, lease.checkId, page)
        return { askedToShare: held.askedToShare }
      })
    },
    async divideUnit(lease, kept, given) {
      await db.transaction().execute(async (tx) => {
        const set = sql`cursor_ids = ${kept.map(columnText)}::text[], asked_to_share = false`
        if (!(await hold(scope, tx, lease, set))) throw new LeaseLost(lease)
        await lockRun(scope, tx, lease.checkId)
        await sql`insert into trueup.check_unit
            (workspace_id, project_id, check_number, unit_number, source, part, cursor_ids)
          select ${workspaceId}, ${projectId}, ${checkNumber(scope, lease.checkId)},
            (select max(unit_number) + 1 from trueup.check_unit where ${ofCheck(lease.checkId)}),
            ${lease.source}, ${lease.part}, ${given.map(columnText)}::text[]`.execute(tx)
      })
    },
    async askToShare(checkId, parts) {
      await sql`update trueup.check_unit set asked_to_share = true
        where ${ofCheck(checkId)} and not done and not asked_to_share
          and source || '/' || part = any(${parts.map(columnText)}::text[])
          and leased_until > clock_timestamp()`.execute(db)
    },

    async endUnit(lease, end) {
      await db.transaction().execute(async (tx) => {
        const isOver = end.state !== 'released'
        const held = await hold(scope, tx, lease, sql`leased_until = null, done = ${isOver}`)
        if (!held) throw new LeaseLost(lease)
        if (!isOver || lease.source === '') return
        // One at a time, so that of two that end the last two pieces one sees that all are done.
        await lockRun(scope, tx, lease.checkId)
        const { rows } = await sql<{ left: number }>`select count(*) as left from trueup.check_unit
          where ${ofCheck(lease.checkId)} and source = ${lease.source} and part = ${lease.part}
            and not done`.execute(tx)
        if (end.state !== 'done') {
          await sql`update trueup.check_unit set done = true, leased_until = null
            where ${ofCheck(lease.checkId)} and source = ${lease.source} and part = ${lease.part}`.execute(tx)
          await setState(scope, tx, lease, end)
        } else if (rows[0]?.left === 0) {
          await setState(scope, tx, lease, { state: 'complete' })
        }
      })
    },

    heldBy: (lease) =>
      fencedStore(scope, storeOn, async (tx) => {
        if (!(await isHeld(scope, tx, lease))) throw new LeaseLost(lease)
      }),

    async partProgress(checkId) {
      const { rows } = await sql<{
        source: string
        part: string
        state: PartState | null
        rows_read: number
        pieces: number
        done: number
        readers: number
      }>`select u.source, u.part, p.state, u.rows_read, u.pieces, u.done, u.readers
        from (
          select source, part, min(unit_number) as first, sum(rows_read)::bigint as rows_read, count(*) as pieces,
            count(*) filter (where done) as done,
            count(*) filter (where not done and leased_until > clock_timestamp()) as readers
          from trueup.check_unit where ${ofCheck(checkId)} and source <> '' group by source, part) as u
        left join trueup.check_part p on p.project_id = ${projectId}
          and p.check_number = ${checkNumber(scope, checkId)} and p.source = u.source and p.part = u.part
        order by u.first`.execute(db)
      return rows.map((row) => ({
        source: row.source,
        part: row.part,
        state: row.state,
        rows: row.rows_read,
        pieces: row.pieces,
        piecesDone: row.done,
        readers: row.readers,
      }))
    },

    async drawRequests(source, count, perSecond) {
      const most = Math.max(1, perSecond / 5)
      await sql`insert into trueup.request_budget (workspace_id, project_id, source, tokens, counted_at)
        values (${workspaceId}, ${projectId}, ${columnText(source)}, ${most}, clock_timestamp())
        on conflict do nothing`.execute(db)
      const { rows } = await sql<{ drawn: number; had: number }>`
        with filled as (
          select least(${most}::float8, tokens + ${perSecond}::float8
            * greatest(0, extract(epoch from clock_timestamp() - counted_at)::float8)) as had
          from trueup.request_budget where ${ofProject} and source = ${columnText(source)} for update)
        update trueup.request_budget set counted_at = clock_timestamp(),
          tokens = filled.had - least(${count}::float8, floor(filled.had))
        from filled where ${ofProject} and source = ${columnText(source)}
        returning least(${count}::float8, floor(filled.had)) as drawn, filled.had as had`.execute(db)
      const { drawn, had } = rows[0] ?? { drawn: 0, had: 0 }
      return { drawn, waitMs: drawn > 0 ? 0 : Math.ceil(((1 - had) / perSecond) * 1000) }
    },
  }
}

/** `leaseMs` from now, by the database's clock. */
function until(leaseMs: number) {
  return sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`
}

/**
 * Changes a piece for whoever holds it; `null`: somebody else holds it by now, it is done, or the check is over. The row
 * stays locked until the transaction ends.
 */
async function hold(
  scope: Scope,
  tx: Db,
  { checkId, unit, token }: Unit,
  set: ReturnType<typeof sql>,
): Promise<{ readonly askedToShare: boolean } | null> {
  const number = checkNumber(scope, checkId)
  const { rows } = await sql<{ asked_to_share: boolean }>`update trueup.check_unit set ${set}
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId}
      and check_number = ${number} and unit_number = ${unit} and token = ${token} and not done
      and exists (select from trueup.check_run r where r.project_id = ${scope.projectId}
        and r.check_number = ${number} and r.finished_at is null and not r.forgotten)
    returning asked_to_share`.execute(tx)
  const [row] = rows
  return row ? { askedToShare: row.asked_to_share } : null
}

/** Whether a lease is held. The row stays locked until the transaction ends, so that it is leased to nobody else. */
async function isHeld(scope: Scope, tx: Db, { checkId, unit, token }: Unit): Promise<boolean> {
  const number = checkNumber(scope, checkId)
  const { rows } = await sql`select from trueup.check_unit
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId}
      and check_number = ${number} and unit_number = ${unit} and token = ${token} and not done
      and exists (select from trueup.check_run r where r.project_id = ${scope.projectId}
        and r.check_number = ${number} and r.finished_at is null and not r.forgotten)
    for share`.execute(tx)
  return rows.length > 0
}

/** `null`: the check is over. */
async function nextToken(scope: Scope, tx: Db, checkId: string): Promise<number | null> {
  const { rows } = await sql<{ last_token: number }>`update trueup.check_run set last_token = last_token + 1
    where project_id = ${scope.projectId} and check_number = ${checkNumber(scope, checkId)}
      and finished_at is null and not forgotten
    returning last_token`.execute(tx)
  return rows[0]?.last_token ?? null
}

async function lockRun(scope: Scope, tx: Db, checkId: string): Promise<void> {
  await sql`select from trueup.check_run where project_id = ${scope.projectId}
    and check_number = ${checkNumber(scope, checkId)} for update`.execute(tx)
}

async function addUnits(
  scope: Scope,
  tx: Db,
  checkId: string,
  parts: readonly { readonly source: string; readonly part: string }[],
): Promise<void> {
  const { projectId, workspaceId } = scope
  const number = checkNumber(scope, checkId)
  await sql`insert into trueup.check_unit (workspace_id, project_id, check_number, unit_number, source, part)
    select ${workspaceId}, ${projectId}, ${number}::bigint, coalesce((
        select max(unit_number) from trueup.check_unit where project_id = ${projectId}
          and workspace_id = ${workspaceId} and check_number = ${number}), 0)
      + row_number() over (order by asked.place), asked.source, asked.part
    from unnest(${parts.map(({ source }) => columnText(source))}::text[],
      ${parts.map(({ part }) => columnText(part))}::text[]) with ordinality as asked (source, part, place)
    where not exists (select from trueup.check_unit u where u.project_id = ${projectId}
      and u.workspace_id = ${workspaceId} and u.check_number = ${number}
      and u.source = asked.source and u.part = asked.part)`.execute(tx)
}

/** The part is being read, unless more is known of it already. */
async function markReading(scope: Scope, tx: Db, { checkId, source, part }: Unit): Promise<void> {
  await sql`insert into trueup.check_part (project_id, check_number, workspace_id, source, part, state)
    values (${scope.projectId}, ${checkNumber(scope, checkId)}, ${scope.workspaceId}, ${source}, ${part},
      ${toJson({ state: 'reading' })})
    on conflict do nothing`.execute(tx)
}

async function setState(
  scope: Scope,
  tx: Db,
  { checkId, source, part }: Unit,
  state: PartState,
): Promise<void> {
  await sql`update trueup.check_part set state = ${toJson(state)}
    where project_id = ${scope.projectId} and check_number = ${checkNumber(scope, checkId)}
      and source = ${source} and part = ${part}`.execute(tx)
}
