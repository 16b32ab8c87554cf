import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 256 bits in base 62, and 32 bits. */
const secretLength = 43
const checksumLength = 6

/** A key as tools that look for leaked secrets find it. */
export const keyPattern = /^tu_[0-9A-Za-z]{49}$/

/**
 * A new key: `tu_`, 256 random bits in base 62, and a checksum (CRC-32 of all before it, in base 62), so that a string
 * that only looks like a key is told from one without asking the database.
 *
 * @example
 * makeKey(systemRandomBytes) // 'tu_0hV3…' of 52 characters
 */
export function makeKey(randomBytes: (count: number) => Uint8Array): string {
  const secret = inBase62(BigInt(`0x${Buffer.from(randomBytes(32)).toString('hex')}`), secretLength)
  return `tu_${secret}${checksumOf(`tu_${secret}`)}`
}

/** Whether this could be a key: its form and its checksum are right. */
export function isWellFormedKey(text: string): boolean {
  return keyPattern.test(text) && checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength)
}

/** A key as it is kept. It is 256 random bits, so that a plain hash of it tells nothing. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function checksumOf(text: string): string {
  return inBase62(BigInt(crc32(text)), checksumLength)
}

function inBase62(number: bigint, length: number): string {
  let text = ''
  for (let rest = number; text.length < length; rest /= 62n) text = `${alphabet[Number(rest % 62n)]}${text}`
  return text
}
