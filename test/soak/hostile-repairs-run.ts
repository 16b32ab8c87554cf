import { seededRng } from '@trueup/sandbox'
import pg from 'pg'
import { repairFunctionSql } from '../../packages/service/src/adapters/postgres/repair/repair-function-sql.ts'
import type { RepairTable } from '../../packages/service/src/adapters/postgres/repair/repair-policy.ts'
import { createRepairDatabase, type RepairDatabase } from '../support/repair-database.ts'
import { type Attack, Attacker } from './hostile-repairs-statements.ts'

export interface HostileRun {
  /** Statements and calls, of all rounds. */
  readonly calls: number
  /** After each round everything is taken back and looked at, and the hour of the cap begins anew. */
  readonly rounds: number
  readonly sessions: number
  readonly cap: number
  readonly seed: string
}

/** What a round has done to the app's rows, and what was left of it. */
export interface HostileRound {
  readonly calls: number
  readonly refusedBySql: number
  /** Of those: ended because they waited for each other, or for a lock for longer than the function waits. */
  readonly deadlocks: number
  readonly lockTimeouts: number
  /** Answers of the function by kind and code. */
  readonly answers: Readonly<Record<string, number>>
  readonly sessionsLost: number
  /** The greatest number of changed rows that was seen at any time, by column. */
  readonly changed: Readonly<Record<'plan' | 'premium', number>>
  /** Changes that the journal does not explain, or that it has and the rows have not. */
  readonly unexplained: readonly string[]
  /** What else differs from before: other columns and tables, the policy, functions, roles, objects. */
  readonly damage: readonly string[]
  /** Rows that are not as they were before, after everything was taken back with one command. */
  readonly notTakenBack: readonly string[]
}

const users = 1000
const table: RepairTable = {
  schema: 'public',
  table: 'users',
  key: 'id',
  columns: [
    { column: 'plan', rule: { kind: 'any-of', values: ['free', 'pro'] } },
    { column: 'premium', rule: { kind: 'flag' } },
  ],
}
const statementMs = 8000

/**
 * Hands the credentials of repairs to attackers, in a database of an app whose own trigger is written carelessly, and
 * looks at what they could do.
 */
export async function runHostileRepairs(run: HostileRun): Promise<readonly HostileRound[]> {
  const database = await createRepairDatabase()
  try {
    await setUp(database, run.cap)
    const rounds: HostileRound[] = []
    for (let round = 0; round < run.rounds; round++) {
      rounds.push(await attack(database, run, `${run.seed}-${round}`))
      await beginNewHour(database)
    }
    return rounds
  } finally {
    await database.close()
  }
}

async function setUp(database: RepairDatabase, cap: number): Promise<void> {
  await database.owner(`
    create table public.secrets (word text);
    insert into public.secrets values ('canary');
    create table public.audit (id text);
    create function public.note() returns trigger language plpgsql as
      $$ begin if new.email = 'noted' then insert into audit values (new.id); end if; return new; end $$;
    create trigger note after update on public.users for each row execute function public.note();
    insert into public.users (id, plan, premium, email, seats)
      select 'u_' || n, 'free', false, case when n % 10 = 0 then 'noted' else 'a@example.com' end, n
      from generate_series(1, ${users}) n;
  `)
  // Attackers bring about deadlocks all the time; by default each lasts a second, and all others wait for it.
  await database.owner(`alter database "${database.name}" set deadlock_timeout = '20ms'`)
  await database.owner(repairFunctionSql({ tables: [table], capAnHour: cap, role: database.role }))
}

