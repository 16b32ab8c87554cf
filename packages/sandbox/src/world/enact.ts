import { makeEmailAddress, makeMembership, makeOrganization, makeUser } from '../clerk/objects/index.ts'
import type { ClerkState } from '../clerk/state.ts'
import { makeCheckoutSession } from '../stripe/objects/checkout-session.ts'
import { makeCustomer } from '../stripe/objects/customer.ts'
import { makePaymentMethod } from '../stripe/objects/payment.ts'
import type { StripeState } from '../stripe/state.ts'
import { soldPrice } from './catalogue.ts'
import type { WirePrices } from './enact-catalogue.ts'
import { enactPayment } from './enact-payment.ts'
import { enactSubscription } from './enact-subscription.ts'
import type { CustomerLife, PurchaseLife, SubjectLife } from './life.ts'
import type { WorldIds } from './world-ids.ts'

/** Where lives become objects. */
export interface Enactment {
  readonly stripe: StripeState
  readonly clerk: ClerkState
  readonly prices: WirePrices
  /** The moment the world is seen at, in seconds. */
  readonly now: number
  /** Ids for what the lives leave unnamed: items, invoices, payments, cards. */
  readonly ids: WorldIds
  /** Whether to leave out what no check looks at: cards, and payments of which nothing went back. */
  readonly isLean: boolean
}

/** Turns a customer's life into Stripe objects. */
export function enactCustomer(enactment: Enactment, life: CustomerLife): void {
  const { stripe } = enactment
  if (life.where === 'other-mode') {
    stripe.idsOfOtherMode.add(life.id)
    return
  }
  if (life.where === 'deleted') {
    stripe.deleted.set(life.id, { id: life.id, object: 'customer', deleted: true })
    return
  }
  const paymentMethod =
    enactment.isLean || life.subscriptions.length === 0 ? null : enactCard(enactment, life)
  const [newest] = life.subscriptions.slice(-1)
  const customer = makeCustomer({
    id: life.id,
    created: life.createdAt,
    name: life.name,
    email: life.email,
    metadata: { ...life.metadata },
    livemode: stripe.livemode,
    currency: newest ? soldPrice(newest.lines[0].price).currency : life.purchases.length > 0 ? 'usd' : null,
    delinquent: life.subscriptions.some(({ status }) => status === 'past_due' || status === 'unpaid'),
  })
  if (paymentMethod !== null) {
    customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: paymentMethod }
  }
  stripe.customers.insert(customer)
  for (const subscription of life.subscriptions)
    enactSubscription(enactment, life, subscription, paymentMethod)
  for (const purchase of life.purchases) enactPurchase(enactment, life, purchase)
}

/** The card of a customer; that of one who cannot be charged goes on being declined. */
function enactCard({ stripe, ids }: Enactment, life: CustomerLife): string | null {
  const statuses = life.subscriptions.map(({ status }) => status)
  if (statuses.includes('paused')) return null
  const id = ids.stripe('pm')
  stripe.paymentMethods.insert(
    makePaymentMethod({ id, created: life.createdAt, customer: life.id, livemode: stripe.livemode }),
  )
  if (statuses.some((status) => status === 'past_due' || status === 'unpaid')) {
    stripe.paymentOutcomes.set(id, 'insufficient_funds')
  }
  return id
}

function enactPurchase(enactment: Enactment, customer: CustomerLife, life: PurchaseLife): void {
  const { stripe, ids, now, prices } = enactment
  const sold = soldPrice(life.price)
  const amount = sold.amount ?? 0
  const intentId = ids.stripe('pi')
  const { currency } = sold
  enactPayment(
    stripe,
    {
      intentId,
      chargeId: ids.stripe('ch'),
      customerId: customer.id,
      amount,
      currency,
      at: life.paidAt,
      paymentMethod: null,
      ...(life.reversal === undefined ? {} : { reversal: life.reversal }),
    },
    now,
    ids,
  )
  stripe.checkoutSessions.insert(
    makeCheckoutSession({
      id: life.id,
      created: life.paidAt - 120,
      customer: customer.id,
      livemode: stripe.livemode,
      mode: 'payment',
      status: 'complete',
      payment_status: 'paid',
      payment_intent: intentId,
      currency,
      amount_subtotal: amount,
      amount_total: amount,
      client_reference_id: customer.metadata.user_id ?? customer.metadata.organization_id ?? null,
    }),
  )
  stripe.checkouts.set(life.id, {
    lines: [
      {
        id: ids.stripe('li'),
        object: 'item',
        adjustable_quantity: null,
        amount_discount: 0,
        amount_subtotal: amount,
        amount_tax: 0,
        amount_total: amount,
        currency,
        description: sold.nickname,
        metadata: {},
        price: prices.get(life.price)?.price ?? null,
        quantity: 1,
      },
    ],
    subscriptionData: {
      metadata: {},
      description: null,
      billingMode: 'flexible',
      missingPaymentMethod: 'create_invoice',
    },
    paymentMetadata: {},
    createsInvoice: false,
  })
}

/** Turns a subject's life into a Clerk user, or an organization with its admin's membership. Clerk counts milliseconds. */
export function enactSubject({ clerk, ids }: Enactment, life: SubjectLife): void {
  const shared = {
    id: life.id,
    created_at: life.createdAt * 1000,
    updated_at: life.updatedAt * 1000,
    public_metadata: life.publicMetadata,
    private_metadata: life.privateMetadata,
  }
  if (life.type === 'organization') {
    clerk.putOrganization(
      makeOrganization({
        ...shared,
        name: life.name,
        slug: life.slug,
        max_allowed_memberships: life.seats,
        ...(life.adminId === null ? {} : { created_by: life.adminId }),
      }),
    )
    if (life.adminId === null) return
    clerk.putMembership(
      makeMembership({
        id: ids.clerk('orgmem'),
        organization_id: life.id,
        user_id: life.adminId,
        role: 'org:admin',
        created_at: shared.created_at,
      }),
    )
    return
  }
  clerk.putUser(
    makeUser({
      ...shared,
      first_name: life.firstName,
      last_name: life.lastName,
      unsafe_metadata: life.unsafeMetadata,
      password_enabled: true,
      email_addresses:
        life.email === null
          ? []
          : [
              makeEmailAddress({
                id: ids.clerk('idn'),
                email_address: life.email,
                created_at: shared.created_at,
              }),
            ],
    }),
  )
}
