/** SHA-256 of these bytes: 32 bytes. Handed in, since `core` brings no cryptography of its own. */
export type Digest = (bytes: Uint8Array) => Uint8Array

/** Whether this is the Ed25519 signature (RFC 8032) of the message under this public key of 32 bytes. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** How many bytes a hash has. */
export const hashLength = 32

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place])
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let place = 0
  for (const part of parts) {
    joined.set(part, place)
    place += part.length
  }
  return joined
}
