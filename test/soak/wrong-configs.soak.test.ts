import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import type { WrongOutcome } from '../support/wrong-configs.ts'
import { isNoticed, tryWrongConfig, wrongConfigs } from '../support/wrong-configs.ts'

const count = Number(process.env.SOAK_CONFIGS ?? 200)
const customers = Number(process.env.SOAK_CUSTOMERS ?? 100_000)

test(`${count} wrong configurations on ${customers} customers`, { timeout: 14_400_000 }, async () => {
  const outcomes: WrongOutcome[] = []
  for (const wrong of wrongConfigs(count, 1)) {
    const outcome = await tryWrongConfig(wrong, customers)
    outcomes.push(outcome)
    process.stdout.write(`${JSON.stringify(outcome)}\n`)
  }
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
    'soak: wrong configurations',
    `SOAK_CONFIGS=${count} SOAK_CUSTOMERS=${customers} npm run soak:wrong-configs`,
    [
      'An app where everything is right, checked under a wrong configuration; then two persons approve and apply whatever',
      'is proposed, without looking. Braked: one incident stands for all (`mass-drift`), or a source is said to be',
      'unreadable.',
      '',
      '| wrong | configurations | proposed | written | braked | open incidents each |',
      '|---|---:|---:|---:|---:|---:|',
      ...lines,
    ].join('\n'),
  )
})
