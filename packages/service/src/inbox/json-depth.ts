const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Whether JSON text nests deeper than this, before anything parses it. What is not JSON may get either answer. */
export function isDeeperThan(most: number, text: Uint8Array): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]
    if (isInString) {
      if (byte === backslash) at++
      else if (byte === quote) isInString = false
    } else if (byte === quote) {
      isInString = true
    } else if (byte === openBrace || byte === openBracket) {
      depth++
      if (depth > most) return true
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--
    }
  }
  return false
}
