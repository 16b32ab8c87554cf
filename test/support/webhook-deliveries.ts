import { createHmac } from 'node:crypto'
import { seededRng } from '@trueup/sandbox'

/** A request as it is sent, and what may be said of it afterwards. */
export interface Delivery {
  readonly provider: 'stripe' | 'clerk'
  readonly eventId: string
  readonly body: string
  /** Signed anew for each attempt, as the providers do. */
  sign(): Readonly<Record<string, string>>
  /** Nobody who knows a secret signed it. */
  readonly isForged: boolean
}

export interface DeliveryPlan {
  readonly seed: number
  /** Deliveries in all. */
  readonly count: number
  readonly customers: number
  readonly stripeSecret: string
  readonly clerkSecret: string
}

/** Of all deliveries, in hundredths. */
const doubles = 30
const forged = 5
const outOfOrder = 20
/** How far back or ahead something out of order may be. */
const window = 200

/**
 * Makes deliveries one by one: three in ten come again, one in five comes at another place than its own, one in twenty
 * is forged. Of the changes some are told by thin events too, some by Clerk.
 */
export function* planDeliveries(plan: DeliveryPlan): Generator<Delivery> {
  const rng = seededRng(`deliveries:${plan.seed}`)
  const held: number[] = []
  const hundred = () => rng.next() * 100
  let made = 0
  for (let sent = 0; sent < plan.count; sent++) {
    const draw = hundred()
    if (draw < forged) {
      yield forgedDelivery(plan, Math.floor(rng.next() * (made + 1)), sent, rng.next())
    } else if (draw < forged + doubles && made > 0) {
      const back = hundred() < 80 ? Math.min(made, window) : made
      yield delivery(plan, made - 1 - Math.floor(rng.next() * back))
    } else if (hundred() < outOfOrder) {
      held.push(made++)
      const late =
        held.length > window / 4 ? held.splice(Math.floor(rng.next() * held.length), 1)[0] : undefined
      yield delivery(plan, late ?? made++)
    } else {
      yield delivery(plan, made++)
    }
  }
  for (const late of held) yield delivery(plan, late)
}

/** The number-th event: always the same, so that it can be sent again. */
function delivery(plan: DeliveryPlan, number: number): Delivery {
  const customer = (number * 7919) % plan.customers
  if (number % 20 === 7) {
    const body = clerkBody(number, customer)
    const sign = () => clerkHeaders(plan, number, body)
    return { provider: 'clerk', eventId: `msg_${number}`, body, sign, isForged: false }
  }
  // The thin twin of the event before.
  const body =
    number % 20 === 13
      ? thinBody(number, ((number - 1) * 7919) % plan.customers)
      : stripeBody(number, customer)
  const sign = () => stripeHeaders(plan.stripeSecret, body)
  return { provider: 'stripe', eventId: `evt_${number}`, body, sign, isForged: false }
}

function forgedDelivery(plan: DeliveryPlan, number: number, sent: number, how: number): Delivery {
  const body = stripeBody(number, number % plan.customers).replace(`evt_${number}`, `evt_forged_${sent}`)
  const sign = () => forgedHeaders(plan, body, how)
  return { provider: 'stripe', eventId: `evt_forged_${sent}`, body, sign, isForged: true }
}

/** Another secret; the right one over another body; too old; another scheme; nothing at all. */
function forgedHeaders(plan: DeliveryPlan, body: string, how: number): Readonly<Record<string, string>> {
  if (how < 0.3) return stripeHeaders(`${plan.stripeSecret}x`, body)
  if (how < 0.6) return stripeHeaders(plan.stripeSecret, body.replace('active', 'trialing'))
  if (how < 0.8) return stripeHeaders(plan.stripeSecret, body, -301)
  if (how < 0.9) {
    const header = stripeHeaders(plan.stripeSecret, body)['stripe-signature'] ?? ''
    return { 'stripe-signature': header.replace('v1=', 'v0=') }
  }
  return {}
}

function stripeBody(number: number, customer: number): string {
  const created = 1_790_000_000 + number
  return JSON.stringify({
    ...{ id: `evt_${number}`, object: 'event', api_version: '2026-10-28.endive', created },
    data: {
      object: {
        ...{
          id: `sub_${customer}`,
          object: 'subscription',
          customer: `cus_${customer}`,
          status: 'active',
          created,
        },
        items: {
          object: 'list',
          data: [{ id: `si_${customer}`, price: { id: 'price_pro', unit_amount: 2900 } }],
        },
        metadata: { note: 'x'.repeat(400) },
      },
    },
    ...{ livemode: false, pending_webhooks: 1, type: 'customer.subscription.updated' },
  })
}

function thinBody(number: number, customer: number): string {
  return JSON.stringify({
    ...{
      id: `evt_${number}`,
      object: 'v2.core.event',
      type: 'v1.customer.subscription.updated',
      livemode: false,
    },
    created: new Date((1_790_000_000 + number - 1) * 1000).toISOString(),
    related_object: { id: `sub_${customer}`, type: 'subscription', url: `/v1/subscriptions/sub_${customer}` },
  })
}

function clerkBody(number: number, customer: number): string {
  return JSON.stringify({
    data: { id: `user_${customer}`, object: 'user' },
    ...{ instance_id: 'ins_1', object: 'event', timestamp: 1_790_000_000_000 + number, type: 'user.updated' },
  })
}

function stripeHeaders(secret: string, body: string, offset = 0): Readonly<Record<string, string>> {
  const seconds = Math.floor(Date.now() / 1000) + offset
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'stripe-signature': `t=${seconds},v1=${signature}` }
}

function clerkHeaders(plan: DeliveryPlan, number: number, body: string): Readonly<Record<string, string>> {
  const seconds = Math.floor(Date.now() / 1000)
  const key = Buffer.from(plan.clerkSecret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`msg_${number}.${seconds}.${body}`).digest('base64')
  return {
    'svix-id': `msg_${number}`,
    'svix-timestamp': String(seconds),
    'svix-signature': `v1,${signature}`,
  }
}
