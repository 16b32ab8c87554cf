import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@trueup/sandbox'
import { seededRng } from '@trueup/sandbox'
import { incidentId } from '../../packages/service/src/incident-id.ts'
import { openDatabase, openProjectStore } from '../../packages/service/src/store/index.ts'
import { listChecks } from '../../packages/service/src/store/list-checks.ts'
import { createTestDatabase } from './database.ts'
import type { StoreKind } from './stores.ts'

const bin = join(import.meta.dirname, '../../packages/service/dist/bin.mjs')
/** Cursors that may be open at once: six on Stripe's side and four on Clerk's. */
const openCursors = 10

export interface KilledCheck {
  readonly kills: number
  /** Requests for pages of lists over all runs, and the most that there may be. */
  readonly pageRequests: number
  readonly pageRequestsAtMost: number
  readonly missed: readonly string[]
  readonly falseAlarms: readonly string[]
}

/**
 * Runs `trueup check` as a process of its own and kills it after a random time, again and again, until a run finishes;
 * then compares what it found with the labels, and what it read with a check that nobody killed. A process that was
 * killed between the end of its check and its own left nothing to go on with: such a round is begun anew, as is one that
 * ended before it was killed.
 */
export async function checkWithKills(
  sandbox: Sandbox,
  kind: StoreKind,
  options: { readonly seed: number; readonly now: Date; readonly mostKills: number },
): Promise<KilledCheck> {
  const rng = seededRng(`kills:${options.seed}`)
  const undisturbed = await runWhole(sandbox, kind, options.now, () => null)
  const lastMs = undisturbed.lastRunMs
  const runKilled = () =>
    runWhole(sandbox, kind, options.now, (run) =>
      run < options.mostKills ? Math.round((0.2 + 0.8 * rng.next()) * lastMs) : null,
    )
  let killed = await runKilled()
  while (killed.kills === 0 || killed.isKilledAfterItsEnd) killed = await runKilled()
  const found = new Map(killed.incidents)
  // Filed at once, what is still settling is a drift too.
  const drifts = sandbox.labels.drifts.map(({ kind, on, component }) => ({ kind, on, component }))
  const settling = sandbox.labels.settling.map(({ kind, subject, component }) => ({
    kind,
    on: `${subject.type}:${subject.id}`,
    component,
  }))
  const told = new Map(
    [...drifts, ...settling].map((label) => {
      const identity = `${label.kind}|${label.on}|${label.component}`
      return [incidentId('local', identity), identity] as const
    }),
  )
  return {
    kills: killed.kills,
    pageRequests: killed.pageRequests,
    pageRequestsAtMost: undisturbed.pageRequests + killed.kills * openCursors,
    missed: [...told].flatMap(([id, identity]) => (found.has(id) ? [] : [identity])),
    falseAlarms: [...found].flatMap(([id, sentence]) => (told.has(id) ? [] : [sentence])),
  }
}

interface Whole {
  readonly kills: number
  readonly lastRunMs: number
  readonly pageRequests: number
  /** Whether the check was finished when its process was killed, so that the next one began another. */
  readonly isKilledAfterItsEnd: boolean
  /** Id and sentence of each. */
  readonly incidents: readonly (readonly [string, string])[]
}

async function runWhole(
  sandbox: Sandbox,
  kind: StoreKind,
  now: Date,
  killAfterMs: (run: number) => number | null,
): Promise<Whole> {
  const home = await mkdtemp(join(tmpdir(), 'trueup-kills-'))
  const database = kind === 'PostgreSQL' ? await createTestDatabase() : null
  const config = join(home, 'trueup.config.json')
  await writeFile(config, JSON.stringify(sandbox.config))
  for (const { url } of [sandbox.stripe, sandbox.clerk])
    await fetch(`${url}/_sandbox/requests`, { method: 'DELETE' })
  try {
    for (let kills = 0; ; kills++) {
      const started = process.hrtime.bigint()
      const run = await runOnce(
        ['check', '--json', '--quiet', '--settle', '0', '--as-of', now.toISOString(), '--config', config],
        {
          STRIPE_API_BASE: sandbox.stripe.url,
          STRIPE_API_KEY: sandbox.stripe.restrictedKey,
          CLERK_API_URL: sandbox.clerk.url,
          CLERK_SECRET_KEY: sandbox.clerk.secretKey,
          TRUEUP_HOME: home,
          ...(database ? { DATABASE_URL: database.url } : {}),
        },
        killAfterMs(kills),
      )
      if (run.code === null) continue
      const report = JSON.parse(run.stdout)
      if (!report.complete) throw new Error(`The check is incomplete: ${JSON.stringify(report.unread)}`)
      return {
        kills,
        lastRunMs: Number(process.hrtime.bigint() - started) / 1e6,
        pageRequests: await pageRequests(sandbox),
        isKilledAfterItsEnd: await areTwoChecks({ databaseUrl: database?.url ?? null, home }),
        incidents: report.incidents.map(({ id, sentence }: { id: string; sentence: string }) => [
          id,
          sentence,
        ]),
      }
    }
  } finally {
    await database?.drop()
    await rm(home, { recursive: true, force: true })
  }
}

/** Whether a second check was begun after a first that had been finished. */
async function areTwoChecks(where: { readonly databaseUrl: string | null; readonly home: string }) {
  const database = await openDatabase({ ...where, clock: { now: () => new Date() } })
  try {
    const tenant = { workspaceId: 'default', projectId: 'local' }
    const project = openProjectStore(database, tenant)
    const { items } = await listChecks({ database, tenant, project }, { limit: 10 })
    return items.filter(({ finishedAt }) => finishedAt !== null).length > 1
  } finally {
    await database.close()
  }
}

/** Runs the command to its end, or kills it; `code` is `null` when it was killed. */
async function runOnce(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  killAfterMs: number | null,
) {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const killing = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (killing) clearTimeout(killing)
  if (code !== null && code > 1) throw new Error(`The check ended with ${code}: ${stdout}${stderr}`)
  return { code, stdout, stderr }
}

/** Requests for lists, by the sandbox's own count. */
async function pageRequests(sandbox: Sandbox): Promise<number> {
  let count = 0
  for (const { url } of [sandbox.stripe, sandbox.clerk]) {
    const answer = await fetch(`${url}/_sandbox/requests`)
    const { routes }: { routes: readonly { route: string; total: number }[] } = JSON.parse(
      await answer.text(),
    )
    for (const { route, total } of routes) if (!/:id|\{/.test(route)) count += total
  }
  return count
}
