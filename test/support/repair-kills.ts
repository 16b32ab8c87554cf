import type { Incident, Repair, RepairProposal, StoredValue } from '@trueup/core'
import { approvalsNeeded, approveRepair, isEnded, isSameValue, orderOf, proposeRepair } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { repairFunctionSql } from '../../packages/service/src/adapters/postgres/repair/repair-function-sql.ts'
import { repairTablesOf } from '../../packages/service/src/adapters/postgres/repair/repair-tables.ts'
import { parseConfig } from '../../packages/service/src/config/parse-config.ts'
import { renderConfig } from '../../packages/service/src/config/render-config.ts'
import { readEnvironment } from '../../packages/service/src/environment.ts'
import { sha256 } from '../../packages/service/src/repair/hashes.ts'
import { isAsShown } from '../../packages/service/src/repair/is-as-shown.ts'
import { targetOf } from '../../packages/service/src/repair/judge-repair.ts'
import type { OpenedRepairs } from '../../packages/service/src/repair/open-repairs.ts'
import { openRepairs } from '../../packages/service/src/repair/open-repairs.ts'
import type { RepairPoint } from '../../packages/service/src/repair/repair-points.ts'
import { repairPoints } from '../../packages/service/src/repair/repair-points.ts'
import { settleRepairs } from '../../packages/service/src/repair/settle-repairs.ts'
import { type ServedApp, serveApp } from './app-database.ts'
import { environmentOf, type Folder, folderOf } from './cli.ts'
import { createTestDatabase } from './database.ts'

/** Points that only settling comes to. */
const ofSettling: readonly RepairPoint[] = ['before-settle', 'after-tombstone', 'after-settle']

/** What happens between the end of the process and whoever settles what it left. */
const meanwhiles = ['nothing', 'late-statement', 'app-writes', 'late-statement-after'] as const

export interface KilledRepair {
  readonly round: number
  readonly point: RepairPoint
  readonly meanwhile: (typeof meanwhiles)[number]
  readonly state: Repair['state']
  /** What should not be; empty where all held. */
  readonly wrong: readonly string[]
}

/** An app with a database, its sandbox, a store on PostgreSQL, and repairs that are due again and again. */
export class RepairKills {
  readonly #sandbox: Sandbox
  readonly #app: ServedApp
  readonly #folder: Folder
  readonly #repairs: OpenedRepairs
  readonly #client: pg.Client
  readonly #store: pg.Client
  readonly #end: () => Promise<void>
  #templates: readonly { readonly repair: Repair; readonly incident: Incident }[] = []

  static async begin(seed: number): Promise<RepairKills> {
    const sandbox = await startSandbox({
      world: 'saas',
      customers: 120,
      drift: 0.1,
      access: 'postgres',
      seed,
    })
    if (!sandbox.world.app) throw new Error('The app of this world has a database.')
    const app = await serveApp('PostgreSQL', sandbox.world.app)
    const database = await createTestDatabase()
    // The rows of a round were written a moment ago, which would let every drift settle first.
    const atOnce = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
    const config = parseConfig(atOnce)
    const role = `repairs_${process.pid}_${seed}`
    const mappings = config.access.flatMap((source) =>
      source.kind === 'postgres' ? [source.mappings.user, source.mappings.organization] : [],
    )
    const tables = repairTablesOf(
      mappings.filter((mapping) => mapping !== undefined),
      config.catalogue,
    )
    await app.run(repairFunctionSql({ tables, role, capAnHour: 1_000_000 }))
    await app.run(`alter role ${role} password 'writes'`)
    const folder = await folderOf(sandbox)
    await folder.write('trueup.config.ts', renderConfig(atOnce))
    const { host, port, database: name } = new pg.Client({ connectionString: app.url })
    const repairUrl = `postgres://${role}:writes@${host}:${port}/${name}?sslmode=disable`
    const variables = {
      ...environmentOf(sandbox),
      ACCESS_DATABASE_URL: app.url,
      ACCESS_REPAIR_DATABASE_URL: repairUrl,
      DATABASE_URL: database.url,
      TRUEUP_HOME: folder.file('home'),
    }
    const repairs = await openRepairs(readEnvironment(variables), config, { allowSecretKey: false })
    const client = new pg.Client({ connectionString: repairUrl })
    await client.connect()
    const store = new pg.Client({ connectionString: database.url })
    await store.connect()
    const end = async () => {
      await client.end()
      await store.end()
      await repairs.close()
      await folder.remove()
      await app.run(`drop schema trueup_repair cascade; drop owned by ${role}, ${role}_owner;
        drop role ${role}; drop role ${role}_owner`)
      await app.close()
      await database.drop()
      await sandbox.close()
    }
    const kills = new RepairKills({ sandbox, app, folder, repairs, client, store, end, variables })
    await kills.#findTemplates()
    return kills
  }

