/** How far the time of a signature may be from ours, both ways, in seconds. */
const toleranceSeconds = 300
/** While a secret is rolled two sign; a header with more than this is not a vendor's. */
const mostSignatures = 16

/** A signed request taken apart. */
export interface Claim {
  readonly timestamp: string
  /** What stands before the body in the signed text. */
  readonly prefix: string
  readonly signatures: readonly Uint8Array<ArrayBuffer>[]
}

/** Why a signature was not taken. Closed list. */
export type SignatureRefusal = 'signature-missing' | 'signature-expired' | 'signature-invalid'

/**
 * Whether a body was signed with one of these keys within five minutes of now; `null` where it was. Every signature is
 * tried with every key, so that a secret can be rolled. Web Crypto compares without telling by its time.
 */
export async function refuseSignature(
  claim: Claim | null,
  keys: readonly Uint8Array<ArrayBuffer>[],
  body: Uint8Array,
  now: Date,
): Promise<SignatureRefusal | null> {
  if (!claim) return 'signature-missing'
  if (!/^\d{1,12}$/.test(claim.timestamp)) return 'signature-invalid'
  const age = Math.floor(now.getTime() / 1000) - Number(claim.timestamp)
  const prefix = new TextEncoder().encode(claim.prefix)
  const signed = new Uint8Array(prefix.byteLength + body.byteLength)
  signed.set(prefix)
  signed.set(body, prefix.byteLength)
  for (const key of keys) {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ])
    for (const signature of claim.signatures.slice(0, mostSignatures)) {
      if (!(await crypto.subtle.verify('HMAC', imported, signature, signed))) continue
      return Math.abs(age) > toleranceSeconds ? 'signature-expired' : null
    }
  }
  return 'signature-invalid'
}

/** `Stripe-Signature: t=<seconds>,v1=<hex>,...`, signed over `<t>.<body>`. https://docs.stripe.com/webhooks/signature */
export function stripeClaim(headers: Headers): Claim | null {
  return timedClaim(headers.get('stripe-signature'))
}

/** `Trueup-Signature`, in the form of Stripe's. */
export function probeClaim(headers: Headers): Claim | null {
  return timedClaim(headers.get('trueup-signature'))
}

function timedClaim(header: string | null): Claim | null {
  if (!header) return null
  const parts = header.split(',').map((part) => part.trim())
  const valuesOf = (scheme: string) =>
    parts.filter((part) => part.startsWith(`${scheme}=`)).map((part) => part.slice(scheme.length + 1))
  const times = valuesOf('t')
  const timestamp = times.length === 1 ? (times[0] ?? '') : ''
  return {
    timestamp,
    prefix: `${timestamp}.`,
    signatures: valuesOf('v1').flatMap((text) => fromHex(text) ?? []),
  }
}

/**
 * `svix-signature: v1,<base64> ...`, signed over `<svix-id>.<svix-timestamp>.<body>`.
 * https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
export function clerkClaim(headers: Headers): Claim | null {
  const id = headers.get('svix-id')
  const timestamp = headers.get('svix-timestamp')
  const header = headers.get('svix-signature')
  if (!id || !timestamp || !header) return null
  const signatures = header
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .flatMap((part) => fromBase64(part.slice(3)) ?? [])
  return { timestamp, prefix: `${id}.${timestamp}.`, signatures }
}

/** Stripe signs with the text of its secret, `whsec_` included. */
export function stripeKey(secret: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(secret.trim())
}

/** Clerk signs with the bytes that stand behind `whsec_` in base64; `null`: they are no such. */
export function clerkKey(secret: string): Uint8Array<ArrayBuffer> | null {
  const match = /^whsec_(.+)$/.exec(secret.trim())
  return match?.[1] ? fromBase64(match[1]) : null
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null
  return Uint8Array.from({ length: 32 }, (_, place) =>
    Number.parseInt(text.slice(place * 2, place * 2 + 2), 16),
  )
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    // Base64 of a wrong length is no signature and no key.
    return null
  }
}
