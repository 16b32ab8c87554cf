import type {
  PushedSubject,
  PushedSubjectStore,
  PushMode,
  PushName,
  PushRefusal,
  PushResult,
  PushState,
  SubjectId,
  SubjectType,
} from '@trueup/core'
import { isTooSmall, subjectKey } from '@trueup/core'
import { sql } from 'kysely'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import { clearUnshown, mergeIncrement, tidySubjects, writeSubjects } from './pushed-subjects-rows.ts'
import type { Scope } from './tables.ts'

/** How long a finished push is remembered, so that one that is sent again is known. */
const rememberedDays = 30
const mostNamed = 20
/** Below this, tidying up would cost more than it saves. */
const rowsWorthTidying = 1_000

/** What the app pushes or imports, in generations of which a source shows one. */
export function pushedSubjects(scope: Scope): PushedSubjectStore {
  const { db, projectId, workspaceId } = scope

  /** Pushes of one source take turns, so that what is finished is what was counted. */
  const inTurn = async <Answer>(
    source: string,
    act: (tx: Scope, of: SourceRow) => Promise<Answer>,
  ): Promise<Answer> =>
    await db.transaction().execute(async (tx) => {
      await sql`insert into trueup.pushed_source (project_id, source, workspace_id)
        values (${projectId}, ${columnText(source)}, ${workspaceId}) on conflict do nothing`.execute(tx)
      const { rows } = await sql<SourceRow>`
        select source, shown_generation, last_generation, last_full_at, last_push_at
        from trueup.pushed_source
        where project_id = ${projectId} and source = ${columnText(source)} for update`.execute(tx)
      const [of] = rows
      if (!of) throw new Error(`The source ${source} of ${projectId} was written and is not there.`)
      return await act({ ...scope, db: tx }, of)
    })

  const subjectsWhere = async (source: string, condition: ReturnType<typeof sql>, limit: number | null) => {
    const { rows } = await sql<{ subject: PushedSubject }>`
      select subject from trueup.pushed_subject
      where project_id = ${projectId} and source = ${columnText(source)} and generation = (
          select shown_generation from trueup.pushed_source
          where project_id = ${projectId} and source = ${columnText(source)})
        and ${condition} limit ${limit}`.execute(db)
    return rows.map(({ subject }) => subject)
  }

  return {
    async pushedSource(source) {
      const { rows } = await sql<{ last_full_at: Date | null; last_push_at: Date | null; subjects: number }>`
        select last_full_at, last_push_at, (
          select count(*) from trueup.pushed_subject p
          where p.project_id = s.project_id and p.source = s.source
            and p.generation = s.shown_generation and not p.deleted) as subjects
        from trueup.pushed_source s
        where project_id = ${projectId} and source = ${columnText(source)}`.execute(db)
      const [row] = rows
      return row
        ? { lastFullAt: row.last_full_at, lastPushAt: row.last_push_at, subjects: row.subjects }
        : null
    },

    async beginPush({ source, push, mode, at }) {
      const { answer, hasChanged } = await inTurn(source, async (tx, of) => {
        const known = await pushRow(tx, { source, push })
        if (known?.state === 'superseded') return unchanged(refused('push-superseded'))
        if (known && known.mode !== mode) {
          return unchanged<PushRefusal>({ kind: 'refused', code: 'mode-differs', mode: known.mode })
        }
        if (known) return unchanged(await stateOf(tx, { source, push }, known))
        if (mode === 'full') await supersede(tx, of.source)
        const generation = of.last_generation + 1
        await sql`update trueup.pushed_source set last_generation = ${generation}
          where project_id = ${projectId} and source = ${of.source}`.execute(tx.db)
        await sql`insert into trueup.push
            (project_id, source, push_id, workspace_id, mode, generation, begun_at)
          values (${projectId}, ${of.source}, ${columnText(push)}, ${workspaceId}, ${mode}, ${generation}, ${at})`.execute(
          tx.db,
        )
        const state: PushState = { id: push, mode, begunAt: at, nextSequence: 1, received: 0, result: null }
        return { answer: state, hasChanged: mode === 'full' }
      })
      if (hasChanged) await clearUnshown(scope, columnText(source))
      return answer
    },

    writePushPart: ({ source, push, sequence, digest, subjects, at }) =>
      inTurn(source, async (tx, of) => {
        const row = await pushRow(tx, { source, push })
        if (!row) return refused('push-unknown')
        if (row.state === 'superseded') return refused('push-superseded')
        const state = await stateOf(tx, { source, push }, row)
        const written = await partDigest(tx, { source, push }, sequence)
        if (written !== null) return written === digest ? state : refused('part-differs')
        if (row.state === 'finished') return refused('push-finished')
        const { nextSequence } = state
        if (sequence !== nextSequence) return { kind: 'refused', code: 'sequence-unexpected', nextSequence }
        const twice = await duplicates(tx, of, row.generation, subjects)
        if (twice.length > 0) return { kind: 'refused', code: 'subject-duplicate', subjects: twice }
        await writeSubjects(tx, { source: of.source, generation: row.generation }, subjects, at)
        await sql`insert into trueup.push_part (project_id, source, push_id, sequence, workspace_id, digest)
          values (${projectId}, ${of.source}, ${columnText(push)}, ${sequence}, ${workspaceId}, ${digest})`.execute(
          tx.db,
        )
        await sql`update trueup.push set received = received + ${subjects.length}
          where project_id = ${projectId} and source = ${of.source} and push_id = ${columnText(push)}`.execute(
          tx.db,
        )
        return { ...state, nextSequence: sequence + 1, received: state.received + subjects.length }
      }),

    async finishPush(finish) {
      const { source, push, at } = finish
      const { answer, hasChanged } = await inTurn(source, async (tx, of) => {
        const row = await pushRow(tx, { source, push })
        if (!row) return unchanged(refused('push-unknown'))
        if (row.state === 'superseded') return unchanged(refused('push-superseded'))
        if (row.result) return unchanged(row.result)
        const result = await showPush(tx, of, row, finish)
        if ('kind' in result) return unchanged(result)
        await sql`update trueup.push set state = 'finished', result = ${toJson(result)}
          where project_id = ${projectId} and source = ${of.source} and push_id = ${columnText(push)}`.execute(
          tx.db,
        )
        await sql`delete from trueup.push
          where project_id = ${projectId} and source = ${of.source} and push_id <> ${columnText(push)}
            and begun_at < ${at}::timestamptz - make_interval(days => ${rememberedDays})`.execute(tx.db)
        await stageEntries(scope, tx.db, finish.entriesOf(result))
        return { answer: result, hasChanged: true }
      })
      if (hasChanged) {
        const result = 'received' in answer ? answer : null
        // Looking for rows that nobody shows reads all of them, which is too much for each small push.
        const deleted = result?.mode === 'full' ? await clearUnshown(scope, columnText(source)) : 0
        if (deleted + (result?.received ?? 0) >= rowsWorthTidying) await tidySubjects(scope)
      }
      return answer
    },

    async abandonPush({ source, push }) {
      // Its rows are deleted by the next push, so that whoever gives up need not wait for that.
      await sql`delete from trueup.push
        where project_id = ${projectId} and source = ${columnText(source)} and push_id = ${columnText(push)}
          and state = 'open'`.execute(db)
    },

    pushedSubjects: (source, type, after, limit) =>
      subjectsWhere(
        source,
        sql`subject_type = ${type} and subject_id > ${columnText(after ?? '')} order by subject_id`,
        limit,
      ),
    async pushedSubjectsById(source, subjects) {
      const found: PushedSubject[] = []
      for (const [type, ids] of idsByType(subjects)) {
        const condition = sql`subject_type = ${type} and subject_id = any(${ids}::text[]) order by subject_id`
        found.push(...(await subjectsWhere(source, condition, null)))
      }
      return found
    },
    incrementedSubjects: (source, type, since, after, limit) =>
      subjectsWhere(
        source,
        sql`subject_type = ${type} and is_increment and pushed_at >= ${since}
          and subject_id > ${columnText(after ?? '')} order by subject_id`,
        limit,
      ),
    recentPushedSubjects: (source, type, count) =>
      subjectsWhere(
        source,
        sql`subject_type = ${type} order by coalesce(updated_at, pushed_at) desc, subject_id`,
        count,
      ),
  }
}

