import type { CheckRun, Incident, PairFiling, PairStore } from '@trueup/core'
import { compareText, identityKey, incidentKinds, severities, subjectKey, subjectOfKey } from '@trueup/core'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { texts, writeInBulk } from './bulk.ts'
import { checkNumber, countingRequests, runOf } from './check-rows.ts'
import { incidentIn } from './incident-rows.ts'
import { columnText, toJson } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import { packingVersion } from './packing/packed-observations.ts'
import type { Scope, Tables } from './tables.ts'

type Db = Scope['db']
type CheckRow = Parameters<typeof runOf>[1]

/** Checks of single pairs: their tokens, whom they know, and what they file. */
export function pairFiling(scope: Scope): PairStore {
  const { db, projectId, workspaceId } = scope
  const ofProject = sql`workspace_id = ${workspaceId} and project_id = ${projectId}`

  return {
    async issueTokens(pairKeys) {
      // In one order, so that two that ask for the same never wait for each other in a circle.
      const asked = [...new Set(pairKeys)].toSorted(compareText)
      if (asked.length === 0) return []
      const { rows } = await sql<{ pair_key: string; token: number }>`
        insert into trueup.check_token as t (workspace_id, project_id, pair_key, token)
        select ${workspaceId}, ${projectId}, asked.pair_key, 1
        from unnest(${asked.map(columnText)}::text[]) with ordinality as asked (pair_key, place) order by place
        on conflict (workspace_id, project_id, pair_key) do update set token = t.token + 1
        returning pair_key, token`.execute(db)
      const tokens = new Map(rows.map(({ pair_key, token }) => [pair_key, token]))
      return asked.map((pairKey) => ({ pairKey, token: tokens.get(columnText(pairKey)) ?? 0 }))
    },

    async acquaintances(checkId, { customerIds, subjects }, limit) {
      const number = checkId === null ? null : checkNumber(scope, checkId)
      const customers = sql`${customerIds.map(columnText)}::text[]`
      const keys = sql`${subjects.map((subject) => columnText(subjectKey(subject)))}::text[]`
      const { rows } = await sql<{ customer_id: string; subject_key: string }>`
        select distinct found.customer_id, found.subject_key
        from (
          select known.* from unnest(${customers}) as asked(customer_id) cross join lateral (
            select k.customer_id, k.subject_key from trueup.known_subject k
            where k.project_id = ${projectId} and k.customer_id = asked.customer_id
            order by k.subject_key limit ${limit}) as known
          union all
          select known.* from unnest(${keys}) as asked(subject_key) cross join lateral (
            select k.customer_id, k.subject_key from trueup.known_subject k
            where k.project_id = ${projectId} and k.subject_key = asked.subject_key
            order by k.customer_id limit ${limit}) as known
          union all
          select unclear.* from unnest(${customers}) as asked(customer_id) cross join lateral (
            select c.customer_id, c.subject_key from trueup.candidate c
            where c.project_id = ${projectId} and c.check_number = ${number}::bigint
              and c.customer_id = asked.customer_id
            order by c.subject_key limit ${limit}) as unclear
          union all
          select unclear.* from unnest(${keys}) as asked(subject_key) cross join lateral (
            select c.customer_id, c.subject_key from trueup.candidate c
            where c.project_id = ${projectId} and c.check_number = ${number}::bigint
              and c.subject_key = asked.subject_key
            order by c.customer_id limit ${limit}) as unclear
        ) as found`.execute(db)
      return rows
        .toSorted(
          (a, b) => compareText(a.customer_id, b.customer_id) || compareText(a.subject_key, b.subject_key),
        )
        .map((row) => ({ customerId: row.customer_id, subject: subjectOfKey(row.subject_key) }))
    },

    async rememberAcquaintances(pairs) {
      if (pairs.length === 0) return
      await sql`insert into trueup.known_subject (project_id, workspace_id, customer_id, subject_key)
        select distinct ${projectId}, ${workspaceId}, met.customer_id, met.subject_key
        from unnest(${pairs.map(({ customerId }) => columnText(customerId))}::text[],
          ${pairs.map(({ subject }) => columnText(subjectKey(subject)))}::text[]) as met (customer_id, subject_key)
        order by met.customer_id, met.subject_key
        on conflict do nothing`.execute(db)
    },

    incidentsOn: (on) => incidentsAbout(scope, db, { on, identityKeys: [] }, ''),

    async filePairs(filing, decide) {
      return await db.transaction().execute(async (tx) => {
        await lockChanges(scope, tx)
        if (!(await holdTokens(scope, tx, filing.tokens))) return { kind: 'superseded' }
        const known = await incidentsAbout(scope, tx, filing, 'for update')
        const { run } = filing
        const isNew = !('checkId' in run)
        const row = isNew ? await insertRun(scope, tx, run) : await runRow(scope, tx, run.checkId)
        if (isNew) {
          for (const [source, sent] of Object.entries(run.requests)) {
            await countingRequests(scope, `chk_${row.check_number}`, { source, part: 'other' }, sent).execute(
              tx,
            )
          }
        }
        const begun = await runOf({ ...scope, db: tx }, row)
        const decision = decide(known, begun)
        if (decision === null) {
          if (!isNew) return { kind: 'filed', checkId: begun.id }
          await forgetRun(scope, tx, row.check_number)
          return { kind: 'filed', checkId: null }
        }
        await saveIncidents(scope, tx, decision.incidents)
        if (filing.seenBy !== null) await markSeen(scope, tx, filing.seenBy, decision.incidents)
        await stageEntries(scope, tx, decision.entries)
        return { kind: 'filed', checkId: begun.id }
      })
    },

    async checkMarks() {
      const { rows } = await sql<{ source: string; part: string; looked_at_until: Date }>`
        select source, part, looked_at_until from trueup.check_mark where ${ofProject}
        order by source, part`.execute(db)
      return rows.map(({ source, part, looked_at_until: until }) => ({ source, part, until }))
    },
    async moveCheckMarks(marks) {
      await writeInBulk(
        marks,
        ({ source, part }) => `${source}/${part}`,
        (rows) =>
          sql`insert into trueup.check_mark as m (workspace_id, project_id, source, part, looked_at_until)
            select ${workspaceId}, ${projectId}, * from unnest(
              ${texts(rows, ({ source }) => source)}::text[],
              ${texts(rows, ({ part }) => part)}::text[],
              ${rows.map(({ until }) => until.toISOString())}::timestamptz[])
            on conflict (workspace_id, project_id, source, part) do update
              set looked_at_until = greatest(m.looked_at_until, excluded.looked_at_until)`.execute(db),
      )
    },
  }
}