async function attack(database: RepairDatabase, run: HostileRun, seed: string): Promise<HostileRound> {
  const before = await photograph(database)
  const tally = new Tally()
  const attackers = Array.from({ length: run.sessions }, (_, at) =>
    new HostileSession(database, `${seed}-${at}`, tally).run(
      Math.floor(run.calls / run.rounds / run.sessions),
      at % 2 === 0,
      at === 1,
    ),
  )
  const changed = { plan: 0, premium: 0 }
  let isOver = false
  const over = Promise.all(attackers).finally(() => {
    isOver = true
  })
  while (!isOver) {
    await Promise.race([over, database.owner('select pg_sleep(0.05)')])
    const { rows } = await database.owner(
      `select count(*) filter (where plan is distinct from 'free')::int as plan, count(*) filter (where premium)::int as premium from public.users`,
    )
    changed.plan = Math.max(changed.plan, rows[0]?.plan ?? 0)
    changed.premium = Math.max(changed.premium, rows[0]?.premium ?? 0)
  }
  await over
  const unexplained = await explain(database)
  await database.owner(`select trueup_repair.undo_all('-infinity')`)
  const after = await photograph(database)
  return {
    calls: tally.calls,
    refusedBySql: tally.errors,
    deadlocks: tally.deadlocks,
    lockTimeouts: tally.lockTimeouts,
    answers: tally.answers,
    sessionsLost: tally.sessionsLost,
    changed,
    unexplained,
    damage: Object.keys(before.others).filter((name) => before.others[name] !== after.others[name]),
    notTakenBack: [...before.rows].filter(([id, row]) => after.rows.get(id) !== row).map(([id]) => id),
  }
}

/** What was sent and what came back, of all sessions. */
class Tally {
  calls = 0
  errors = 0
  deadlocks = 0
  lockTimeouts = 0
  sessionsLost = 0
  tokens = 0
  readonly answers: Record<string, number> = {}

  noteRefusal(error: unknown): void {
    this.errors++
    const state = error instanceof pg.DatabaseError ? error.code : undefined
    if (state === '40P01') this.deadlocks++
    if (state === '55P03') this.lockTimeouts++
  }

  note(result: pg.QueryResult | pg.QueryResult[]): void {
    for (const { rows } of Array.isArray(result) ? result : [result]) {
      for (const row of rows ?? []) {
        const answer: unknown = row.apply
        if (typeof answer !== 'object' || answer === null || !('kind' in answer)) continue
        const code = 'code' in answer ? `: ${answer.code}` : ''
        const name = `${answer.kind}${code}`
        this.answers[name] = (this.answers[name] ?? 0) + 1
      }
    }
  }
}

/** One session of an attacker, opened again whenever it is lost. */
class HostileSession {
  readonly #url: string
  readonly #attacker: Attacker
  readonly #tally: Tally
  #client: pg.Client | null = null

  constructor(database: RepairDatabase, seed: string, tally: Tally) {
    this.#url = database.url.replace(/\/\/[^@/]*@/, `//${database.role}@`)
    const { role } = database
    const nextToken = () => ++tally.tokens
    this.#attacker = new Attacker(seed, seededRng(seed), { role, owner: `${role}_owner`, users, nextToken })
    this.#tally = tally
  }

  /**
   * @param beginsWithTrap before the cap is spent, since later nothing sets a trigger of the app off
   * @param holdsLocks once for longer than the function waits for a lock; more often, and no other gets to its turn
   */
  async run(calls: number, beginsWithTrap: boolean, holdsLocks: boolean): Promise<void> {
    if (beginsWithTrap) await this.#make(this.#attacker.trap())
    if (holdsLocks) await this.#make(this.#attacker.hold())
    // Then all sessions send valid orders at once, to get past the cap together.
    const race = Math.min(40, Math.floor(calls / 4))
    let made = 0
    while (made < calls) {
      const attack = made < race ? this.#attacker.order() : this.#attacker.next()
      made += attack.statements.length
      await this.#make(attack)
    }
    await this.#leave()
  }

