const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map([...alphabet].map((letter, value) => [letter, value]))

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let place = 0; place < bytes.length; place += 3) {
    const [first = 0, second, third] = bytes.subarray(place, place + 3)
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    text += second === undefined ? '=' : alphabet.charAt((group >> 6) & 63)
    text += third === undefined ? '=' : alphabet.charAt(group & 63)
  }
  return text
}

/** Reads standard base64; `null` for anything that {@link toBase64} would not have written, so that each value has one text. */
export function fromBase64(text: string): Uint8Array | null {
  const letters = text.replace(/={1,2}$/, '')
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4))
  let bits = 0
  let held = 0
  let place = 0
  for (const letter of letters) {
    const value = values.get(letter)
    if (value === undefined) return null
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[place++] = (held >> bits) & 0xff
  }
  return toBase64(bytes) === text ? bytes : null
}