/** The lock under which incidents are changed, taken before any row of them; see `changeIncidents`. */
async function lockChanges({ projectId, workspaceId }: Scope, tx: Db): Promise<void> {
  await sql`insert into trueup.repair_control (project_id, workspace_id)
    values (${projectId}, ${workspaceId}) on conflict do nothing`.execute(tx)
  await sql`select from trueup.repair_control where project_id = ${projectId} for update`.execute(tx)
}

/** Whether these are the last that were issued. Until the transaction ends, nobody files on them and none is issued. */
async function holdTokens(
  { projectId, workspaceId }: Scope,
  tx: Db,
  tokens: PairFiling['tokens'],
): Promise<boolean> {
  if (tokens.length === 0) return true
  const { rows } = await sql<{ pair_key: string; token: number }>`
    select pair_key, token from trueup.check_token
    where workspace_id = ${workspaceId} and project_id = ${projectId}
      and pair_key = any(${tokens.map(({ pairKey }) => columnText(pairKey))}::text[])
    order by pair_key for update`.execute(tx)
  const latest = new Map(rows.map(({ pair_key, token }) => [pair_key, token]))
  return tokens.every(({ pairKey, token }) => latest.get(columnText(pairKey)) === token)
}

/**
 * Incidents by identity, and all that stand on something: what an incident stands on is in the middle of its identity, so
 * each kind is looked for by itself, in the index.
 */
