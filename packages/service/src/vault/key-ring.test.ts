import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import { newMasterKey, parseKeyRing } from './key-ring.ts'
import { VaultError } from './vault-error.ts'

const bytes = (byte: number) => Buffer.alloc(32, byte).toString('base64')
const a = bytes(1)
const b = bytes(2)

function refusal(text: string): VaultError {
  try {
    parseKeyRing(new Secret(text), 'TRUEUP_ENCRYPTION_KEY')
  } catch (error) {
    if (error instanceof VaultError) return error
    throw error
  }
  throw new Error('It was taken.')
}

describe('encryption keys', () => {
  it.each([
    ['one', `k1:${a}`, ['k1']],
    ['several, newest first', `k2:${b},k1:${a}`, ['k2', 'k1']],
    ['a line each, as in a file', `# made in May\nk2:${b}\nk1:${a}\n`, ['k2', 'k1']],
    ['with spaces around them', `  k2:${b} , k1:${a} `, ['k2', 'k1']],
  ])('are read: %s', (_what, text, ids) => {
    const ring = parseKeyRing(new Secret(text), 'TRUEUP_ENCRYPTION_KEY')
    expect(ring.keys.map(({ id }) => id)).toEqual(ids)
    expect(ring.primary.id).toBe(ids[0])
  })

  it.each([
    ['nothing', ' ', 'TRUEUP_ENCRYPTION_KEY holds no key.'],
    ['a key without an id', a, 'Key 1 in TRUEUP_ENCRYPTION_KEY has no id.'],
    ['an id of other signs', `k.1:${a}`, 'Key 1 in TRUEUP_ENCRYPTION_KEY has no id.'],
    [
      'a short key',
      `k1:${Buffer.alloc(16).toString('base64')}`,
      'The key k1 in TRUEUP_ENCRYPTION_KEY is 16 bytes; 32 bytes in base64 are needed.',
    ],
    [
      'hexadecimal',
      `k1:${'ab'.repeat(32)}`,
      'The key k1 in TRUEUP_ENCRYPTION_KEY is 48 bytes; 32 bytes in base64 are needed.',
    ],
    [
      'a password',
      'k1:correct-horse!',
      'The key k1 in TRUEUP_ENCRYPTION_KEY is something that is not base64; 32 bytes in base64 are needed.',
    ],
    ['one id twice', `k1:${a},k1:${b}`, 'TRUEUP_ENCRYPTION_KEY holds two keys with the id k1.'],
  ])('are refused, without telling them: %s', (_what, text, message) => {
    const error = refusal(text)
    expect(error).toMatchObject({ code: 'encryption-key-malformed', message })
    expect(error.fix).not.toBe('')
    for (const key of [a, 'ab'.repeat(32), 'correct-horse']) {
      expect(`${error.message} ${error.fix} ${inspect(error)}`).not.toContain(key)
    }
  })

  it('do not print, whatever prints the ring', () => {
    const ring = parseKeyRing(new Secret(`k1:${a}`), 'TRUEUP_ENCRYPTION_KEY')
    for (const shown of [
      inspect(ring, { depth: 9, showHidden: true }),
      JSON.stringify(ring),
      `${ring.primary.key}`,
    ]) {
      expect(shown).not.toContain(a.slice(0, 8))
      expect(shown).not.toContain('01010101')
    }
  })

  it('that are new say when they were made', () => {
    const made = newMasterKey(new Date('2026-11-21T10:00:00Z'), (count) => Buffer.alloc(count, 7))
    expect(made).toEqual({ id: '20261121-0707', line: `20261121-0707:${bytes(7)}` })
    expect(parseKeyRing(new Secret(made.line), 'a file').primary.id).toBe(made.id)
  })
})
