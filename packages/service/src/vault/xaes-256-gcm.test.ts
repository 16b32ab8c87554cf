import { createHash, createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openXaes, sealXaes } from './xaes-256-gcm.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const keyOf = (byte: number) => createSecretKey(Buffer.alloc(32, byte))

// https://github.com/C2SP/C2SP/blob/main/XAES-256-GCM.md#test-vectors
const published = [
  { key: 1, associated: '', sealed: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271' },
  {
    key: 3,
    associated: 'c2sp.org/XAES-256-GCM',
    sealed: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d',
  },
] as const
const nonce = utf8('ABCDEFGHIJKLMNOPQRSTUVWX')
const plaintext = utf8('XAES-256-GCM')

describe('XAES-256-GCM', () => {
  it.each(published)(
    'seals and opens the published vector of key 0x0$key…',
    ({ key, associated, sealed }) => {
      expect(hex(sealXaes(keyOf(key), nonce, plaintext, utf8(associated)))).toBe(sealed)
      expect(openXaes(keyOf(key), nonce, Buffer.from(sealed, 'hex'), utf8(associated))).toEqual(
        Buffer.from(plaintext),
      )
    },
  )

  it('seals the 10,000 accumulated messages to the published digest', () => {
    const drawn = createHash('shake128', { outputLength: 10_000 * (32 + 24 + 2 + 2 * 255) }).digest()
    let place = 0
    const draw = (count: number) => {
      place += count
      return drawn.subarray(place - count, place)
    }
    const digest = createHash('shake128', { outputLength: 32 })
    let opened = 0
    for (let round = 0; round < 10_000; round += 1) {
      const key = createSecretKey(draw(32))
      const drawnNonce = draw(24)
      const text = draw(draw(1)[0] ?? 0)
      const associated = draw(draw(1)[0] ?? 0)
      const sealed = sealXaes(key, drawnNonce, text, associated)
      if (openXaes(key, drawnNonce, sealed, associated)?.equals(text)) opened += 1
      digest.update(sealed)
    }
    expect(opened).toBe(10_000)
    expect(digest.digest('hex')).toBe('e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939')
  })

  it.each([
    ['another key', () => openXaes(keyOf(2), nonce, sealedOne(), utf8('a'))],
    ['another nonce', () => openXaes(keyOf(1), utf8('ABCDEFGHIJKLMNOPQRSTUVWY'), sealedOne(), utf8('a'))],
    [
      'a nonce that differs in its first half',
      () => openXaes(keyOf(1), utf8('BBCDEFGHIJKLMNOPQRSTUVWX'), sealedOne(), utf8('a')),
    ],
    ['a nonce that is cut', () => openXaes(keyOf(1), nonce.subarray(1), sealedOne(), utf8('a'))],
    ['other associated data', () => openXaes(keyOf(1), nonce, sealedOne(), utf8('b'))],
    ['a ciphertext that is cut', () => openXaes(keyOf(1), nonce, sealedOne().subarray(1), utf8('a'))],
    ['nothing', () => openXaes(keyOf(1), nonce, new Uint8Array(0), utf8('a'))],
  ])('opens nothing with %s', (_what, open) => {
    expect(open()).toBeNull()
  })
})

const sealedOne = () => sealXaes(keyOf(1), nonce, plaintext, utf8('a'))