async function incidentsAbout(
  { projectId }: Scope,
  db: Db,
  { on, identityKeys }: Pick<PairFiling, 'on' | 'identityKeys'>,
  lock: 'for update' | '',
): Promise<readonly Incident[]> {
  const wanted = new Set(on)
  const beginnings = [...wanted].flatMap((each) =>
    incidentKinds.map((kind) => columnText(`${kind}|${each}|`)),
  )
  const { rows } = await sql<Parameters<typeof incidentIn>[0]>`
    select incident from trueup.incident
    where project_id = ${projectId} and incident_id in (
      select found.incident_id from unnest(${beginnings}::text[]) as asked(beginning) cross join lateral (
        select i.incident_id from trueup.incident i where i.project_id = ${projectId}
          and i.identity_key >= asked.beginning collate "C"
          -- The next character after the bar that ends the beginning.
          and i.identity_key < (left(asked.beginning, -1) || '}') collate "C") as found
      union
      select i.incident_id from trueup.incident i
      where i.project_id = ${projectId} and i.identity_key = any(${identityKeys.map(columnText)}::text[]))
    order by incident_id ${sql.raw(lock)}`.execute(db)
  const exact = new Set(identityKeys)
  return rows
    .map(incidentIn)
    .filter(({ identity }) => wanted.has(identity.on) || exact.has(identityKey(identity)))
}

async function insertRun(
  { projectId, workspaceId }: Scope,
  tx: Db,
  run: Exclude<PairFiling['run'], { readonly checkId: string }>,
): Promise<CheckRow> {
  return await tx
    .insertInto('trueup.check_run')
    .values({
      project_id: projectId,
      workspace_id: workspaceId,
      kind: run.kind,
      dry_run: false,
      as_of: run.asOf,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      phase: 'finished',
      counts: toJson(run.counts),
      config_fingerprint: run.configFingerprint,
      packing_version: packingVersion,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function runRow(scope: Scope, tx: Db, checkId: CheckRun['id']): Promise<CheckRow> {
  return await tx
    .selectFrom('trueup.check_run')
    .selectAll()
    .where('project_id', '=', scope.projectId)
    .where('check_number', '=', checkNumber(scope, checkId))
    .executeTakeFirstOrThrow()
}

/** A reading that changed nothing leaves no trace. */
async function forgetRun({ projectId }: Scope, tx: Db, number: number): Promise<void> {
  await sql`delete from trueup.check_requests
    where project_id = ${projectId} and check_number = ${number}`.execute(tx)
  await sql`delete from trueup.check_run
    where project_id = ${projectId} and check_number = ${number}`.execute(tx)
}

async function saveIncidents(
  { projectId, workspaceId }: Scope,
  tx: Kysely<Tables>,
  saved: readonly Incident[],
): Promise<void> {
  for (const incident of saved) {
    const { id, identity, state, severity, openedAt } = incident
    await sql`insert into trueup.incident (project_id, workspace_id, incident_id, identity_key, state,
        severity_rank, opened_at, incident)
      values (${projectId}, ${workspaceId}, ${columnText(id)}, ${columnText(identityKey(identity))}, ${state},
        ${severities.indexOf(severity)}, ${openedAt}, ${toJson(incident)})
      on conflict (project_id, incident_id) do update
        set state = excluded.state, severity_rank = excluded.severity_rank, opened_at = excluded.opened_at,
            incident = excluded.incident`.execute(tx)
  }
}

async function markSeen(scope: Scope, tx: Db, checkId: string, seen: readonly Incident[]): Promise<void> {
  await sql`insert into trueup.incident_seen (project_id, check_number, workspace_id, incident_id)
    select ${scope.projectId}, ${checkNumber(scope, checkId)}, ${scope.workspaceId}, *
    from unnest(${texts(seen, ({ id }) => id)}::text[])
    on conflict do nothing`.execute(tx)
}
