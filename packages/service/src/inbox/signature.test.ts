import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import type { Provider } from './event.ts'
import { refuseSignature, signingKey } from './signature.ts'

const now = new Date('2026-11-21T10:00:00.700Z')
const seconds = Math.floor(now.getTime() / 1000)
const body = '{"id":"evt_1","object":"event","name":"Zoë"}'
const stripeSecret = `whsec_${'4Nvq1xkzPpZ0o7yQm2sT8dWbE5hJc9Lr'}`
const otherStripeSecret = `whsec_${'z'.repeat(32)}`
const clerkSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const otherClerkSecret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`

/** Signed by the libraries of those who send. */
const stripeHeaders = (secret = stripeSecret, timestamp = seconds, payload = body) =>
  new Headers({
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  })
const clerkHeaders = (secret = clerkSecret, timestamp = seconds, payload = body, id = 'msg_1') =>
  new Headers({
    'svix-id': id,
    'svix-timestamp': String(timestamp),
    'svix-signature': new Webhook(secret).sign(id, new Date(timestamp * 1000), payload),
  })
const headersOf = { stripe: stripeHeaders, clerk: clerkHeaders }
const secretOf = { stripe: stripeSecret, clerk: clerkSecret }
const otherSecretOf = { stripe: otherStripeSecret, clerk: otherClerkSecret }

const refusal = (
  provider: Provider,
  headers: Headers,
  { secrets = [secretOf[provider]], payload = body } = {},
) =>
  refuseSignature(
    provider,
    secrets.map((secret) => signingKey(provider, new Secret(secret))),
    headers,
    Buffer.from(payload),
    now,
  )

describe.each(['stripe', 'clerk'] as const)('a request signed by the library of %s', (provider) => {
  it('is taken', () => {
    expect(refusal(provider, headersOf[provider]())).toBeNull()
  })

  it.each([
    [299, null],
    [300, null],
    [301, 'signature-expired'],
    [-299, null],
    [-300, null],
    [-301, 'signature-expired'],
    [86_400, 'signature-expired'],
    [-86_400, 'signature-expired'],
  ])('%d seconds ago: %s', (ago, expected) => {
    expect(refusal(provider, headersOf[provider](undefined, seconds - ago))).toBe(expected)
  })

  it('with any of the secrets that are live is taken', () => {
    const secrets = [otherSecretOf[provider], secretOf[provider]]
    for (const secret of secrets)
      expect(refusal(provider, headersOf[provider](secret), { secrets })).toBeNull()
  })

  it('with another secret is refused, also where there is none at all', () => {
    const headers = headersOf[provider](otherSecretOf[provider])
    expect(refusal(provider, headers)).toBe('signature-invalid')
    expect(refusal(provider, headers, { secrets: [] })).toBe('signature-invalid')
  })

  it('with the headers of the other provider is refused', () => {
    const other = provider === 'stripe' ? 'clerk' : 'stripe'
    expect(refusal(provider, headersOf[other]())).toBe('signature-missing')
  })
})

describe('a header with several signatures', () => {
  const signature = (secret: string) => stripeHeaders(secret).get('stripe-signature')?.split(',')[1]
  const clerkSignature = (secret: string) => clerkHeaders(secret).get('svix-signature') ?? ''

  it.each([
    ['the right one second', `t=${seconds},${signature(otherStripeSecret)},${signature(stripeSecret)}`, null],
    ['the right one first', `t=${seconds},${signature(stripeSecret)},${signature(otherStripeSecret)}`, null],
    ['another scheme beside it', `t=${seconds},v0=abc,${signature(stripeSecret)}`, null],
    ['the time at the end', `${signature(stripeSecret)},t=${seconds}`, null],
    [
      'only another scheme',
      `t=${seconds},${signature(stripeSecret)?.replace('v1', 'v0')}`,
      'signature-invalid',
    ],
    ['two times', `t=${seconds},t=${seconds},${signature(stripeSecret)}`, 'signature-invalid'],
    ['no time', `${signature(stripeSecret)}`, 'signature-invalid'],
    ['an empty signature', `t=${seconds},v1=`, 'signature-invalid'],
    ['more after it', `t=${seconds},${signature(stripeSecret)}=`, 'signature-invalid'],
    ['half a signature', `t=${seconds},${signature(stripeSecret)?.slice(0, 35)}`, 'signature-invalid'],
    [
      'in capitals',
      `t=${seconds},${signature(stripeSecret)?.toUpperCase().replace('V1', 'v1')}`,
      'signature-invalid',
    ],
    ['too many', `t=${seconds},${'v1=a,'.repeat(40)}${signature(stripeSecret)}`, 'signature-invalid'],
  ])('of Stripe: %s', (_, header, expected) => {
    expect(refusal('stripe', new Headers({ 'stripe-signature': header }))).toBe(expected)
  })

  it.each([
    ['the right one second', `${clerkSignature(otherClerkSecret)} ${clerkSignature(clerkSecret)}`, null],
    ['another scheme beside it', `v1a,abc ${clerkSignature(clerkSecret)}`, null],
    ['only another scheme', clerkSignature(clerkSecret).replace('v1,', 'v1a,'), 'signature-invalid'],
    ['an empty signature', 'v1,', 'signature-invalid'],
  ])('of Clerk: %s', (_, header, expected) => {
    const headers = clerkHeaders()
    headers.set('svix-signature', header)
    expect(refusal('clerk', headers)).toBe(expected)
  })
})

it('no request that differs in one byte from a signed one is taken', () => {
  const signed = { stripe: stripeHeaders(), clerk: clerkHeaders() }
  const isAscii = (code: number) => code > 0x20 && code < 0x7f
  const mutation = fc.record({
    provider: fc.constantFrom<Provider>('stripe', 'clerk'),
    part: fc.nat(),
    at: fc.nat(),
    kind: fc.constantFrom('change', 'insert', 'remove'),
    code: fc.integer({ min: 0x21, max: 0x7e }),
  })
  const taken: string[] = []
  fc.assert(
    fc.property(mutation, ({ provider, part, at, kind, code }) => {
      const parts = [...signed[provider]].map(([name, value]) => ({ name, value }))
      const texts = [...parts.map(({ value }) => value), body]
      const index = part % texts.length
      const before = texts[index] ?? ''
      const place = at % before.length
      const after =
        before.slice(0, place) +
        (kind === 'remove' ? '' : String.fromCharCode(code)) +
        before.slice(kind === 'insert' ? place : place + 1)
      fc.pre(after !== before && isAscii(code))
      texts[index] = after
      const headers = new Headers(parts.map(({ name }, n): [string, string] => [name, texts[n] ?? '']))
      if (isSameClaim(provider, headers, signed[provider]) && index < parts.length) return
      if (refusal(provider, headers, { payload: texts.at(-1) ?? '' }) === null)
        taken.push(JSON.stringify(texts))
    }),
    { numRuns: Number(process.env.SIGNATURE_RUNS ?? 20_000) },
  )
  expect(taken).toEqual([])
})

/** Whether a header says the same though it is written otherwise: a scheme more that nobody reads, say. */
function isSameClaim(provider: Provider, headers: Headers, signed: Headers): boolean {
  if (provider === 'clerk') return false
  const said = (of: Headers) =>
    (of.get('stripe-signature') ?? '')
      .split(',')
      .filter((item) => item.startsWith('t=') || item.startsWith('v1='))
      .join(',')
  return said(headers) === said(signed)
}

it.each<[Provider, string]>([
  ['stripe', 'rk_test_1234567890abcdef'],
  ['stripe', 'whsec_short'],
  ['stripe', 'whsec_with a space in the middle'],
  ['clerk', 'whsec_not*base64*not*base64'],
  ['clerk', 'sk_test_1234567890abcdef'],
])('for %s, %s is no signing secret, and does not stand in the error', (provider, text) => {
  let message = ''
  try {
    signingKey(provider, new Secret(text))
  } catch (error) {
    message = String(error)
  }
  expect(message).toContain('is not a signing secret')
  expect(message).not.toContain(text)
})
