import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { type HostileRound, runHostileRepairs } from './hostile-repairs-run.ts'

const calls = Number(process.env.SOAK_CALLS ?? 100_000)
const rounds = Number(process.env.SOAK_ROUNDS ?? 20)
const sessions = 8
const cap = 25

test(`${calls} hostile calls and statements with the credentials of repairs`, {
  timeout: 3_600_000,
}, async () => {
  const seen = await runHostileRepairs({ calls, rounds, sessions, cap, seed: 'soak' })
  for (const round of seen) {
    // As many as the cap lets through, and not one more.
    expect(round.changed).toEqual({ plan: cap, premium: cap })
    expect(round.unexplained).toEqual([])
    expect(round.damage).toEqual([])
    expect(round.notTakenBack).toEqual([])
  }
  await recordResults(
    'soak: hostile repairs',
    `SOAK_CALLS=${calls} SOAK_ROUNDS=${rounds} npm run soak:hostile-repairs`,
    report(seen),
  )
})

function report(seen: readonly HostileRound[]): string {
  const sum = (of: (round: HostileRound) => number) => seen.reduce((total, round) => total + of(round), 0)
  const answers = new Map<string, number>()
  for (const round of seen) {
    for (const [answer, times] of Object.entries(round.answers)) {
      answers.set(answer, (answers.get(answer) ?? 0) + times)
    }
  }
  const most = (column: 'plan' | 'premium') => Math.max(...seen.map(({ changed }) => changed[column]))
  return [
    `${sessions} sessions with the role that repairs, 1000 rows, a cap of ${cap} writes an hour and column; forged orders, SQL of every`,
    'kind, objects under the names of others, transactions left open, sessions killed. In each round the hour begins anew;',
    'at its end one command takes everything back.',
    '',
    '| | |',
    '|---|---:|',
    `| calls and statements | ${sum((round) => round.calls)} |`,
    `| refused by the database itself | ${sum((round) => round.refusedBySql)} |`,
    `| of those, ended by it as a deadlock | ${sum((round) => round.deadlocks)} |`,
    `| of those, waited two seconds for a lock | ${sum((round) => round.lockTimeouts)} |`,
    ...[...answers].toSorted().map(([answer, times]) => `| answered ${answer} | ${times} |`),
    `| sessions lost | ${sum((round) => round.sessionsLost)} |`,
    `| rows changed at any time in a round, at most | plan ${most('plan')}, premium ${most('premium')} |`,
    `| changes that the journal does not explain | ${sum((round) => round.unexplained.length)} |`,
    `| other damage | ${sum((round) => round.damage.length)} |`,
    `| rows not taken back | ${sum((round) => round.notTakenBack.length)} |`,
  ].join('\n')
}
