import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRng } from '@trueup/sandbox'
import pg from 'pg'
import { clerkSecret, stripeSecret } from '../../packages/service/src/inbox/example-events.ts'
import { openTestInbox } from '../../packages/service/src/inbox/test-inbox.ts'
import type { KillableCluster } from './killable-cluster.ts'
import { startKillableCluster } from './killable-cluster.ts'
import type { Delivery } from './webhook-deliveries.ts'
import { planDeliveries } from './webhook-deliveries.ts'

export interface StormOptions {
  readonly seed: number
  readonly deliveries: number
  readonly customers: number
  /** Processes are killed so often, one after the other; 0: never. */
  readonly kills: number
  /** Requests under way at a time. */
  readonly atOnce?: number
  readonly onProgress?: (line: string) => void
}

/** What a storm came to. Everything in `wrong` breaks a promise. */
export interface Storm {
  readonly sent: number
  readonly events: number
  readonly doubles: number
  readonly forged: number
  readonly kills: Readonly<Record<Victim, number>>
  /** Attempts that were not answered with success and made again. */
  readonly retried: number
  readonly seconds: number
  /** Of requests that were answered with success while nothing had been killed for five seconds. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly checks: number
  readonly wrong: readonly string[]
}

type Victim = 'web' | 'worker' | 'database'
const projectId = 'prj_storm'
const webs = 2
const workers = 2

/**
 * Sends webhooks to two web processes, with two workers behind them, on one PostgreSQL, and kills one of them after the
 * other with SIGKILL meanwhile. Whatever is not answered with success is sent again, as the providers do. Then compares
 * what was acknowledged with what is kept and what followed from it.
 */
export async function runStorm(options: StormOptions): Promise<Storm> {
  const cluster = await startKillableCluster()
  const processes = new Processes(cluster.url)
  try {
    await prepare(cluster.url)
    await processes.start()
    const sender = new Sender(options, processes)
    const startedAt = performance.now()
    const killer = killInTurn(options, cluster, processes, sender)
    await sender.run()
    const seconds = (performance.now() - startedAt) / 1000
    const kills = await killer
    const unsettled = await settle(cluster.url)
    const judged = await judge(cluster.url, sender)
    return {
      ...sender.counts(),
      ...{ kills, seconds, checks: judged.checks },
      wrong: [...unsettled, ...sender.wrong, ...processes.fallen, ...judged.wrong],
    }
  } finally {
    await processes.stop()
    await cluster.stop()
  }
}

async function prepare(databaseUrl: string): Promise<void> {
  const inbox = await openTestInbox({ databaseUrl })
  await inbox.project(projectId)
  await inbox.close()
  await ask(
    databaseUrl,
    `create table trueup.soak_check (target_id text, token bigint, at timestamptz default now())`,
  )
  await ask(databaseUrl, `select trueup.grant_app('soak_check')`)
}

class Processes {
  /** Processes that ended though nobody killed them. */
  readonly fallen: string[] = []
  readonly ports: number[] = []
  readonly #url: string
  readonly #running = new Map<string, ChildProcess>()
  readonly #starting = new Set<string>()
  #isStopping = false

  constructor(databaseUrl: string) {
    this.#url = databaseUrl
  }

  async start(): Promise<void> {
    for (let n = 0; n < webs; n++) this.ports.push(20_000 + Math.floor(Math.random() * 20_000))
    await Promise.all(this.names().map((name) => this.run(name)))
  }

  names(): readonly string[] {
    const numbered = (role: string, count: number) => Array.from({ length: count }, (_, n) => `${role}-${n}`)
    return [...numbered('web', webs), ...numbered('worker', workers)]
  }

