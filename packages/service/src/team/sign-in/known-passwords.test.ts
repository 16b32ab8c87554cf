import { describe, expect, it } from 'vitest'
import { isKnownPassword } from './known-passwords.ts'

describe('a password that everybody tries', () => {
  it.each([
    'Password123!',
    'passwordpassword',
    'P@ssw0rd1234',
    'qwertyuiop12',
    '123456789012',
    '098765432109',
    'aaaaaaaaaaaaaaa',
    'abababababab',
    'letmeinletmein',
    'Trueup!2026!',
    'administrator',
    'welcome12345',
  ])('is refused: %s', (password) => {
    expect(isKnownPassword(password)).toBe(true)
  })

  it.each([
    'correct horse battery',
    'my dog eats 3 shoes',
    'kT9$wq-Zr2pLm7',
    'пароль из четырёх слов',
    'passwordless since 1999',
    '84026159375',
  ])('is not one of these: %s', (password) => {
    expect(isKnownPassword(password)).toBe(false)
  })
})