  async #make({ statements, endsSession }: Attack): Promise<void> {
    for (const { text, values } of statements) {
      this.#tally.calls++
      try {
        const client = await this.#session()
        this.#tally.note(await client.query(text, values ? [...values] : undefined))
      } catch (error) {
        this.#tally.noteRefusal(error)
        // What failed within a transaction leaves it open.
        await this.#client?.query('rollback').catch(() => this.#lose())
      }
    }
    if (endsSession) await this.#leave()
  }

  async #session(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = new pg.Client({ connectionString: this.#url, statement_timeout: statementMs })
    client.on('error', () => this.#lose())
    await client.connect()
    this.#client = client
    return client
  }

  #lose(): void {
    this.#tally.sessionsLost++
    this.#client?.end().catch(() => {})
    this.#client = null
  }

  async #leave(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => {})
  }
}

interface Photograph {
  readonly rows: ReadonlyMap<string, string>
  readonly others: Readonly<Record<string, string>>
}

/** All that must be the same afterwards. */
async function photograph(database: RepairDatabase): Promise<Photograph> {
  const { rows } = await database.owner('select id, to_jsonb(u)::text as row from public.users u')
  const others: Record<string, string> = {}
  for (const [name, query] of Object.entries(things(database.role))) {
    const { rows: lines } = await database.owner(query)
    others[name] = JSON.stringify(lines)
  }
  return { rows: new Map(rows.map(({ id, row }) => [id, row])), others }
}

function things(role: string): Readonly<Record<string, string>> {
  return {
    'the number of users': 'select count(*) from public.users',
    'other tables': 'select word from public.secrets union all select id from public.audit',
    policy:
      'select target, schema_name, table_name, key_column, column_name, rule, cap_an_hour, switched_on from trueup_repair.policy order by 1, 5',
    functions: `select p.oid::regprocedure::text, md5(p.prosrc), p.prosecdef, p.proconfig, p.proowner, p.proacl from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'trueup_repair') order by 1`,
    roles: `select rolname, rolsuper, rolcreaterole, rolcanlogin, rolbypassrls from pg_roles where rolname like '${role}%' order by 1`,
    memberships: `select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = '${role}'`,
    objects: `select n.nspname, c.relname, c.relowner, c.relacl from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' order by 1, 2`,
    triggers:
      'select tgrelid::regclass, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2',
    'what was written before': `select count(*) from trueup_repair.journal where state = 'applied' and at < now() - interval '90 minutes'`,
  }
}

/** Follows each changed value from the first line of the journal to the last. */
async function explain(database: RepairDatabase): Promise<readonly string[]> {
  const { rows } = await database.owner(`
    with line as (
      select key, column_name, old, new, id,
        lag(new) over (partition by key, column_name order by id) as came_from,
        row_number() over (partition by key, column_name order by id desc) as from_the_end
      from trueup_repair.journal where state = 'applied' and at > now() - interval '1 hour'
    ),
    standing as (
      select u.id as key, c.name as column_name, to_jsonb(u) -> c.name as value,
        case c.name when 'plan' then '"free"'::jsonb else 'false'::jsonb end as original
      from public.users u cross join (values ('plan'), ('premium')) as c (name)
    )
    select s.key || ' ' || s.column_name as what from standing s
      left join line l on l.key = s.key and l.column_name = s.column_name and l.from_the_end = 1
      where s.value is distinct from coalesce(l.new, s.original)
    union all
    select key || ' ' || column_name from line where came_from is not null and came_from is distinct from old
    union all
    select column_name || ': ' || count(*) || ' writes' from line group by column_name
      having count(*) > (select min(cap_an_hour) from trueup_repair.policy)
    order by 1`)
  return rows.map(({ what }) => String(what))
}

/** Lets an hour pass in the journal, and forgets all tokens, which only the owner of the database can do. */
async function beginNewHour(database: RepairDatabase): Promise<void> {
  await database.owner(`
    begin;
    alter table trueup_repair.journal disable trigger only_grows;
    update trueup_repair.journal set at = at - interval '2 hours';
    alter table trueup_repair.journal enable trigger only_grows;
    truncate trueup_repair.fence;
    commit`)
}
