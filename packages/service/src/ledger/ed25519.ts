import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { NoteSigner } from '@trueup/core'
import { noteKey } from '@trueup/core'

// Node takes Ed25519 keys in DER; these are all that DER adds to the 32 bytes (RFC 8410).
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** How many bytes the secret of a key has. */
export const seedLength = 32

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** Whether this is the Ed25519 signature of the message. A key that is none signs nothing. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([publicPrefix, publicKey]),
      format: 'der',
      type: 'spki',
    })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}

/** The public half of the key that these 32 secret bytes are. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return createPublicKey(privateKeyOf(seed))
    .export({ format: 'der', type: 'spki' })
    .subarray(publicPrefix.length)
}

/** The key that these 32 secret bytes are, signing under a name. */
export function signerOf(seed: Uint8Array, name: string): NoteSigner {
  const key = privateKeyOf(seed)
  return { ...noteKey(sha256, name, publicKeyOf(seed)), sign: (message) => sign(null, message, key) }
}

function privateKeyOf(seed: Uint8Array) {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' })
}