  /** Starts a process, again and again until it is ready: the database may be away. */
  async run(name: string): Promise<void> {
    if (this.#isStopping || this.#starting.has(name)) return
    this.#starting.add(name)
    await this.#run(name).finally(() => this.#starting.delete(name))
  }

  async #run(name: string): Promise<void> {
    const [role = '', number = '0'] = name.split('-')
    while (!this.#isStopping) {
      const child = spawn(
        process.execPath,
        [
          ...['-C', '@trueup/source', '--import', 'jiti/register'],
          join(import.meta.dirname, 'inbox-process.ts'),
          ...[role, this.#url, String(this.ports[Number(number)] ?? 0)],
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      )
      let said = ''
      child.stderr?.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-2000)
      })
      const isReady = await new Promise<boolean>((resolve) => {
        child.stdout?.once('data', () => resolve(true))
        child.once('close', () => resolve(false))
      })
      if (!isReady) {
        await wait(200)
        continue
      }
      this.#running.set(name, child)
      child.once('close', () => {
        // Killed ones are taken out of the list first.
        if (this.#running.get(name) !== child) return
        this.fallen.push(`${name} ended by itself: ${said}`)
        this.#running.delete(name)
        void this.run(name)
      })
      return
    }
  }

  async kill(name: string): Promise<void> {
    const child = this.#running.get(name)
    this.#running.delete(name)
    if (!child) return
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await closed
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all([...this.#running.keys()].map((name) => this.kill(name)))
  }
}

class Sender {
  readonly wrong: string[] = []
  /** Events that were answered with success. */
  readonly acknowledged = new Set<string>()
  sent = 0
  /** When something was killed last. */
  disturbedAt = Number.NEGATIVE_INFINITY
  /** Deliveries beyond so many wait, so that a quick machine is not done before everything was killed. */
  mayReach = Number.POSITIVE_INFINITY
  #doubles = 0
  #forged = 0
  #retried = 0
  readonly #latencies: number[] = []
  readonly #options: StormOptions
  readonly #processes: Processes
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 })

  constructor(options: StormOptions, processes: Processes) {
    this.#options = options
    this.#processes = processes
  }

  async run(): Promise<void> {
    const { seed, deliveries: count, customers, atOnce = 64 } = this.#options
    const planned = planDeliveries({ seed, count, customers, stripeSecret, clerkSecret })
    const work = async () => {
      for (const delivery of planned) await this.#deliver(delivery)
    }
    // A generator that is shared gives each delivery to one of them.
    await Promise.all(Array.from({ length: atOnce }, work))
    this.#agent.destroy()
  }

