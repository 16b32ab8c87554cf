import { answerFor } from './access/answer-for.ts'
import { resyncSubject } from './access/resync.ts'
import type { Billing } from './billing.ts'
import { readOffers } from './catalogue/offers.ts'
import { startCheckout } from './checkout/checkout.ts'
import { confirmCheckout } from './checkout/confirm.ts'
import { openPortal } from './checkout/portal.ts'
import { assertDeletable } from './customer/assert-deletable.ts'
import { ensureCustomer } from './customer/ensure-customer.ts'
import { createFrame } from './frame.ts'
import type { AccessChange, BillingOptions } from './options.ts'
import { answerProbe } from './probe/answer-probe.ts'
import { subjectOf } from './subject/subject-of.ts'
import { acknowledged } from './webhook/acknowledged.ts'
import { receiveClerk } from './webhook/receive-clerk.ts'
import { receiveStripe } from './webhook/receive-stripe.ts'
import { backfill } from './work/backfill.ts'
import { catchUp } from './work/catch-up.ts'
import { doWork } from './work/do-work.ts'

/**
 * Wires an app to Stripe and Clerk: customers, checkout, portal, webhooks, and what each subject may use.
 *
 * Nothing is called and nothing is read until one of its functions is.
 *
 * @throws BillingError `options-invalid`
 *
 * @example
 * const billing = createBilling({
 *   stripe: new Stripe(process.env.STRIPE_SECRET_KEY),
 *   clerk: createClerkClient({ secretKey: process.env.CLERK_SECRET_KEY }),
 *   store: postgresStore(pool),
 *   catalogue,
 *   subject: 'organization',
 *   livemode: true,
 *   origins: ['https://app.example'],
 *   webhooks: { stripe: { secrets: [stripeSecret] }, clerk: { secrets: [clerkSecret] } },
 * })
 * const { plan } = await billing.access({ type: 'organization', id: 'org_1' })
 */
export function createBilling<Transaction>(options: BillingOptions<Transaction>): Billing<Transaction> {
  const listeners = new Set<(change: AccessChange) => void>()
  const frame = createFrame(withOneTransaction(options), (change) => {
    for (const listener of listeners) listener(change)
  })
  return {
    catalogue: options.catalogue,
    access: async (subject) => answerFor(await frame.store.subject(subject), subject, frame),
    subjectOf: (actor) => subjectOf(actor, options.subject),
    offers: () => readOffers(frame),
    customer: (subject) => ensureCustomer(frame, subject),
    checkout: (request) => startCheckout(frame, request),
    confirm: (request) => confirmCheckout(frame, request),
    portal: (request) => openPortal(frame, request),
    assertDeletable: (subject) => assertDeletable(frame, subject),
    webhooks: {
      stripe: (request) => acknowledged(() => receiveStripe(frame, request, false)),
      clerk: (request) => acknowledged(() => receiveClerk(frame, request, false)),
    },
    resync: (subject) => resyncSubject(frame, subject),
    backfill: () => backfill(frame),
    async work(asked) {
      const first = await doWork(frame, asked)
      const caughtUp = await catchUp(frame)
      const second = await doWork(frame, asked)
      return {
        done: first.done + second.done,
        failed: first.failed + second.failed,
        setAside: first.setAside + second.setAside,
        caughtUp,
      }
    },
    waiting: (limit = 100) => frame.store.unit((unit) => unit.waitingWork({ limit })),
    probe: (request) => answerProbe(frame, request),
    within(transaction) {
      const store = frame.store.within(transaction)
      const inside = { ...frame, store }
      return {
        access: async (subject) => answerFor(await store.subject(subject), subject, frame),
        webhooks: {
          stripe: (request) => receiveStripe(inside, request, true),
          clerk: (request) => receiveClerk(inside, request, true),
        },
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Hooks take the transactions of the store that stands beside them, which the parts between the two need not know. The
 * cast relies on nothing else handing a transaction to a hook.
 */
function withOneTransaction<Transaction>(options: BillingOptions<Transaction>): BillingOptions {
  return options as unknown as BillingOptions
}
