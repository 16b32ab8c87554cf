import type { LedgerCheckpoint, LedgerDraft, LedgerHead, LedgerStore, SequencedEntry } from '@trueup/core'
import { sql } from 'kysely'
import { texts, writeInBulk } from './bulk.ts'
import { columnText } from './json-codec.ts'
import { stageEntries } from './ledger-staging.ts'
import type { Scope } from './tables.ts'

const hashBytes = 32

/** The Access Ledger in the database. */
export function ledger(scope: Scope): LedgerStore {
  const { db, projectId, workspaceId } = scope

  return {
    async stageEntries(drafts) {
      await db.transaction().execute((tx) => stageEntries(scope, tx, drafts))
    },

    async sequenceEntries(limit, enter) {
      const taken = await db.transaction().execute(async (tx) => {
        // One sequencer a project: whoever comes second waits here, and then sees what the first one entered.
        await sql`select from trueup.project where project_id = ${projectId} for no key update`.execute(tx)
        const { rows: staged } = await sql<{ draft_number: number; key: string; draft: LedgerDraft }>`
          select draft_number, key, draft from trueup.ledger_draft
          where project_id = ${projectId} order by draft_number limit ${limit}`.execute(tx)
        if (staged.length === 0) return 0
        const { rows: known } = await sql<{ key: string }>`
          select key from trueup.ledger_entry
          where project_id = ${projectId} and key = any(${staged.map(({ key }) => key)}::text[])`.execute(tx)
        const entered = new Set(known.map(({ key }) => key))
        const drafts = staged.filter(({ key }) => !entered.has(key)).map(({ draft }) => draft)
        const head = await headOf({ ...scope, db: tx })
        await insertEntries({ ...scope, db: tx }, enter(drafts, head))
        await sql`delete from trueup.ledger_draft where project_id = ${projectId}
          and draft_number = any(${staged.map((row) => row.draft_number)}::bigint[])`.execute(tx)
        return staged.length
      })
      const isLastBatch = taken > 0 && taken < limit
      if (scope.vacuumsItself && isLastBatch) await sql`vacuum trueup.ledger_draft`.execute(db)
      return taken
    },

    async countStagedEntries() {
      const { rows } = await sql<{ staged: number }>`
        select count(*) as staged from trueup.ledger_draft where project_id = ${projectId}`.execute(db)
      return rows[0]?.staged ?? 0
    },

    ledgerHead: () => headOf(scope),

    async ledgerEntries(from, limit) {
      return await readEntries(scope, sql`entry.sequence >= ${from}`, limit)
    },

    async ledgerEntriesAbout(about, from, limit) {
      const isAbout =
        'person' in about
          ? sql`entry.sequence in (select sequence from trueup.ledger_person
              where project_id = ${projectId} and person = ${columnText(about.person)} and sequence >= ${from})`
          : sql`entry.incident_id = ${columnText(about.incident)} and entry.sequence >= ${from}`
      return await readEntries(scope, isAbout, limit)
    },

    async ledgerHashes(from, limit) {
      const { rows } = await sql<{ hash: Buffer }>`
        select hash from trueup.ledger_entry where project_id = ${projectId} and sequence >= ${from}
        order by sequence limit ${limit}`.execute(db)
      return rows.map(({ hash }) => hash)
    },

    async saveCheckpoint({ size, root, range, note, signedAt }) {
      await sql`insert into trueup.ledger_checkpoint
          (project_id, workspace_id, size, root, range, note, signed_at)
        values (${projectId}, ${workspaceId}, ${size}, ${Buffer.from(root)}, ${Buffer.concat(range)}, ${note}, ${signedAt})
        on conflict do nothing`.execute(db)
    },

    async checkpoint(size) {
      const row = await db
        .selectFrom('trueup.ledger_checkpoint')
        .selectAll()
        .where('project_id', '=', projectId)
        .$if(size !== undefined, (query) => query.where('size', '=', size ?? 0))
        .orderBy('size', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? checkpointOf(row) : null
    },

    async erasePersonal(person) {
      return await db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ sequence: number }>`select sequence from trueup.ledger_person
          where project_id = ${projectId} and person = ${columnText(person)}`.execute(tx)
        const sequences = rows.map(({ sequence }) => sequence)
        for (const table of ['ledger_personal', 'ledger_person']) {
          await sql`delete from ${sql.id('trueup', table)}
            where project_id = ${projectId} and sequence = any(${sequences}::bigint[])`.execute(tx)
        }
        // What was promised and granted over time is of the person too.
        await sql`delete from trueup.access_step
          where project_id = ${projectId} and pair_key = ${columnText(person)}`.execute(tx)
        return sequences.length
      })
    },
  }
}

