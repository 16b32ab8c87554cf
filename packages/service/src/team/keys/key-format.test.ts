import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findApiKey } from './find-api-key.ts'
import { isWellFormedKey, keyPattern, makeKey } from './key-format.ts'

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** A database that must not be asked. */
const untouchable = {
  clock: { now: () => new Date() },
  get database(): never {
    throw new Error('The database was asked for a text that is no key.')
  },
}

describe('an API key', () => {
  it('has its form and its checksum, whatever its random bits are', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const key = makeKey(() => random)
        expect(key).toMatch(keyPattern)
        expect(key).toHaveLength(52)
        expect(isWellFormedKey(key)).toBe(true)
      }),
    )
    expect(makeKey(() => new Uint8Array(32).fill(255))).toMatch(keyPattern)
    expect(makeKey(() => new Uint8Array(32))).toBe(`tu_${'0'.repeat(43)}0MfvAf`)
  })

  it('is another for other random bits', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        fc.pre(!Buffer.from(one).equals(Buffer.from(other)))
        expect(makeKey(() => one)).not.toBe(makeKey(() => other))
      }),
    )
  })

  it('is no key any more when one character of it is another', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
    fc.assert(
      fc.property(bytes, fc.nat(51), character, (random, place, changed) => {
        const key = makeKey(() => random)
        fc.pre(key[place] !== changed)
        expect(isWellFormedKey(`${key.slice(0, place)}${changed}${key.slice(place + 1)}`)).toBe(false)
      }),
    )
  })

  it('is told from a text that only looks like one, without asking the database', async () => {
    const lookalike = fc.stringMatching(/^tu_[0-9A-Za-z]{49}$/)
    await fc.assert(
      fc.asyncProperty(fc.oneof(lookalike, fc.string(), fc.constant('')), async (text) => {
        fc.pre(!isWellFormedKey(text))
        expect(await findApiKey(untouchable, text, '203.0.113.7')).toBeNull()
      }),
      { numRuns: 5_000 },
    )
  })
})
