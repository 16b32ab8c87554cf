import { seededRng } from '@trueup/sandbox'
import type { Kysely, Transaction } from 'kysely'
import { CompiledQuery } from 'kysely'
import type { Database, Tenant } from '../../packages/service/src/store/database.ts'
import type { Tables } from '../../packages/service/src/store/tables.ts'

/** Runs statements that no policy holds. */
export type Admin = (statement: string) => Promise<readonly Record<string, unknown>[]>

interface Table {
  readonly name: string
  readonly hasProject: boolean
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isGenerated: boolean }[]
}

/** The tenants of the walls: two workspaces, and two projects of the first. Their names stand in every row of theirs. */
const ours = { workspace: 'ws-ours', project: 'project-ours', sibling: 'project-sibling' }
const theirs = { workspace: 'ws-theirs', project: 'project-theirs' }

/** What a run of statements without their tenant conditions saw. */
export interface Attacked {
  readonly statements: number
  readonly tables: number
  /** Statements that gave rows, all of them of the tenant that asked. */
  readonly answered: number
  /** Statements that the database refused, by SQLSTATE. */
  readonly refused: Readonly<Record<string, number>>
  /** Rows of others that were seen or touched, and errors that tell of them. */
  readonly leaks: readonly string[]
}

/**
 * Puts rows of two workspaces into every table that has a workspace, and then asks as one of them, with statements in
 * which no condition names the tenant: reads, joins, set operations, updates, deletes, inserts in the name of the other.
 */
export async function attackWalls(
  database: Database,
  admin: Admin,
  { statements, seed }: { readonly statements: number; readonly seed: string },
): Promise<Attacked> {
  const tables = await guardedTables(admin)
  await fill(tables, admin)
  const before = await rowsOfOthers(tables, admin)
  const rng = seededRng(seed)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(rng.next() * items.length)]
    if (item === undefined) throw new Error('There is nothing to pick from.')
    return item
  }
  const refused: Record<string, number> = {}
  const leaks: string[] = []
  let answered = 0
  for (let done = 0; done < statements; ) {
    const isOfProject = rng.next() < 0.5
    const tenant: Tenant = {
      workspaceId: ours.workspace,
      ...(isOfProject ? { projectId: ours.project } : {}),
    }
    const forbidden = [theirs.workspace, theirs.project, ...(isOfProject ? [ours.sibling] : [])]
    const batch = Math.min(50, statements - done)
    await rolledBack(database.scoped(tenant), async (tx) => {
      for (let turn = 0; turn < batch; turn++) {
        const { text, mayAnswer } = pick(kinds)(tables, pick)
        const outcome = await tried(tx, text)
        if ('code' in outcome) {
          refused[outcome.code] = (refused[outcome.code] ?? 0) + 1
          if (
            !harmlessCodes.includes(outcome.code) ||
            forbidden.some((name) => outcome.words.includes(name))
          ) {
            leaks.push(`${text}: ${outcome.code} ${outcome.words}`)
          }
          continue
        }
        const rows = JSON.stringify(outcome.rows)
        if (outcome.rows.length > 0) answered += 1
        if (forbidden.some((name) => rows.includes(name)) || (outcome.rows.length > 0 && !mayAnswer)) {
          leaks.push(`${text}: ${rows.slice(0, 300)}`)
        }
      }
    })
    done += batch
  }
  if ((await rowsOfOthers(tables, admin)) !== before) leaks.push('Rows of the other workspace were changed.')
  return { statements, tables: tables.length, answered, refused, leaks }
}

/** Refused by row-level security or by a missing right (42501), or wrong by chance before any row was looked at. */
const harmlessCodes = ['42501', '0A000']

type Kind = (
  tables: readonly Table[],
  pick: <Item>(items: readonly Item[]) => Item,
) => { readonly text: string; readonly mayAnswer: boolean }