async function headOf({ db, projectId }: Scope): Promise<LedgerHead> {
  const row = await db
    .selectFrom('trueup.ledger_entry')
    .select(['sequence', 'hash'])
    .where('project_id', '=', projectId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { size: row.sequence + 1, hash: row.hash } : { size: 0, hash: null }
}

async function insertEntries(scope: Scope, entries: readonly SequencedEntry[]): Promise<void> {
  const { db, projectId, workspaceId } = scope
  await writeInBulk(
    entries,
    ({ key }) => key,
    (rows) =>
      sql`insert into trueup.ledger_entry
          (project_id, workspace_id, sequence, key, act, at, incident_id, entry, hash)
        select ${projectId}, ${workspaceId}, * from unnest(
          ${rows.map(({ sequence }) => sequence)}::bigint[], ${texts(rows, ({ key }) => key)}::text[],
          ${rows.map(({ act }) => act)}::text[], ${rows.map(({ at }) => at.toISOString())}::timestamptz[],
          ${texts(rows, ({ incident }) => incident)}::text[],
          ${rows.map(({ bytes }) => Buffer.from(bytes))}::bytea[],
          ${rows.map(({ hash }) => Buffer.from(hash))}::bytea[])`.execute(db),
  )
  const personal = entries.flatMap((entry) =>
    entry.personal ? [{ sequence: entry.sequence, ...entry.personal }] : [],
  )
  await writeInBulk(
    personal,
    ({ sequence }) => String(sequence),
    (rows) =>
      sql`insert into trueup.ledger_personal (project_id, workspace_id, sequence, salt, personal)
        select ${projectId}, ${workspaceId}, * from unnest(
          ${rows.map(({ sequence }) => sequence)}::bigint[], ${rows.map(({ salt }) => Buffer.from(salt))}::bytea[],
          ${rows.map(({ text }) => text)}::text[])`.execute(db),
  )
  const persons = entries.flatMap(({ sequence, persons: named }) =>
    named.map((person) => ({ sequence, person: columnText(person) })),
  )
  await writeInBulk(
    persons,
    ({ sequence, person }) => `${sequence} ${person}`,
    (rows) =>
      sql`insert into trueup.ledger_person (project_id, workspace_id, sequence, person)
        select ${projectId}, ${workspaceId}, * from unnest(
          ${rows.map(({ sequence }) => sequence)}::bigint[], ${rows.map(({ person }) => person)}::text[])`.execute(
        db,
      ),
  )
}

async function readEntries(
  { db, projectId }: Scope,
  which: ReturnType<typeof sql>,
  limit: number,
): Promise<readonly SequencedEntry[]> {
  const { rows } = await sql<EntryRow>`
    select entry.sequence, entry.key, entry.act, entry.at, entry.incident_id, entry.entry, entry.hash,
      beside.salt, beside.personal,
      array(select person from trueup.ledger_person named
        where named.project_id = entry.project_id and named.sequence = entry.sequence order by person) as persons
    from trueup.ledger_entry entry
    left join trueup.ledger_personal beside
      on beside.project_id = entry.project_id and beside.sequence = entry.sequence
    where entry.project_id = ${projectId} and ${which}
    order by entry.sequence limit ${limit}`.execute(db)
  return rows.map((row) => ({
    sequence: row.sequence,
    key: row.key,
    act: row.act,
    at: row.at,
    incident: row.incident_id,
    bytes: row.entry,
    hash: row.hash,
    persons: row.persons,
    personal: row.salt && row.personal !== null ? { salt: row.salt, text: row.personal } : null,
  }))
}

interface EntryRow {
  readonly sequence: number
  readonly key: string
  readonly act: SequencedEntry['act']
  readonly at: Date
  readonly incident_id: string | null
  readonly entry: Buffer
  readonly hash: Buffer
  readonly salt: Buffer | null
  readonly personal: string | null
  readonly persons: readonly string[]
}

function checkpointOf(row: {
  readonly size: number
  readonly root: Buffer
  readonly range: Buffer
  readonly note: string
  readonly signed_at: Date
}): LedgerCheckpoint {
  const range = Array.from({ length: row.range.length / hashBytes }, (_, place) =>
    row.range.subarray(place * hashBytes, (place + 1) * hashBytes),
  )
  return { size: row.size, root: row.root, range, note: row.note, signedAt: row.signed_at }
}
