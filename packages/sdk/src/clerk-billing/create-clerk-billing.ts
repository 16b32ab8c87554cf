import { answerFor } from '../access/answer-for.ts'
import { resyncSubject } from '../access/resync.ts'
import type { AccessChange } from '../options.ts'
import { answerProbe } from '../probe/answer-probe.ts'
import { subjectOf } from '../subject/subject-of.ts'
import { acknowledged } from '../webhook/acknowledged.ts'
import { receiveClerk } from '../webhook/receive-clerk.ts'
import { doWork } from '../work/do-work.ts'
import { sweep } from '../work/sweep.ts'
import { clerkBackfill } from './clerk-backfill.ts'
import type { ClerkBilling } from './clerk-billing.ts'
import { createClerkFrame } from './clerk-frame.ts'
import { createClerkOffers } from './clerk-offers.ts'
import { notInClerkBilling } from './not-in-clerk-billing.ts'
import type { ClerkBillingOptions } from './options.ts'

/**
 * Wires an app to Clerk Billing: webhooks, what each subject may use, hooks. People buy and cancel in Clerk's own
 * components; what they bought is read from Clerk and kept in the app's store, where gates look.
 *
 * Nothing is called and nothing is read until one of its functions is.
 *
 * @throws BillingError `options-invalid`
 *
 * @example
 * const billing = createClerkBilling({
 *   clerk: createClerkClient({ secretKey: process.env.CLERK_SECRET_KEY }),
 *   store: postgresStore(pool),
 *   catalogue: { plans: [{ id: 'free_org' }, { id: 'pro', features: ['reports'] }] },
 *   subject: 'organization',
 *   webhooks: { clerk: { secrets: [process.env.CLERK_WEBHOOK_SIGNING_SECRET] } },
 * })
 * const { plan } = await billing.access({ type: 'organization', id: 'org_1' })
 */
export function createClerkBilling<Transaction>(
  options: ClerkBillingOptions<Transaction>,
): ClerkBilling<Transaction> {
  const listeners = new Set<(change: AccessChange) => void>()
  const frame = createClerkFrame(withOneTransaction(options), (change) => {
    for (const listener of listeners) listener(change)
  })
  const billing: ClerkBilling<Transaction> = {
    catalogue: options.catalogue,
    access: async (subject) => answerFor(await frame.store.subject(subject), subject, frame),
    subjectOf: (actor) => subjectOf(actor, options.subject),
    offers: createClerkOffers(frame),
    webhooks: { clerk: (request) => acknowledged(() => receiveClerk(frame, request, false)) },
    resync: (subject) => resyncSubject(frame, subject),
    backfill: () => clerkBackfill(frame),
    async work(asked) {
      await sweep(frame)
      return doWork(frame, asked)
    },
    waiting: (limit = 100) => frame.store.unit((unit) => unit.waitingWork({ limit })),
    probe: (request) => answerProbe(frame, request),
    within(transaction) {
      const store = frame.store.within(transaction)
      return {
        access: async (subject) => answerFor(await store.subject(subject), subject, frame),
        webhooks: { clerk: (request) => receiveClerk({ ...frame, store }, request, true) },
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return Object.assign(billing, notInClerkBilling)
}

/**
 * Hooks take the transactions of the store that stands beside them, which the parts between the two need not know. The
 * cast relies on nothing else handing a transaction to a hook.
 */
function withOneTransaction<Transaction>(options: ClerkBillingOptions<Transaction>): ClerkBillingOptions {
  return options as unknown as ClerkBillingOptions
}
