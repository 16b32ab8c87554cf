import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'
import type { Provider } from './event.ts'
import { InboxError } from './inbox-error.ts'

/** The bytes that a signing secret stands for. */
export type SigningKey = Uint8Array

/** Why a request was not taken as the provider's. Closed list. */
export type SignatureRefusal = 'signature-missing' | 'signature-expired' | 'signature-invalid'

/** How far the time of a signature may be from ours, both ways, in seconds. */
const toleranceSeconds = 300
/** While a secret is rolled two sign; a header with more than this is not a provider's. */
const mostSignatures = 16

/**
 * The key behind a secret as the provider shows it. Stripe signs with the text of its secret, `whsec_` included; Clerk,
 * through Svix, with the bytes that stand behind `whsec_` in base64.
 *
 * @throws InboxError `secret-malformed`; the secret is not in its message
 */
export function signingKey(provider: Provider, secret: Secret): SigningKey {
  const text = secret.reveal().trim()
  const isPrefixed = /^whsec_\S{16,255}$/.test(text)
  if (provider === 'stripe' && isPrefixed) return Buffer.from(text)
  if (provider === 'clerk' && isPrefixed && isBase64(text.slice('whsec_'.length))) {
    return Buffer.from(text.slice('whsec_'.length), 'base64')
  }
  throw new InboxError({
    code: 'secret-malformed',
    message: `What was given is not a signing secret of ${provider === 'stripe' ? 'Stripe' : 'Clerk'}: it takes whsec_ and ${provider === 'stripe' ? 'at least 16 characters' : 'a key in base64'} after it.`,
    fix:
      provider === 'stripe'
        ? 'Copy it from the Stripe dashboard: Developers, Webhooks, the endpoint, Signing secret.'
        : 'Copy it from the Clerk dashboard: Configure, Webhooks, the endpoint, Signing Secret.',
  })
}

function isBase64(text: string): boolean {
  const bare = text.replace(/=+$/, '')
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === bare
}

/** A signed request taken apart: what was signed, and the signatures that may be it. */
interface Claim {
  readonly timestamp: string
  /** What stands before the body in the signed text. */
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  readonly signatures: readonly string[]
}

/**
 * Whether a request was signed with one of these keys within five minutes of now, both ways; `null` where it was. Looks
 * at the raw bytes, before anything is read from them. All signatures of the known scheme are tried with all keys, so
 * that a secret can be rolled; signatures of other schemes are passed over.
 *
 * Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>,...` over `<t>.<body>` (https://docs.stripe.com/webhooks/signature).
 * Clerk: `svix-id`, `svix-timestamp`, `svix-signature: v1,<base64> ...` over `<id>.<timestamp>.<body>`, which is what
 * Standard Webhooks describes (https://docs.svix.com/receiving/verifying-payloads/how-manual).
 */
export function refuseSignature(
  provider: Provider,
  keys: readonly SigningKey[],
  headers: Headers,
  body: Uint8Array,
  now: Date,
): SignatureRefusal | null {
  const claim = provider === 'stripe' ? stripeClaim(headers) : svixClaim(headers)
  if (typeof claim === 'string') return claim
  const ageSeconds = Math.floor(now.getTime() / 1000) - Number(claim.timestamp)
  // The signature is tried first: a request that nobody signed says nothing of our clock.
  if (!isSigned(claim, keys, body)) return 'signature-invalid'
  return Math.abs(ageSeconds) > toleranceSeconds ? 'signature-expired' : null
}

function isSigned(claim: Claim, keys: readonly SigningKey[], body: Uint8Array): boolean {
  // The texts are compared, not what they decode to: several texts decode to the same bytes.
  const given = claim.signatures.map((text) => Buffer.from(text))
  let found = false
  for (const key of keys) {
    const hmac = createHmac('sha256', key).update(claim.prefix).update(body)
    const expected = Buffer.from(hmac.digest(claim.encoding))
    for (const one of given) {
      if (one.length === expected.length && timingSafeEqual(one, expected)) found = true
    }
  }
  return found
}

function stripeClaim(headers: Headers): Claim | SignatureRefusal {
  const header = headers.get('stripe-signature')
  if (!header) return 'signature-missing'
  const timestamps: string[] = []
  const signatures: string[] = []
  for (const item of header.split(',')) {
    const place = item.indexOf('=')
    const name = item.slice(0, place)
    const value = item.slice(place + 1)
    if (name === 't') timestamps.push(value)
    if (name === 'v1') signatures.push(value)
  }
  const [timestamp] = timestamps
  if (timestamps.length !== 1 || timestamp === undefined || !isSeconds(timestamp)) return 'signature-invalid'
  if (signatures.length === 0 || signatures.length > mostSignatures) return 'signature-invalid'
  return { timestamp, prefix: `${timestamp}.`, encoding: 'hex', signatures }
}

function svixClaim(headers: Headers): Claim | SignatureRefusal {
  const id = headers.get('svix-id')
  const timestamp = headers.get('svix-timestamp')
  const header = headers.get('svix-signature')
  if (!id || !timestamp || !header) return 'signature-missing'
  // Without a full stop in it an id cannot take over the place of the time.
  if (!/^[\w-]{1,255}$/.test(id) || !isSeconds(timestamp)) return 'signature-invalid'
  const signatures = header.split(' ').flatMap((text) => (text.startsWith('v1,') ? [text.slice(3)] : []))
  if (signatures.length === 0 || signatures.length > mostSignatures) return 'signature-invalid'
  return { timestamp, prefix: `${id}.${timestamp}.`, encoding: 'base64', signatures }
}

function isSeconds(text: string): boolean {
  return /^\d{1,12}$/.test(text)
}