/** One way each of asking without saying for whom. */
const kinds: readonly Kind[] = [
  (tables, pick) => reads(`select t::text from trueup.${pick(tables).name} t`),
  (tables, pick) =>
    reads(`select t::text from trueup.${pick(tables).name} t where workspace_id is not null or true`),
  (tables, pick) =>
    reads(`select t::text from trueup.${pick(tables).name} t where workspace_id <> '${ours.workspace}'`),
  (tables, pick) => reads(`select t::text from trueup.${pick(tables).name} t where t::text like '%theirs%'`),
  (tables, pick) =>
    reads(
      `select string_agg(workspace_id, ',') as all, max(workspace_id) as most from trueup.${pick(tables).name}`,
    ),
  (tables, pick) =>
    reads(
      `select a::text, b::text from trueup.${pick(tables).name} a cross join trueup.${pick(tables).name} b`,
    ),
  (tables, pick) =>
    reads(`select a::text, b::text from trueup.${pick(tables).name} a full join trueup.${pick(tables).name} b
      on a.workspace_id <> b.workspace_id`),
  (tables, pick) =>
    reads(
      `select a::text from trueup.${pick(tables).name} a
      where exists (select from trueup.${pick(tables).name} b where b.workspace_id = '${theirs.workspace}')`,
      false,
    ),
  (tables, pick) =>
    reads(`select workspace_id from trueup.${pick(tables).name} union all
      select t::text from trueup.${pick(tables).name} t order by 1 limit 100`),
  (tables, pick) =>
    reads(`select row_number() over (partition by workspace_id), t::text from trueup.${pick(tables).name} t`),
  (tables, pick) =>
    reads(`with recursive x as (select t::text from trueup.${pick(tables).name} t) select * from x,
      lateral (select b::text from trueup.${pick(tables).name} b offset 0) y`),
  (tables, pick) => reads(`select t::text from trueup.${pick(tables).name} t tablesample system (100)`),
  // Fails where the condition is looked at before the wall, and so tells of a row behind it.
  (tables, pick) =>
    reads(`select 1 as one from trueup.${pick(tables).name}
      where 1 / (case when workspace_id = '${theirs.workspace}' then 0 else 1 end) = 1`),
  (tables, pick) => {
    const table = pick(tables)
    return reads(`update trueup.${table.name} t set workspace_id = workspace_id returning t::text`)
  },
  (tables, pick) => {
    const table = pick(tables)
    const column = pick(table.columns.filter(({ isGenerated }) => !isGenerated)).name
    return reads(
      `update trueup.${table.name} t set "${column}" = "${column}" where workspace_id = '${theirs.workspace}' returning t::text`,
      false,
    )
  },
  (tables, pick) =>
    reads(
      `update trueup.${pick(tables).name} t set workspace_id = '${theirs.workspace}' returning 1 as moved`,
      false,
    ),
  (tables, pick) => reads(`delete from trueup.${pick(tables).name} t returning t::text`),
  (tables, pick) =>
    reads(
      `delete from trueup.${pick(tables).name} t using trueup.${pick(tables).name} b
      where b.workspace_id = '${theirs.workspace}' returning t::text`,
      false,
    ),
  (tables, pick) => {
    const table = pick(tables)
    return reads(
      `insert into trueup.${table.name} ${valuesOf(table, theirs.workspace, theirs.project, 9)} returning 1 as put`,
      false,
    )
  },
  (tables, pick) => {
    const table = pick(tables)
    const row = valuesOf(table, theirs.workspace, theirs.project, 1)
    return reads(`insert into trueup.${table.name} ${row} on conflict do nothing returning 1 as put`, false)
  },
  (tables, pick) => reads(`select t::text from trueup.${pick(tables).name} t for update`),
]

function reads(text: string, mayAnswer = true) {
  return { text, mayAnswer }
}

type Tried =
  | { readonly rows: readonly Record<string, unknown>[] }
  | { readonly code: string; readonly words: string }

async function tried(tx: Transaction<Tables>, text: string): Promise<Tried> {
  const run = (statement: string) => tx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(statement))
  await run('savepoint attempt')
  try {
    const { rows } = await run(text)
    return { rows }
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } }
    return { code: cause?.code ?? 'none', words: wordsOf(error) }
  } finally {
    await run('rollback to attempt')
  }
}

function wordsOf(error: unknown): string {
  const { message = '', cause } = error as { readonly message?: string; readonly cause?: object }
  return `${message} ${JSON.stringify(cause ?? null)}`
}

