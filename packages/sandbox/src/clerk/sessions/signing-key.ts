import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { JsonObject } from '../objects/index.ts'

/**
 * An instance's key for session tokens: RSA of 2048 bits with exponent 65537, the only size that the SDK's offline
 * verification takes. Taken on first use; instances that follow each other in a process never have the same.
 */
export class SigningKey {
  #key: KeyObject | null = null
  #kid: string | null = null

  /** The id under which the key set lists the key. */
  get kid(): string {
    this.#kid ??= `ins_${createHash('sha256').update(this.publicPem()).digest('hex').slice(0, 27)}`
    return this.#kid
  }

  /** The public key as PEM, which the SDK takes as `jwtKey`. */
  publicPem(): string {
    return this.#public().export({ type: 'spki', format: 'pem' }).toString()
  }

  /** The key set as `GET /v1/jwks` sends it. */
  jwks(): { readonly keys: readonly JsonObject[] } {
    const { n, e } = this.#public().export({ format: 'jwk' })
    return { keys: [{ use: 'sig', kty: 'RSA', kid: this.kid, alg: 'RS256', n, e }] }
  }

  /** A signed token of the claims. */
  token(claims: JsonObject): string {
    const head = encoded({ alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: this.kid, typ: 'JWT' })
    const text = `${head}.${encoded(claims)}`
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.#private()).toString('base64url')}`
  }

  #private(): KeyObject {
    this.#key ??= nextKey()
    return this.#key
  }

  #public(): KeyObject {
    return createPublicKey(this.#private())
  }
}

/**
 * Finding the primes of a key keeps a processor busy for a tenth of a second, so a process that makes one instance after
 * the other takes these in turn.
 */
const keys: KeyObject[] = []
const mostKeys = 8
let taken = 0

function nextKey(): KeyObject {
  const place = taken++ % mostKeys
  const key =
    keys[place] ?? generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 65_537 }).privateKey
  keys[place] = key
  return key
}

function encoded(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
