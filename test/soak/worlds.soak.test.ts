import type { AccessKeeping, Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import { type ServedApp, serveApp } from '../support/app-database.ts'
import { checkOfWorld, connectToApp } from '../support/check-world.ts'
import { compareWithLabels, notSo } from '../support/compare-labels.ts'
import { faultProfiles, setFaults } from '../support/faults.ts'
import { openTestStore, type StoreKind } from '../support/stores.ts'

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const seeds = Number(process.env.SOAK_SEEDS ?? 20)
const customers = Number(process.env.SOAK_CUSTOMERS ?? 2000)
const places = ['clerk', 'postgres', 'both'] as const satisfies readonly AccessKeeping[]
const none = { name: 'none', faults: [], survivable: true } as const
const profiles = [none, ...faultProfiles]

type Profile = (typeof profiles)[number]

interface Line {
  readonly seed: number
  readonly access: AccessKeeping
  readonly store: StoreKind
  readonly app: string
  readonly faults: string
  readonly labels: number
  readonly kinds: number
  readonly missed: number
  readonly falseAlarms: number
  readonly complete: boolean
  /** What the check said and is not so, and what it should have said. */
  readonly said: readonly string[]
}

/** A world and where its app keeps access, ready to be checked. */
interface Stage {
  readonly seed: number
  readonly access: AccessKeeping
  readonly sandbox: Sandbox
  readonly served: ServedApp | null
  readonly app: string
}

test(`${seeds} worlds of ${customers} customers for each place where access is kept, each on a store and under every fault`, {
  timeout: 3_600_000,
}, async () => {
  const lines: Line[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    for (const access of places) {
      lines.push(...(await checkWorld(seed, access)))
      const last = lines.filter((line) => line.seed === seed && line.access === access)
      process.stdout.write(`seed ${seed}, ${access}: ${JSON.stringify(last)}\n`)
    }
  }
  await recordResults(
    'soak: worlds',
    `SOAK_SEEDS=${seeds} SOAK_CUSTOMERS=${customers} npm run soak:worlds`,
    tableOf(lines),
  )
  expect(lines.filter((line) => line.said.length > 0)).toEqual([])
  for (const { name, survivable } of profiles) {
    const ofProfile = lines.filter((line) => line.faults === name)
    // Of faults at random one page may meet five in a row: then the check has to say that it is incomplete.
    const unlike = ofProfile.filter((line) => line.complete !== survivable)
    expect(unlike.length).toBeLessThanOrEqual(survivable ? Math.ceil(ofProfile.length * 0.05) : 0)
  }
})

/** On the tests' server with the app on it too; every fifth seed on the other stores, with the app in the embedded database. */
async function checkWorld(seed: number, access: AccessKeeping): Promise<readonly Line[]> {
  const sandbox = await startSandbox({ world: 'saas', customers, access, seed, now, rateLimits: false })
  const isFifth = seed % 5 === 0
  const app = isFifth ? 'embedded' : 'PostgreSQL'
  const served = sandbox.world.app ? await serveApp(app, sandbox.world.app) : null
  const stage: Stage = { seed, access, sandbox, served, app: served ? app : '' }
  try {
    const lines: Line[] = []
    const stores: readonly StoreKind[] = isFifth ? ['memory', 'embedded', 'PostgreSQL'] : ['PostgreSQL']
    for (const store of stores) lines.push(await checkOnce(stage, store, none))
    lines.push(await checkOnce(stage, 'memory', faultProfiles[seed % faultProfiles.length] ?? none))
    return lines
  } finally {
    await served?.close()
    await sandbox.close()
  }
}

async function checkOnce(stage: Stage, kind: StoreKind, profile: Profile): Promise<Line> {
  const { seed, access, sandbox, served } = stage
  const { store, close } = await openTestStore(kind, clock)
  const app = served ? connectToApp(served) : null
  try {
    if (profile.faults.length > 0) await setFaults(sandbox, ['stripe', 'clerk'], profile.faults)
    const project = await store.project('world')
    const outcome = await runCheck(checkOfWorld(sandbox, project, { now, ...(app ? { app } : {}) }), {
      dryRun: false,
    })
    const { missed, falseAlarms } = compareWithLabels(outcome.incidents, sandbox.labels)
    const wrong = outcome.complete ? falseAlarms : notSo(falseAlarms, sandbox.labels)
    return {
      seed,
      access,
      store: kind,
      app: stage.app,
      faults: profile.name,
      labels: sandbox.labels.drifts.length,
      kinds: new Set(sandbox.labels.drifts.map((label) => label.kind)).size,
      missed: missed.length,
      falseAlarms: wrong.length,
      complete: outcome.complete,
      said: [...wrong, ...(outcome.complete ? missed : [])],
    }
  } finally {
    for (const { url } of [sandbox.stripe, sandbox.clerk])
      await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' })
    await app?.close()
    await close()
  }
}

/** One line for all seeds that were checked alike. */
function tableOf(lines: readonly Line[]): string {
  const alike = new Map<string, Line[]>()
  for (const line of lines) {
    const key = [line.access, line.app, line.store, line.faults].join(' | ')
    alike.set(key, [...(alike.get(key) ?? []), line])
  }
  const sum = (of: readonly Line[], count: (line: Line) => number) =>
    of.reduce((total, line) => total + count(line), 0)
  return [
    `Worlds of ${customers} customers. A check that says it is incomplete may miss; it may never say what is not so.`,
    '',
    '| access in | app on | store | faults | worlds | labelled drifts | kinds | complete | missed | false alarms |',
    '|---|---|---|---|---:|---:|---:|---:|---:|---:|',
    ...[...alike].map(([key, of]) => {
      const kinds = Math.max(...of.map((line) => line.kinds))
      const complete = of.filter((line) => line.complete).length
      const missed = sum(of, (line) => line.missed)
      const falseAlarms = sum(of, (line) => line.falseAlarms)
      return `| ${key} | ${of.length} | ${sum(of, (line) => line.labels)} | ${kinds} | ${complete} | ${missed} | ${falseAlarms} |`
    }),
  ].join('\n')
}
