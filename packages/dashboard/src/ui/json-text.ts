/**
 * A value as JSON to read and to copy: marks that turn text around or cannot be seen stand as their escapes, so what is
 * read is what is there, and it is still the same JSON.
 *
 * @example
 * jsonText({ name: '\u202Eeman' })   // '{\n  "name": "\\u202eeman"\n}'
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return text.replaceAll(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, (sign) =>
    joiners.has(sign) ? sign : escaped(sign),
  )
}

/** They make one sign out of several, in emoji and in scripts of India and Arabia. */
const joiners = new Set(['\u200c', '\u200d'])

function escaped(sign: string): string {
  const units = Array.from({ length: sign.length }, (_, place) => sign.charCodeAt(place))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
