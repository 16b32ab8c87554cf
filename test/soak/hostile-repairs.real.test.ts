import { expect, test } from 'vitest'
import { runHostileRepairs } from './hostile-repairs-run.ts'

// The long run of the same is `npm run soak:hostile-repairs`.
test('whoever steals the credentials of repairs changes no more rows than the cap, all in the journal, all taken back at once', async () => {
  const cap = 10
  const rounds = await runHostileRepairs({ calls: 2000, rounds: 2, sessions: 4, cap, seed: 'short' })
  for (const round of rounds) {
    expect(round.calls).toBeGreaterThan(900)
    expect(round.changed).toEqual({ plan: cap, premium: cap })
    expect(round.unexplained).toEqual([])
    expect(round.damage).toEqual([])
    expect(round.notTakenBack).toEqual([])
  }
})
