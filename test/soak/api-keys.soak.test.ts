import { randomFillSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { findApiKey } from '../../packages/service/src/team/keys/find-api-key.ts'

const texts = Number(process.env.SOAK_TEXTS ?? 10_000_000)
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Counts how often the database is asked; it knows no key. */
let asked = 0
const database = {
  clock: { now: () => new Date() },
  get database(): never {
    asked += 1
    throw new Error('The database was asked for a text that is no key.')
  },
}

test(`${texts} texts that look like an API key`, { timeout: 3_600_000 }, async () => {
  const random = Buffer.alloc(49 * 4_096)
  let found = 0
  for (let tried = 0; tried < texts; tried += 1) {
    const place = tried % 4_096
    if (place === 0) randomFillSync(random)
    let text = 'tu_'
    for (let at = place * 49; at < place * 49 + 49; at += 1) text += alphabet[(random[at] ?? 0) % 62]
    // One in 57 billion has the right checksum by chance, and is then looked for.
    if ((await findApiKey(database, text, '203.0.113.7').catch(() => null)) !== null) found += 1
  }
  expect({ found, asked }).toEqual({ found: 0, asked: 0 })
  await recordResults(
    'soak: API keys',
    `SOAK_TEXTS=${texts} npm run soak:api-keys`,
    [
      'Random texts of the form of a key: `tu_` and 49 letters and digits.',
      '',
      '| | |',
      '|---|---:|',
      `| texts | ${texts} |`,
      `| taken for a key | ${found} |`,
      `| for which the database was asked | ${asked} |`,
    ].join('\n'),
  )
})