interface SourceRow {
  readonly source: string
  readonly shown_generation: number
  readonly last_generation: number
  readonly last_full_at: Date | null
  readonly last_push_at: Date | null
}

interface PushRow {
  readonly mode: PushMode
  readonly state: 'open' | 'finished' | 'superseded'
  readonly generation: number
  readonly begun_at: Date
  readonly received: number
  readonly result: PushResult | null
}

async function pushRow(scope: Scope, { source, push }: PushName): Promise<PushRow | null> {
  const { rows } = await sql<PushRow>`
    select mode, state, generation, begun_at, received, result from trueup.push
    where project_id = ${scope.projectId} and source = ${columnText(source)} and push_id = ${columnText(push)}`.execute(
    scope.db,
  )
  return rows[0] ?? null
}

async function stateOf(scope: Scope, { source, push }: PushName, row: PushRow): Promise<PushState> {
  const { rows } = await sql<{ parts: number }>`
    select count(*) as parts from trueup.push_part
    where project_id = ${scope.projectId} and source = ${columnText(source)} and push_id = ${columnText(push)}`.execute(
    scope.db,
  )
  const { mode, begun_at: begunAt, received, result } = row
  return { id: push, mode, begunAt, nextSequence: (rows[0]?.parts ?? 0) + 1, received, result }
}

