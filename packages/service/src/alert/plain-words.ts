import { withoutKeys } from '../secret.ts'

/**
 * A text that somebody outside may have written, such as an account's name, fit for a message: one line, without
 * characters that cannot be seen or that turn the direction of reading, without keys, and no longer than `most`.
 * It still has to be escaped for where it goes.
 *
 * @example
 * plainWords('Ann\u202e\n<b>', 20) // 'Ann <b>'
 */
export function plainWords(text: string, most: number): string {
  const line = withoutKeys(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
  return shortened(line, most)
}

/** At most so many UTF-16 units, as the vendors count, and never half a character. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
