const longest = 120

/** Nearly every value is such a text: nothing in it is escaped, masked or cut, so a full read need not try. */
const plainText = /^(?!.*(?:[sr]k_|whsec_))[A-Za-z0-9_ .:+@-]{0,100}$/

/**
 * A raw value of the app as text for evidence: JSON, so that `"1"` and `1` can be told apart, at most 120 characters.
 * The value may come from a browser, so control characters and those that turn the reading direction are escaped;
 * it may be a key that was put in the wrong place, so what looks like one is masked.
 *
 * @example
 * foundText('pro') // '"pro"'
 */
export function foundText(value: unknown): string {
  if (typeof value === 'string' && plainText.test(value)) return `"${value}"`
  return printable(value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)))
}

/**
 * A text that somebody else wrote, fit to stand in a sentence: escaped, masked and shortened as {@link foundText} does.
 *
 * @example
 * printable('reports\u001b[2J') // 'reports\\u001b[2J'
 */
export function printable(text: string): string {
  const safe = maskKeys(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeCharacter)
  const characters = [...safe]
  return characters.length <= longest ? safe : `${characters.slice(0, longest - 1).join('')}…`
}

function maskKeys(text: string): string {
  return text.replace(/\b(sk_live_|sk_test_|rk_live_|rk_test_|whsec_)[A-Za-z0-9+/=_-]+/g, '$1…')
}

function escapeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
