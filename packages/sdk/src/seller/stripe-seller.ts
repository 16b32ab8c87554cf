import type { SubjectId } from '@trueup/core'
import type { StripeReading } from '../access/read-billing.ts'
import { readBilling } from '../access/read-billing.ts'
import { paidByItsOwnCard, shareCard } from '../checkout/customers-card.ts'
import { isLive } from '../checkout/live-subscription.ts'
import { bothBillings } from '../clerk-billing/both-billings.ts'
import { readPlanItems } from '../clerk-billing/read-plan-items.ts'
import { adoptCustomer } from '../customer/adopt-customer.ts'
import { forgetCustomer, isMissingCustomer } from '../customer/missing-customer.ts'
import { stripeCustomerOf } from '../customer/stripe-customer-of.ts'
import { syncSubject } from '../customer/sync-subject.ts'
import { readNotice, writeNotice } from '../dunning/notice-work.ts'
import { noticesOf, trialNoticeAt } from '../dunning/notices-of.ts'
import { tellNotice } from '../dunning/tell-notice.ts'
import type { Frame } from '../frame.ts'
import type { Problem } from '../options.ts'
import type { SubjectRecord } from '../store/store.ts'
import { subjectInEvent } from '../webhook/subject-in-event.ts'
import { subjectOfWork } from '../work/subject-of-work.ts'
import { workOn } from '../work/work-on.ts'
import type { BillingReading, Following, Seller } from './seller.ts'

/** Stripe, where subjects are customers and buy by its checkout. */
export function stripeSeller(frameOf: () => Frame): Seller {
  return {
    hasCustomers: true,
    payerOf: (subject, unit) => unit.appRowCustomer(subject),
    async read(subject, customerId): Promise<BillingReading> {
      const frame = frameOf()
      const none: StripeReading = { facts: [], subscriptions: [], readAt: frame.clock.now() }
      const known = stripeCustomerOf({ customerId, subject })
      const reading = known ? await readOrNull(frame, known) : none
      // What is read of nobody is not written to whoever had the customer, since the record changes.
      if (reading === null) await forgetCustomer(frame, subject, known ?? '')
      const { facts, subscriptions, readAt } = reading ?? none
      const both = await problemOfBoth(frame, subject, subscriptions)
      return {
        facts,
        readAt,
        problems: both ? [both] : [],
        follow: (before, now) => following(frame, subscriptions, before, now),
      }
    },
    askedByClerk(type, event) {
      const subject = subjectInEvent(type, event, frameOf().subjectType)
      return subject && workOn('sync', subject, frameOf().clock.now())
    },
    async act(work) {
      const frame = frameOf()
      switch (work.kind) {
        case 'adopt':
          await adoptCustomer(frame, work.detail ?? '')
          await frame.store.unit((unit) => unit.finishWork(work))
          return
        case 'sync':
          return syncSubject(frame, subjectOfWork(work), work)
        case 'card':
          return shareCard(frame, subjectOfWork(work), work)
        case 'notice':
          return tellNotice(frame, readNotice(work.detail), work)
        case 'read':
        case 'mirror':
        case 'row':
          throw new Error(`The work ${work.key} is everybody's, and not the seller's.`)
      }
    },
  }
}

async function problemOfBoth(
  frame: Frame,
  subject: SubjectId,
  subscriptions: StripeReading['subscriptions'],
): Promise<Problem | null> {
  if (!frame.options.watchClerkBilling || !subscriptions.some(isLive)) return null
  const { items, readAt } = await readPlanItems(frame, subject, false)
  return bothBillings({ subject, sells: 'Stripe', subscriptions, items, now: readAt })
}

/** `null`: Stripe does not have the customer any more. */
async function readOrNull(frame: Frame, customerId: string): Promise<StripeReading | null> {
  try {
    return await readBilling(frame, customerId)
  } catch (error) {
    if (!isMissingCustomer(error)) throw error
    return null
  }
}

function following(
  frame: Frame,
  subscriptions: StripeReading['subscriptions'],
  { subject, memory: known, deletedAt }: SubjectRecord,
  now: Date,
): Following {
  const { trialEndingDays } = frame
  const { notices, memory } = noticesOf(subscriptions, known, { subject, trialEndingDays, now })
  const card = !deletedAt && paidByItsOwnCard(subscriptions, subject)
  // Begun when nobody was there any more: a checkout that was under way, or somebody in the Dashboard.
  const isLate = deletedAt && subscriptions.some((each) => isLive(each) && !wasLive(each.id, known))
  return {
    memory,
    work: [
      ...notices.map((notice) => writeNotice(notice, now)),
      ...(card ? [workOn('card', subject, now)] : []),
      ...(isLate ? [workOn('sync', subject, now)] : []),
    ],
    readAgainAt: trialNoticeAt(subscriptions, trialEndingDays, now),
    trialSeen: subscriptions.some(({ trial_end }) => trial_end !== null),
  }
}

function wasLive(id: string, known: SubjectRecord['memory']): boolean {
  return known.some((each) => each.id === id && each.live)
}