  readonly #variables: Readonly<Record<string, string>>

  private constructor(parts: {
    sandbox: Sandbox
    app: ServedApp
    folder: Folder
    repairs: OpenedRepairs
    client: pg.Client
    store: pg.Client
    end: () => Promise<void>
    variables: Readonly<Record<string, string>>
  }) {
    this.#sandbox = parts.sandbox
    this.#app = parts.app
    this.#folder = parts.folder
    this.#repairs = parts.repairs
    this.#client = parts.client
    this.#store = parts.store
    this.#end = parts.end
    this.#variables = parts.variables
  }

  /** A real check finds what is due, and proposes it. */
  async #findTemplates(): Promise<void> {
    await this.#folder.json(['check', '--quiet'], this.#variables)
    const { project } = this.#repairs
    const proposed = await project.repairs({ states: ['proposed'], limit: 1000 })
    const templates: { repair: Repair; incident: Incident }[] = []
    for (const repair of proposed) {
      const incident = await project.incident(repair.incidentId)
      if (incident && repair.kind !== 'customer-duplicate') templates.push({ repair, incident })
    }
    this.#templates = templates
    if (templates.length === 0)
      throw new Error(`The world ${this.#sandbox.stripe.url} has nothing to repair.`)
  }

  /** Kills the program at one point of one repair, lets things happen, settles, and says what should not be. */
  async round(round: number): Promise<KilledRepair> {
    const point = repairPoints[round % repairPoints.length] ?? 'after-intent'
    // After four times all points, every point was met by everything that may happen meanwhile.
    const turn = round + 2 * Math.floor(round / repairPoints.length)
    const meanwhile = meanwhiles[turn % meanwhiles.length] ?? 'nothing'
    const repair = await this.#due(round)
    const firstPoint: RepairPoint = ofSettling.includes(point) ? 'after-intent' : point
    const killed = await this.#folder.run(['repair', 'apply', repair.id, '--yes', '--as', 'ada'], {
      ...this.#variables,
      CRASH_AT: firstPoint,
    })
    const wrong: string[] = []
    if (killed.signal !== 'SIGKILL') wrong.push(`not killed at ${firstPoint}: ${killed.out}${killed.err}`)
    const left = await this.#repair(repair.id)
    if (meanwhile === 'late-statement') await this.#applyLate(left)
    if (ofSettling.includes(point)) {
      await this.#folder.run(['repair', 'settle', '--now'], { ...this.#variables, CRASH_AT: point })
    }
    const newer = meanwhile === 'app-writes' ? await this.#appWrites(repair) : null
    await settleRepairs(this.#repairs, { evenNow: true })
    if (meanwhile === 'late-statement-after') await this.#applyLate(left)
    const settled = await this.#repair(repair.id)
    wrong.push(...(await this.#wrongWith(settled, newer)))
    await this.#forget(settled)
    return { round, point, meanwhile, state: settled.state, wrong }
  }

  async end(): Promise<void> {
    await this.#end()
  }

  /** A repair that is due: its row as it was before, its incident open, a record of its own, and approved. */
  async #due(round: number): Promise<Repair> {
    const template = this.#templates[round % this.#templates.length]
    if (!template) throw new Error('There is something to repair.')
    const { project, clock } = this.#repairs
    await this.#setRow(template.repair, 'before')
    await project.saveIncidents([template.incident], null, [])
    for (const open of await project.repairs({ incidentId: template.incident.id, limit: 1000 })) {
      if (!isEnded(open)) await this.#forget(open)
    }
    const proposal: RepairProposal = { ...template.repair, id: `rep_soak${round}` }
    const at = clock.now()
    let moved = proposeRepair(proposal, { by: 'check:chk_1', at })
    const entries = [moved.entry]
    for (const by of ['ada', 'grace'].slice(0, approvalsNeeded(moved.repair))) {
      moved = approveRepair(moved.repair, { by, at }, sha256)
      entries.push(moved.entry)
    }
    await project.addRepairs([{ repair: moved.repair, entries }])
    return moved.repair
  }

  /** The statement of the dead process arrives: exactly what it had sent. */
  async #applyLate(repair: Repair): Promise<void> {
    if (repair.token === null) return
    await targetOf(this.#repairs, repair).apply(orderOf(repair))
  }

  /** The app writes something newer, which nobody may write over. */
  async #appWrites(repair: Repair): Promise<Readonly<Record<string, StoredValue>>> {
    const plan = repair.changes.find(({ field }) => field === 'plan')
    if (!plan) return await this.#rowOf(repair)
    await this.#app.run(
      `update ${repair.container} set plan = 'newer' where id::text = '${repair.record.replaceAll("'", "''")}'`,
    )
    return await this.#rowOf(repair)
  }

  async #wrongWith(
    repair: Repair,
    newer: Readonly<Record<string, StoredValue>> | null,
  ): Promise<readonly string[]> {
    const wrong: string[] = []
    const journal = await this.#journal(repair.id)
    const applied = journal.filter((state) => state === 'applied').length
    if (applied > 1) wrong.push(`written ${applied} times`)
    if (repair.state === 'executing' || repair.state === 'applied') wrong.push(`stuck as ${repair.state}`)
    const isWritten = ['verified', 'differs'].includes(repair.state)
    if (isWritten !== applied > 0)
      wrong.push(`${repair.state}, and the journal says ${journal.join() || 'nothing'}`)
    const row = await this.#rowOf(repair)
    if (newer && !isSameValue(row, newer)) wrong.push('written over a newer value')
    const expected = applied > 0 ? 'after' : 'before'
    const isAsExpected = repair.changes.every((change) => isAsShown(change[expected], row[change.field]))
    if (!newer && !isAsExpected)
      wrong.push(`the row is not as ${expected} the repair: ${JSON.stringify(row)}`)
    const acts = await this.#acts(repair.id)
    const [intended, entered] = [acts.indexOf('repair-intended'), acts.indexOf('repair-applied')]
    if (applied > 0 && (intended < 0 || entered < intended)) wrong.push(`entries of a write: ${acts.join()}`)
    if (applied === 0 && entered >= 0) wrong.push('an entry of a write that never was')
    if (acts.length !== new Set(acts).size + Math.max(0, repair.approvals.length - 1)) {
      wrong.push(`entered twice: ${acts.join()}`)
    }
    return wrong
  }

  async #acts(id: string): Promise<readonly string[]> {
    await this.#repairs.ledger.seal()
    const { rows } = await this.#store.query<{ act: string }>(
      `select act from trueup.ledger_entry where key like $1 order by sequence`,
      [`repair:${id}:%`],
    )
    return rows.map(({ act }) => act)
  }

  async #journal(id: string): Promise<readonly string[]> {
    const { rows } = await this.#client.query<{ answer: string }>(
      'select trueup_repair.settle($1) as answer',
      [id],
    )
    return rows.map(({ answer }) => answer).filter((answer) => answer !== 'not-applied')
  }

  async #rowOf(repair: Repair): Promise<Readonly<Record<string, StoredValue>>> {
    const fields = repair.changes.map(({ field }) => field)
    const { rows } = await this.#client.query('select trueup_repair.inspect($1, $2, $3::text[]) as answer', [
      repair.container,
      repair.record,
      fields,
    ])
    return rows[0].answer.values
  }

  async #setRow(repair: Repair, side: 'before' | 'after'): Promise<void> {
    const set = repair.changes.map(({ field, [side]: value }) => `"${field}" = ${literal(value)}`).join(', ')
    await this.#app.run(
      `update ${repair.container} set ${set} where id::text = '${repair.record.replaceAll("'", "''")}'`,
    )
  }

  async #repair(id: string): Promise<Repair> {
    const repair = await this.#repairs.project.repair(id)
    if (!repair) throw new Error(`There is no repair ${id}.`)
    return repair
  }

  /** So that the next round begins anew: it does not count for the brake of the hour, and is not open. */
  async #forget(repair: Repair): Promise<void> {
    await this.#store.query(
      `update trueup.repair set intended_at = intended_at - interval '2 hours', is_open = false,
        state = case when is_open then 'rejected' else state end where repair_id = $1`,
      [repair.id],
    )
  }
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]::text[]`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.replaceAll("'", "''")}'`
}
