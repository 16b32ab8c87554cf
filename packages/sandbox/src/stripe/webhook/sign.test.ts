import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { signatureHeader } from './sign.ts'

test('a header is what the official SDK would write for the same secret, time and body', () => {
  const body = '{"id":"evt_1"}'
  const official = new Stripe('sk_test_x', { telemetry: false }).webhooks.generateTestHeaderString({
    payload: body,
    secret: 'whsec_a',
    timestamp: 1_760_000_000,
  })
  expect(signatureHeader(body, ['whsec_a'], 1_760_000_000)).toBe(official)
})
