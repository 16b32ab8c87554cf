import { createHmac, timingSafeEqual } from 'node:crypto'
import { Secret } from '../secret.ts'
import { UsageError } from '../usage-error.ts'

/** A key that signs: the bytes behind a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`. */
export type SigningKey = Uint8Array

/** The headers of a signed request, as Standard Webhooks names them. */
export interface SignedHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/** Why a request was not taken as signed. Closed list. */
export type SignatureRefusal = 'signature-missing' | 'signature-expired' | 'signature-invalid'

/** How far the time of a signature may be from now, both ways. */
const toleranceSeconds = 5 * 60
const leastKeyBytes = 24
const longestId = 256
const mostSignatures = 10

/**
 * The key behind a secret in the form of Standard Webhooks: `whsec_` and at least 24 bytes in base64.
 *
 * @throws UsageError `option-invalid`; the secret is not in its message
 */
export function signingKey(secret: Secret): SigningKey {
  const text = secret
    .reveal()
    .trim()
    .replace(/^whsec_/, '')
  const key = Buffer.from(text, 'base64')
  const isBase64 = key.toString('base64').replaceAll('=', '') === text.replaceAll('=', '')
  if (isBase64 && key.length >= leastKeyBytes) return key
  throw new UsageError({
    code: 'option-invalid',
    message: `A secret for pushes is ${isBase64 ? `only ${key.length} bytes long` : 'not base64'}; it takes whsec_ and at least ${leastKeyBytes} bytes in base64.`,
    fix: 'Make one: echo "whsec_$(openssl rand -base64 32)"',
  })
}

export interface SignPushOptions {
  /** `whsec_` and at least 24 bytes in base64; the same that the receiving side was given. */
  readonly secret: string
  /** Names the request; the same when it is sent again. */
  readonly id: string
  /** Exactly as it is sent. */
  readonly body: string | Uint8Array
  /** A signature is taken within five minutes of this. */
  readonly now: Date
}

/**
 * The headers that sign a body for Trueup, or for anybody who checks signatures as Standard Webhooks has them. The
 * signature covers the id, the time and the exact bytes of the body.
 *
 * @throws UsageError `option-invalid` when the secret is none
 *
 * @example
 * const body = JSON.stringify({ push: { id: 'nightly-1', mode: 'full', last: true }, subjects })
 * const headers = signPush({ secret, id: 'nightly-1', body, now: new Date() })
 * await fetch(url, { method: 'PUT', body, headers: { ...headers, 'content-type': 'application/json' } })
 */
export function signPush({ secret, id, body, now }: SignPushOptions): SignedHeaders {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(signingKey(new Secret(secret)), id, timestamp, body)}`,
  }
}

/**
 * Whether a request was signed by one of these keys within five minutes of now; `null` where it was. Looks at the raw
 * bytes, before anything is read from them.
 */
export function refuseSignature(
  keys: readonly SigningKey[],
  headers: Headers,
  body: Uint8Array,
  now: Date,
): SignatureRefusal | null {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  const signatures = headers.get('webhook-signature')
  if (!id || !timestamp || !signatures) return 'signature-missing'
  if (id.length > longestId || !/^\d{1,12}$/.test(timestamp)) return 'signature-invalid'
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return 'signature-expired'
  const given = signatures
    .split(' ')
    .slice(0, mostSignatures)
    .flatMap((text) => (text.startsWith('v1,') ? [Buffer.from(text.slice(3), 'base64')] : []))
  const isSigned = keys.some((key) => {
    const expected = Buffer.from(signatureOf(key, id, timestamp, body), 'base64')
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected))
  })
  return isSigned ? null : 'signature-invalid'
}

function signatureOf(key: SigningKey, id: string, timestamp: string, body: string | Uint8Array): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
}
