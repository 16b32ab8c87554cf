/** What the passwords that are tried first are made of, once digits and signs are taken away. */
const tried = new Set([
  'password',
  'passwort',
  'qwerty',
  'qwertyuiop',
  'qwertz',
  'asdfghjkl',
  'zxcvbnm',
  'letmein',
  'welcome',
  'iloveyou',
  'admin',
  'administrator',
  'changeme',
  'trueup',
  'secret',
  'default',
  'abc',
  'abcd',
  'abcdef',
  'abcdefgh',
  'abcdefghijkl',
])

/**
 * Whether a long password is one that everybody tries: of few different characters, one word of those that are tried
 * first, however often and with whatever digits, or a run of digits.
 *
 * @example
 * isKnownPassword('Password123!') // true
 * isKnownPassword('correct horse battery') // false
 */
export function isKnownPassword(password: string): boolean {
  const small = password.toLowerCase()
  if (new Set(small).size < 5) return true
  const letters = small
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll(/(?<=[a-z])0(?=[a-z])/g, 'o')
    .replaceAll(/(?<=[a-z])1(?=[a-z])/g, 'i')
    .replaceAll(/(?<=[a-z])3(?=[a-z])/g, 'e')
    .replaceAll(/[^\p{L}]/gu, '')
  return isRunOfDigits(small) || tried.has(unitOf(letters))
}

/** The shortest text that this is a repetition of. */
function unitOf(text: string): string {
  return /^(.+?)\1*$/s.exec(text)?.[1] ?? text
}

function isRunOfDigits(text: string): boolean {
  return text !== '' && ('0123456789'.repeat(30).includes(text) || '9876543210'.repeat(30).includes(text))
}
