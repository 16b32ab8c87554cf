import { createHash } from 'node:crypto'

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** An id made from what it stands for: the same parts give the same id, and others another. */
export function idOf(prefix: 'rep' | 'bat', ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest()
  return `${prefix}_${[...digest.subarray(0, 20)].map((byte) => alphabet[byte % 32]).join('')}`
}