  counts() {
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return {
      ...{ sent: this.sent, events: this.acknowledged.size, doubles: this.#doubles, forged: this.#forged },
      ...{ retried: this.#retried, p50Ms: at(0.5), p99Ms: at(0.99) },
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    while (this.sent >= this.mayReach) await wait(5)
    this.sent++
    if (delivery.isForged) this.#forged++
    else if (this.acknowledged.has(delivery.eventId)) this.#doubles++
    for (let attempt = 0; ; attempt++) {
      const begun = performance.now()
      const status = await this.#post(delivery, attempt)
      if (status === 200) {
        if (delivery.isForged) this.wrong.push(`the forged ${delivery.eventId} was answered with success`)
        this.acknowledged.add(delivery.eventId)
        if (begun - this.disturbedAt > 5_000) this.#latencies.push(performance.now() - begun)
        return
      }
      if (status !== null && status >= 400 && status < 500 && status !== 429) {
        if (!delivery.isForged) this.wrong.push(`${delivery.eventId} was refused with ${status}`)
        return
      }
      this.#retried++
      await wait(100)
    }
  }

  #post({ provider, body, sign }: Delivery, attempt: number): Promise<number | null> {
    const { ports } = this.#processes
    const port = ports[(this.sent + attempt) % ports.length]
    return new Promise((resolve) => {
      const sending = request(
        {
          ...{ host: '127.0.0.1', port, method: 'POST', agent: this.#agent },
          path: `/api/webhooks/${provider}/${projectId}`,
          headers: {
            ...sign(),
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          response.resume()
          response.once('end', () => resolve(response.statusCode ?? null))
          response.once('error', () => resolve(null))
        },
      )
      sending.once('error', () => resolve(null))
      sending.setTimeout(15_000, () => sending.destroy(new Error('timed out')))
      sending.end(body)
    })
  }
}

/** Kills at even distances, while deliveries go on, and starts again what was killed. */
async function killInTurn(
  { seed, kills, deliveries, atOnce = 64 }: StormOptions,
  cluster: KillableCluster,
  processes: Processes,
  sender: Sender,
): Promise<Readonly<Record<Victim, number>>> {
  const rng = seededRng(`kills:${seed}`)
  const done = { web: 0, worker: 0, database: 0 }
  const victims: readonly Victim[] = ['web', 'worker', 'database']
  const placeOf = (number: number) => (number / (kills + 1)) * deliveries
  const letGoOnTo = (number: number) => {
    sender.mayReach = number > kills ? Number.POSITIVE_INFINITY : placeOf(number) + atOnce
  }
  letGoOnTo(1)
  for (let number = 1; number <= kills; number++) {
    while (sender.sent < placeOf(number)) await wait(5)
    letGoOnTo(number + 1)
    const victim = victims[number % victims.length] ?? 'web'
    done[victim]++
    sender.disturbedAt = Number.POSITIVE_INFINITY
    if (victim === 'database') {
      await cluster.kill()
      await wait(rng.next() * 500)
      await cluster.start()
    } else {
      const names = processes.names().filter((name) => name.startsWith(victim))
      const name = names[Math.floor(rng.next() * names.length)] ?? ''
      await processes.kill(name)
      await processes.run(name)
    }
    sender.disturbedAt = performance.now()
  }
  return done
}

/** Waits until nobody is due any more. */
async function settle(databaseUrl: string): Promise<readonly string[]> {
  const deadline = performance.now() + 300_000
  for (;;) {
    const [row] = await ask<{ readonly due: string }>(
      databaseUrl,
      'select count(*) as due from trueup.due_check',
    )
    if (row?.due === '0') return []
    if (performance.now() > deadline) return [`${row?.due} are still due five minutes after the last webhook`]
    await wait(250)
  }
}

async function judge(
  databaseUrl: string,
  sender: Sender,
): Promise<{ readonly checks: number; readonly wrong: readonly string[] }> {
  const rows = await ask<{
    readonly event_id: string
    readonly verdict: string
    readonly effects: number
    readonly target_id: string
  }>(
    databaseUrl,
    `select event_id, verdict, effects, target_id from trueup.inbox_event where project_id = '${projectId}'`,
  )
  const kept = new Set(rows.map(({ event_id }) => event_id))
  const checked = new Set(
    (
      await ask<{ readonly target_id: string }>(
        databaseUrl,
        'select distinct target_id from trueup.soak_check',
      )
    ).map(({ target_id }) => target_id),
  )
  const [checks] = await ask<{ readonly count: string }>(
    databaseUrl,
    'select count(*) from trueup.soak_check',
  )
  const wrong = [
    ...[...sender.acknowledged]
      .filter((id) => !kept.has(id))
      .map((id) => `${id} was acknowledged and is lost`),
    ...rows.flatMap(({ event_id, verdict, effects, target_id }) => {
      const said: string[] = []
      if (event_id.startsWith('evt_forged')) said.push(`the forged ${event_id} was kept`)
      if (kept.size !== rows.length) said.push(`${event_id} may be kept twice`)
      if (effects !== (verdict === 'acted-on' ? 1 : 0))
        said.push(`${event_id} (${verdict}) has ${effects} effects`)
      if (verdict === 'acted-on' && !checked.has(target_id))
        said.push(`${target_id} of ${event_id} was never checked`)
      return said
    }),
    ...twinsOf(rows),
  ]
  return { checks: Number(checks?.count), wrong }
}

/** Of a snapshot and its thin twin one is acted on and one is not, whichever came first. */
function twinsOf(
  rows: readonly { readonly event_id: string; readonly verdict: string }[],
): readonly string[] {
  const verdicts = new Map(rows.map(({ event_id, verdict }) => [event_id, verdict]))
  return [...verdicts].flatMap(([id, verdict]) => {
    const number = Number(id.slice('evt_'.length))
    if (!id.startsWith('evt_') || number % 20 !== 13) return []
    const other = verdicts.get(`evt_${number - 1}`)
    if (other === undefined) return verdict === 'acted-on' ? [] : [`${id} is the twin of nothing`]
    return [verdict, other].toSorted().join() === 'acted-on,twin'
      ? []
      : [`${id} and its twin: ${verdict}, ${other}`]
  })
}

async function ask<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
