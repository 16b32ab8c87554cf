import { describe, expect, test } from 'vitest'
import { plainWords, shortened } from './plain-words.ts'

describe('words of others in a message', () => {
  test.each<[string, string, string]>([
    ['become one line', 'a\r\nb\tc\u2028d\u0000e', 'a b c d e'],
    ['cannot turn the direction of reading', 'user\u202egpj.exe\u2066', 'usergpj.exe'],
    ['hold nothing that cannot be seen', 'pay\u200bpal\u00ad\ufeff', 'paypal'],
    ['hold no key', 'my key is rk_live_51Habc and whsec_abc=', 'my key is [secret] and [secret]'],
    ['keep what people write', 'Ünïcode 日本 👩‍💻', 'Ünïcode 日本 👩💻'],
  ])('%s', (_, text, plain) => {
    expect(plainWords(text, 100)).toBe(plain)
  })

  test('are cut where they are too long, and never within a character', () => {
    expect(shortened('abcdef', 4)).toBe('abc…')
    expect(shortened('ab😀cd', 4)).toBe('ab…')
    expect(plainWords('x'.repeat(5_000), 240)).toHaveLength(240)
  })
})
