import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { clerkSecret, stripeSecret } from './test-app.ts'

/** A webhook as Stripe sends it: the raw body, signed by Stripe's own library. */
export function stripeRequest(
  event: unknown,
  { now, secret = stripeSecret }: { readonly now: Date; readonly secret?: string },
): Request {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const timestamp = Math.floor(now.getTime() / 1000)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  return new Request('https://app.example/api/stripe', {
    method: 'POST',
    body: payload,
    headers: { 'stripe-signature': signature },
  })
}

/** A webhook as Clerk sends it, signed by the library that Svix is described by. */
export function clerkRequest(
  event: unknown,
  { now, id, secret = clerkSecret }: { readonly now: Date; readonly id: string; readonly secret?: string },
): Request {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const time = new Date(Math.floor(now.getTime() / 1000) * 1000)
  return new Request('https://app.example/api/clerk', {
    method: 'POST',
    body,
    headers: {
      'svix-id': id,
      'svix-timestamp': String(time.getTime() / 1000),
      'svix-signature': new Webhook(secret).sign(id, time, body),
    },
  })
}
