const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * A new id with its kind before it, that nobody can guess.
 *
 * @param randomBytes chance that nobody can foresee
 * @example
 * newId('alc', systemRandomBytes) // 'alc_k3v…', 120 random bits
 */
export function newId(prefix: string, randomBytes: (count: number) => Uint8Array): string {
  return `${prefix}_${[...randomBytes(24)].map((byte) => alphabet[byte % 32]).join('')}`
}
