import type { KeyObject } from 'node:crypto'
import { nonceLength, openXaes, sealXaes } from './xaes-256-gcm.ts'

export type RandomBytes = (count: number) => Uint8Array

/** What a value is bound to: it opens with the same alone. */
export type Bound = readonly (string | number | null)[]

/**
 * Seals bytes under a key: `v<key>.<nonce>.<ciphertext>`, the last two in base64url.
 *
 * @param name the key's own name, which stands in the text and is bound along
 */
export function sealUnder(
  key: KeyObject,
  name: string | number,
  bytes: Uint8Array,
  bound: Bound,
  randomBytes: RandomBytes,
): string {
  const nonce = randomBytes(nonceLength)
  const sealed = sealXaes(key, nonce, bytes, associatedData(bound, String(name)))
  return `v${name}.${Buffer.from(nonce).toString('base64url')}.${sealed.toString('base64url')}`
}

/** Opens what {@link sealUnder} sealed under this key; `null`: it was not, or was changed since, or bound to something else. */
export function openUnder(key: KeyObject, { name, nonce, sealed }: SealedParts, bound: Bound): Buffer | null {
  return openXaes(key, nonce, sealed, associatedData(bound, name))
}

export interface SealedParts {
  readonly name: string
  readonly nonce: Uint8Array
  readonly sealed: Uint8Array
}

/** Takes a sealed text apart; `null`: it is none. */
export function parseSealed(text: string): SealedParts | null {
  const [, name, nonce, sealed] = /^v([a-zA-Z0-9-]{1,40})\.([\w-]{32})\.([\w-]{22,})$/.exec(text) ?? []
  if (name === undefined || nonce === undefined || sealed === undefined) return null
  const parts = { name, nonce: Buffer.from(nonce, 'base64url'), sealed: Buffer.from(sealed, 'base64url') }
  // The last letter may hold bits that mean nothing: a value has one text.
  return parts.sealed.toString('base64url') === sealed ? parts : null
}

/** A list in JSON has one reading, whatever stands in its texts. */
function associatedData(bound: Bound, name: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['trueup', ...bound, name]))
}
