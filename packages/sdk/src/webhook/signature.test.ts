import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { clerkClaim, clerkKey, refuseSignature, stripeClaim, stripeKey } from './signature.ts'

const now = new Date('2026-11-21T10:00:00.700Z')
const seconds = Math.floor(now.getTime() / 1000)
const body = '{"id":"evt_1","name":"Zoë"}'
const secrets = { stripe: `whsec_${'4Nvq1xkzPpZ0o7yQ'}`, clerk: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }
const others = { stripe: `whsec_${'z'.repeat(32)}`, clerk: `whsec_${btoa('another key of some bytes')}` }
type Vendor = keyof typeof secrets

/** Signed by the libraries of those who send. */
function headersOf(vendor: Vendor, secret = secrets[vendor], timestamp = seconds): Headers {
  if (vendor === 'stripe') {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    return new Headers({ 'stripe-signature': signature })
  }
  const signature = new Webhook(secret).sign('msg_1', new Date(timestamp * 1000), body)
  return new Headers({ 'svix-id': 'msg_1', 'svix-timestamp': String(timestamp), 'svix-signature': signature })
}

function refusal(vendor: Vendor, headers: Headers, given: { keys?: readonly string[]; body?: string } = {}) {
  const keys = given.keys ?? [secrets[vendor]]
  return refuseSignature(
    vendor === 'stripe' ? stripeClaim(headers) : clerkClaim(headers),
    keys.flatMap((key) => (vendor === 'stripe' ? stripeKey(key) : (clerkKey(key) ?? []))),
    new TextEncoder().encode(given.body ?? body),
    now,
  )
}

describe.each(['stripe', 'clerk'] as const)('a webhook signed by the library of %s', (vendor) => {
  it.each([
    [0, null],
    [300, null],
    [301, 'signature-expired'],
    [-300, null],
    [-301, 'signature-expired'],
  ])('%d seconds ago: %s', async (ago, expected) => {
    expect(await refusal(vendor, headersOf(vendor, secrets[vendor], seconds - ago))).toBe(expected)
  })

  it('is taken with any of several secrets', async () => {
    expect(await refusal(vendor, headersOf(vendor), { keys: [others[vendor], secrets[vendor]] })).toBeNull()
    expect(
      await refusal(vendor, headersOf(vendor, others[vendor]), { keys: [secrets[vendor], others[vendor]] }),
    ).toBeNull()
  })

  it('is refused with another secret, with none, and with another body', async () => {
    expect(await refusal(vendor, headersOf(vendor, others[vendor]))).toBe('signature-invalid')
    expect(await refusal(vendor, headersOf(vendor), { keys: [] })).toBe('signature-invalid')
    expect(await refusal(vendor, headersOf(vendor), { body: `${body} ` })).toBe('signature-invalid')
  })

  it('is refused without a signature', async () => {
    expect(await refusal(vendor, new Headers())).toBe('signature-missing')
  })
})

it.each([
  ['the right one second', (v1: string) => `t=${seconds},v1=${'0'.repeat(64)},v1=${v1}`, null],
  ['another scheme beside it', (v1: string) => `t=${seconds},v0=abc,v1=${v1}`, null],
  ['only another scheme', (v1: string) => `t=${seconds},v0=${v1}`, 'signature-invalid'],
  ['two times', (v1: string) => `t=${seconds},t=${seconds},v1=${v1}`, 'signature-invalid'],
  ['no time', (v1: string) => `v1=${v1}`, 'signature-invalid'],
  ['half a signature', (v1: string) => `t=${seconds},v1=${v1.slice(0, 32)}`, 'signature-invalid'],
  ['in capitals', (v1: string) => `t=${seconds},v1=${v1.toUpperCase()}`, 'signature-invalid'],
])('a header of Stripe with %s', async (_, header, expected) => {
  const v1 = headersOf('stripe').get('stripe-signature')?.split('v1=')[1] ?? ''
  expect(await refusal('stripe', new Headers({ 'stripe-signature': header(v1) }))).toBe(expected)
})

it.each(['', 'whsec_', 'whsec_not*base64', 'sk_test_1'])('for Clerk %j is no key', (secret) => {
  expect(clerkKey(secret)).toBeNull()
})
