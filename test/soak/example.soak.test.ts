import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { type Findings, findPlanted, plantedDrifts } from '../support/example-drifts.ts'
import { type Lived, liveInExample } from '../support/example-lives.ts'
import { startExampleWorld } from '../support/example-world.ts'

const stories = Number(process.env.SOAK_STORIES ?? 200)
const seed = process.env.SOAK_SEED ?? 'soak'
const rounds = Number(process.env.SOAK_ROUNDS ?? 40)
const daysEach = 6

test(`${stories} life stories in the example, and every drift planted by hand`, {
  timeout: 3 * 3_600_000,
}, async () => {
  const world = await startExampleWorld()
  try {
    const lived = await liveInExample(world, { seed, stories, rounds, daysEach, acts: 12 })
    const { incidents, check } = await world.check()
    const found = await findPlanted(world)
    const expected = Object.fromEntries(plantedDrifts.map((drift) => [drift.name, drift.found]))
    const drifts = incidents.map(({ sentence }) => sentence)
    // All at the end, since a long run is to show everything that it met.
    expect({ wrong: lived.wrong, drifts, found }).toEqual({ wrong: [], drifts: [], found: expected })
    expect(check.counts).toMatchObject({ drifts: 0, cannotTell: 0 })
    await recordResults(
      'soak: example',
      `SOAK_STORIES=${stories} npm run soak:example`,
      report(lived, found, check.counts?.agrees ?? 0),
    )
  } finally {
    await world.close()
  }
})

function report({ met }: Lived, found: Findings, agrees: number): string {
  return [
    `Organizations of \`examples/team-notes\`, ${stories} of them side by side over ${rounds * daysEach} days, by the app’s own routes and the vendors’`,
    'pages, with webhooks lost (10 %), doubled, late and out of order. After quiet a full check of Stripe against the SDK’s',
    `tables and Clerk’s metadata: ${agrees} agree, 0 drift, 0 cannot be told.`,
    '',
    '| what happened | times |',
    '|---|---:|',
    ...Object.entries(met)
      .toSorted()
      .map(([what, times]) => `| ${what} | ${times} |`),
    '',
    'Then, planted among them with the app down, and what one check says of each; of nobody else it says anything.',
    '',
    '| planted | found |',
    '|---|---|',
    ...Object.entries(found).map(
      ([name, words]) => `| ${name} | ${words.join(', ') || 'nothing, as is right'} |`,
    ),
  ].join('\n')
}
