import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import type { WrongOutcome } from '../support/wrong-configs.ts'
import { isNoticed, wrongConfigs } from '../support/wrong-configs.ts'

const count = Number(process.env.SOAK_CONFIGS ?? 200)
const customers = Number(process.env.SOAK_CUSTOMERS ?? 100_000)
/** Only the configurations whose name begins with this. */
const kind = process.env.SOAK_KIND ?? ''
const expected = wrongConfigs(count, 1).filter(({ name }) => name.startsWith(kind)).length

test(`${expected} wrong configurations on ${customers} customers`, { timeout: 14_400_000 }, async () => {
  const processes = Math.min(count, availableParallelism())
  const parts = await Promise.all(Array.from({ length: processes }, (_, first) => tryPart(first, processes)))
  const outcomes = parts.flat()
  expect(new Set(outcomes.map(({ name }) => name)).size).toBe(expected)
  expect(outcomes.filter(({ writes, proposed }) => writes > 0 || proposed > 0)).toEqual([])
  expect(outcomes.filter((outcome) => !isNoticed(outcome))).toEqual([])
  const kinds = new Map<string, WrongOutcome[]>()
  for (const outcome of outcomes) {
    const kind = outcome.name.split(':')[0] ?? outcome.name
    kinds.set(kind, [...(kinds.get(kind) ?? []), outcome])
  }
  const lines = [...kinds].map(([kind, of]) => {
    const sum = (read: (outcome: WrongOutcome) => number) => of.reduce((total, one) => total + read(one), 0)
    const braked = of.filter(
      ({ incidents }) => incidents['mass-drift'] || incidents['source-unreadable'],
    ).length
    const open = sum(({ incidents }) => Object.values(incidents).reduce((total, one) => total + one, 0))
    return `| ${kind} | ${of.length} | ${sum(({ proposed }) => proposed)} | ${sum(({ writes }) => writes)} | ${braked} | ${(open / of.length).toFixed(1)} |`
  })
  await recordResults(
    `soak: wrong configurations${kind ? ` (${kind})` : ''}`,
    `${kind ? `SOAK_KIND='${kind}' ` : ''}SOAK_CONFIGS=${count} SOAK_CUSTOMERS=${customers} npm run soak:wrong-configs`,
    [
      `Apps of ${customers} customers where everything is right, no two alike, each checked under a wrong configuration; then`,
      'two persons approve and apply whatever is proposed, without looking. Braked: one incident stands for all',
      '(`mass-drift`), or a source is said to be unreadable; of the others the one incident names the word that nobody knows.',
      '',
      '| wrong | configurations | proposed | written | braked | open incidents each |',
      '|---|---:|---:|---:|---:|---:|',
      ...lines,
    ].join('\n'),
  )
})

/** Every so manyth configuration, in a process of its own. */
async function tryPart(first: number, step: number): Promise<readonly WrongOutcome[]> {
  const root = join(import.meta.dirname, '../..')
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=8000',
      '--max-semi-space-size=64',
      join(root, 'node_modules/jiti/lib/jiti-cli.mjs'),
      join(import.meta.dirname, 'try-wrong-configs.ts'),
      ...[count, customers, first, step, kind].map(String),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const outcomes: WrongOutcome[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    process.stdout.write(`${line}\n`)
    outcomes.push(JSON.parse(line))
  }
  expect(await ended).toBe(0)
  return outcomes
}
