import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

/** Bytes of a key. */
export const keyLength = 32
/** Bytes of a nonce: so many that random ones never meet. */
export const nonceLength = 24
const tagLength = 16

/**
 * Seals a text with XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM under a key that is derived anew from
 * the first half of a nonce of 24 bytes, so that nonces may be drawn at random for as many messages as there ever are.
 *
 * @returns the ciphertext with its tag
 */
export function sealXaes(
  key: KeyObject,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  associated: Uint8Array,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', derivedKey(key, nonce), nonce.subarray(12))
  cipher.setAAD(associated)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what {@link sealXaes} sealed.
 *
 * @returns the plaintext; `null` where any of the four is not what it was sealed with
 */
export function openXaes(
  key: KeyObject,
  nonce: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Buffer | null {
  if (nonce.length !== nonceLength || sealed.length < tagLength) return null
  const end = sealed.length - tagLength
  const decipher = createDecipheriv('aes-256-gcm', derivedKey(key, nonce), nonce.subarray(12), {
    authTagLength: tagLength,
  })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(end))
  const opened = decipher.update(sealed.subarray(0, end))
  try {
    return Buffer.concat([opened, decipher.final()])
  } catch {
    // The tag does not fit: the only thing that `final` refuses.
    return null
  }
}

/** The key of one message: two blocks of CMAC (NIST SP 800-108r1 in counter mode), label X, context the nonce's first half. */
function derivedKey(key: KeyObject, nonce: Uint8Array): Buffer {
  const mask = maskOf(key)
  const blocks = Buffer.alloc(32)
  for (const counter of [1, 2]) {
    const block = blocks.subarray(16 * (counter - 1), 16 * counter)
    block.set([0, counter, 0x58, 0])
    block.set(nonce.subarray(0, 12), 4)
    for (const [place, byte] of mask.entries()) block[place] = (block[place] ?? 0) ^ byte
  }
  return encrypted(key, blocks)
}

/** The same for every message of a key. */
const masks = new WeakMap<KeyObject, Buffer>()

function maskOf(key: KeyObject): Buffer {
  const known = masks.get(key)
  if (known) return known
  const mask = doubled(encrypted(key, Buffer.alloc(16)))
  masks.set(key, mask)
  return mask
}

/** Whole blocks, each by itself. */
function encrypted(key: KeyObject, blocks: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()])
}

/** Doubling in GF(2^128), without a branch on what is secret. */
function doubled(block: Buffer): Buffer {
  const carry = (block[0] ?? 0) >> 7
  return Buffer.from(
    block.map((byte, place) => {
      const next = (block[place + 1] ?? 0) >> 7
      return (((byte << 1) & 0xff) | next) ^ (place === block.length - 1 ? carry * 0x87 : 0)
    }),
  )
}
