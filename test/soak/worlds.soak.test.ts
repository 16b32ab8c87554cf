import { startSandbox } from '@trueup/sandbox'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import { checkOfWorld } from '../support/check-world.ts'
import { compareWithLabels } from '../support/compare-labels.ts'
import { faultProfiles, setFaults } from '../support/faults.ts'
import { openTestStore, type StoreKind } from '../support/stores.ts'

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const seeds = Number(process.env.SOAK_SEEDS ?? 20)
const customers = Number(process.env.SOAK_CUSTOMERS ?? 2000)
const profiles = [{ name: 'none', faults: [], survivable: true }, ...faultProfiles]

interface Line {
  readonly seed: number
  readonly store: StoreKind
  readonly faults: string
  readonly labels: number
  readonly kinds: number
  readonly missed: number
  readonly falseAlarms: number
  readonly complete: boolean
}

test(`${seeds} worlds of ${customers} customers, each on a store and under every fault`, {
  timeout: 3_600_000,
}, async () => {
  const lines: Line[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const sandbox = await startSandbox({ world: 'saas', customers, seed, now, rateLimits: false })
    try {
      const stores: readonly StoreKind[] =
        seed % 5 === 0 ? ['memory', 'embedded', 'PostgreSQL'] : ['PostgreSQL']
      for (const store of stores)
        lines.push(await checkOnce(sandbox, seed, store, profiles[0] ?? faultProfiles[0]))
      const faulty = faultProfiles[seed % faultProfiles.length]
      lines.push(await checkOnce(sandbox, seed, 'memory', faulty))
    } finally {
      await sandbox.close()
    }
    process.stdout.write(`seed ${seed}: ${JSON.stringify(lines.filter((line) => line.seed === seed))}\n`)
  }
  await recordResults(
    'soak: worlds',
    `SOAK_SEEDS=${seeds} SOAK_CUSTOMERS=${customers} npm run soak:worlds`,
    tableOf(lines),
  )
  expect(lines.filter((line) => line.falseAlarms > 0 || (line.complete && line.missed > 0))).toEqual([])
  for (const { name, survivable } of profiles) {
    const ofProfile = lines.filter((line) => line.faults === name)
    expect(ofProfile.every((line) => line.complete === survivable)).toBe(true)
  }
})

async function checkOnce(
  sandbox: Awaited<ReturnType<typeof startSandbox>>,
  seed: number,
  kind: StoreKind,
  profile: (typeof profiles)[number] | undefined,
): Promise<Line> {
  if (!profile) throw new Error('There is a profile for every seed.')
  const { store, close } = await openTestStore(kind, clock)
  try {
    if (profile.faults.length > 0) await setFaults(sandbox, ['stripe', 'clerk'], profile.faults)
    const project = await store.project('world')
    const outcome = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
    const { missed, falseAlarms } = compareWithLabels(outcome.incidents, sandbox.labels)
    return {
      seed,
      store: kind,
      faults: profile.name,
      labels: sandbox.labels.drifts.length,
      kinds: new Set(sandbox.labels.drifts.map((label) => label.kind)).size,
      missed: missed.length,
      falseAlarms: falseAlarms.filter((alarm) => !alarm.startsWith('source-unreadable')).length,
      complete: outcome.complete,
    }
  } finally {
    for (const { url } of [sandbox.stripe, sandbox.clerk])
      await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' })
    await close()
  }
}

function tableOf(lines: readonly Line[]): string {
  return [
    `Worlds of ${customers} customers. A check that says it is incomplete may miss; it may never say what is not so.`,
    '',
    '| seed | store | faults | labelled drifts | kinds | complete | missed | false alarms |',
    '|---:|---|---|---:|---:|---|---:|---:|',
    ...lines.map(
      (line) =>
        `| ${line.seed} | ${line.store} | ${line.faults} | ${line.labels} | ${line.kinds} | ${line.complete ? 'yes' : 'no'} | ${line.missed} | ${line.falseAlarms} |`,
    ),
  ].join('\n')
}