async function partDigest(
  scope: Scope,
  { source, push }: PushName,
  sequence: number,
): Promise<string | null> {
  const { rows } = await sql<{ digest: string }>`
    select digest from trueup.push_part
    where project_id = ${scope.projectId} and source = ${columnText(source)} and push_id = ${columnText(push)}
      and sequence = ${sequence}`.execute(scope.db)
  return rows[0]?.digest ?? null
}

/** Subjects of a part that stand in it twice or came with an earlier part of the same push. */
async function duplicates(
  scope: Scope,
  { source }: SourceRow,
  generation: number,
  subjects: readonly PushedSubject[],
): Promise<readonly SubjectId[]> {
  const seen = new Set<string>()
  for (const [type, ids] of idsByType(subjects.map(({ subject }) => subject))) {
    const { rows } = await sql<{ subject_id: string }>`
      select subject_id from trueup.pushed_subject
      where project_id = ${scope.projectId} and source = ${source} and generation = ${generation}
        and subject_type = ${type} and subject_id = any(${ids}::text[]) and not is_increment`.execute(
      scope.db,
    )
    for (const row of rows) seen.add(subjectKey({ type, id: row.subject_id }))
  }
  const twice = subjects.filter(({ subject }) => {
    const isTwice = seen.has(subjectKey(subject))
    seen.add(subjectKey(subject))
    return isTwice
  })
  return twice.slice(0, mostNamed).map(({ subject }) => subject)
}

/** Ends the full push that is open; its rows are deleted once that is committed. */
async function supersede(scope: Scope, source: string): Promise<void> {
  await sql`update trueup.push set state = 'superseded'
    where project_id = ${scope.projectId} and source = ${source} and mode = 'full' and state = 'open'`.execute(
    scope.db,
  )
}

type Finish = Parameters<PushedSubjectStore['finishPush']>[0]