async function rolledBack(
  db: Kysely<Tables>,
  act: (tx: Transaction<Tables>) => Promise<void>,
): Promise<void> {
  const undone = new Error('Undone.')
  await db
    .transaction()
    .execute(async (tx) => {
      await act(tx)
      throw undone
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error
    })
}

/** Every table that has a workspace. */
async function guardedTables(admin: Admin): Promise<readonly Table[]> {
  const rows = await admin(`
    select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', t.typname,
        'isGenerated', a.attidentity <> '' or a.attgenerated <> '') order by a.attnum)::text as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type t on t.oid = a.atttypid
      where c.relnamespace = 'trueup'::regnamespace and c.relkind in ('r', 'p') and exists (
        select from pg_attribute where attrelid = c.oid and attname = 'workspace_id' and not attisdropped)
      group by c.relname order by c.relname`)
  return rows.map((row) => {
    const columns: Table['columns'] = JSON.parse(String(row.columns))
    return {
      name: String(row.name),
      columns,
      hasProject: columns.some(({ name }) => name === 'project_id'),
    }
  })
}

/** Three rows of each table: of both projects of the one workspace, and of the other workspace. Rules of content are let go. */
async function fill(tables: readonly Table[], admin: Admin): Promise<void> {
  const names = tables.map(({ name }) => `'${name}'`).join(', ')
  const rules =
    await admin(`select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
    from pg_constraint join pg_class c on c.oid = conrelid
    where c.relnamespace = 'trueup'::regnamespace and relname in (${names}) and contype in ('c', 'f')`)
  for (const { drop } of rules) await admin(String(drop))
  for (const table of tables) {
    await admin(`alter table trueup.${table.name} disable trigger all`)
    for (const [place, [workspace, project]] of [
      [ours.workspace, ours.project],
      [ours.workspace, ours.sibling],
      [theirs.workspace, theirs.project],
    ].entries()) {
      if (!table.hasProject && project === ours.sibling) continue
      await admin(
        `insert into trueup.${table.name} ${valuesOf(table, workspace ?? '', project ?? '', place)}`,
      )
    }
  }
}

function valuesOf({ columns }: Table, workspace: string, project: string, place: number): string {
  const given = columns.filter(({ isGenerated }) => !isGenerated)
  const values = given.map(({ name, type }) => {
    if (name === 'workspace_id') return `'${workspace}'`
    if (name === 'project_id') return `'${project}'`
    return exampleOf(type, `${workspace}-${place}`, place)
  })
  return `(${given.map(({ name }) => `"${name}"`).join(', ')}) values (${values.join(', ')})`
}

function exampleOf(type: string, text: string, place: number): string {
  switch (type) {
    case 'text':
    case 'varchar':
      return `'${text}'`
    case 'bool':
      return 'true'
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float8':
    case 'numeric':
      return String(place)
    case 'timestamptz':
    case 'timestamp':
      return `timestamptz '2026-01-01' + interval '${place} day'`
    case 'date':
      return `date '2026-01-01' + ${place}`
    case 'json':
    case 'jsonb':
      return `'{"of": "${text}"}'`
    case 'bytea':
      return `convert_to('${text}', 'UTF8')`
    case '_text':
      return `array['${text}']`
    case 'uuid':
      return `'00000000-0000-4000-8000-00000000000${place}'`
    default:
      throw new Error(`A column is of the type ${type}, which this test has no value for.`)
  }
}

/** All rows of the other workspace, as one text that any change of them changes. */
async function rowsOfOthers(tables: readonly Table[], admin: Admin): Promise<string> {
  const texts: unknown[] = []
  for (const { name } of tables) {
    texts.push(
      await admin(`select '${name}' as name, count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) as digest
        from trueup.${name} t where workspace_id = '${theirs.workspace}'`),
    )
  }
  return JSON.stringify(texts)
}

/** The admin of a database whose own connections no policy holds. */
export function adminOf(query: (text: string) => Promise<{ readonly rows: unknown[] }>): Admin {
  return async (statement) => (await query(statement)).rows as readonly Record<string, unknown>[]
}