/** Makes what a push brought the source's own, and counts what that came to. */
async function showPush(
  scope: Scope,
  of: SourceRow,
  row: PushRow,
  { at, allowShrink, keepMissing }: Finish,
): Promise<PushResult | PushRefusal> {
  const { source, shown_generation: shown } = of
  const before = await countHeld(scope, source, shown)
  const { mode, received, generation } = row
  const result = { mode, received, before, finishedAt: at }
  if (mode === 'incremental') {
    const taken = await mergeIncrement(scope, source, generation, shown)
    const open = await openFullGenerations(scope, source)
    for (const full of open) await mergeIncrement(scope, source, generation, full)
    await sql`delete from trueup.pushed_subject
      where project_id = ${scope.projectId} and source = ${source} and generation = ${generation}`.execute(
      scope.db,
    )
    await setSource(scope, source, { shown, lastFullAt: of.last_full_at, at })
    return { ...result, older: received - taken, kept: 0, after: await countHeld(scope, source, shown) }
  }
  const brought = await countHeld(scope, source, generation)
  const kept = keepMissing ? await missing(scope, source, { shown, generation }) : { rows: 0, held: 0 }
  const after = brought + kept.held
  if (!allowShrink && isTooSmall(before, after)) {
    return { kind: 'refused', code: 'push-too-small', before, after }
  }
  if (keepMissing) await keepRows(scope, source, { shown, generation })
  await setSource(scope, source, { shown: generation, lastFullAt: row.begun_at, at })
  return { ...result, older: 0, kept: kept.rows, after }
}

async function countHeld(scope: Scope, source: string, generation: number): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*) as held from trueup.pushed_subject
    where project_id = ${scope.projectId} and source = ${source} and generation = ${generation}
      and not deleted`.execute(scope.db)
  return rows[0]?.held ?? 0
}

interface Generations {
  readonly shown: number
  readonly generation: number
}

function isMissing(scope: Scope, source: string, { shown, generation }: Generations) {
  return sql`s.project_id = ${scope.projectId} and s.source = ${source} and s.generation = ${shown}
    and not exists (select from trueup.pushed_subject n
      where n.project_id = s.project_id and n.source = s.source and n.generation = ${generation}
        and n.subject_type = s.subject_type and n.subject_id = s.subject_id)`
}

async function missing(scope: Scope, source: string, of: Generations) {
  const { rows } = await sql<{ rows: number; held: number }>`
    select count(*) as rows, count(*) filter (where not deleted) as held
    from trueup.pushed_subject s where ${isMissing(scope, source, of)}`.execute(scope.db)
  return rows[0] ?? { rows: 0, held: 0 }
}

async function keepRows(scope: Scope, source: string, of: Generations): Promise<void> {
  await sql`insert into trueup.pushed_subject (project_id, source, generation, subject_type, subject_id,
      workspace_id, is_increment, deleted, updated_at, pushed_at, subject)
    select project_id, source, ${of.generation}, subject_type, subject_id,
      workspace_id, is_increment, deleted, updated_at, pushed_at, subject
    from trueup.pushed_subject s where ${isMissing(scope, source, of)}`.execute(scope.db)
}

async function openFullGenerations(scope: Scope, source: string): Promise<readonly number[]> {
  const { rows } = await sql<{ generation: number }>`
    select generation from trueup.push
    where project_id = ${scope.projectId} and source = ${source} and mode = 'full' and state = 'open'`.execute(
    scope.db,
  )
  return rows.map(({ generation }) => generation)
}

async function setSource(
  scope: Scope,
  source: string,
  { shown, lastFullAt, at }: { readonly shown: number; readonly lastFullAt: Date | null; readonly at: Date },
): Promise<void> {
  await sql`update trueup.pushed_source
    set shown_generation = ${shown}, last_full_at = ${lastFullAt}, last_push_at = ${at}
    where project_id = ${scope.projectId} and source = ${source}`.execute(scope.db)
}

function idsByType(subjects: readonly SubjectId[]): ReadonlyMap<SubjectType, readonly string[]> {
  const ids = new Map<SubjectType, string[]>()
  for (const { type, id } of subjects) {
    const known = ids.get(type)
    if (known) known.push(columnText(id))
    else ids.set(type, [columnText(id)])
  }
  return ids
}

function unchanged<Answer>(answer: Answer): {
  readonly answer: Answer
  readonly hasChanged: boolean
} {
  return { answer, hasChanged: false }
}

function refused(code: 'push-unknown' | 'push-superseded' | 'push-finished' | 'part-differs'): PushRefusal {
  return { kind: 'refused', code }
}
