import type { SubjectId } from '@trueup/core'
import { readSubscriptions } from '../checkout/live-subscription.ts'
import { isMissingCustomer } from '../customer/missing-customer.ts'
import { readPerson } from '../customer/person.ts'
import { stripeCustomerOf } from '../customer/stripe-customer-of.ts'
import { writeNotice } from '../dunning/notice-work.ts'
import type { Problem } from '../options.ts'
import type { BillingReading, Following, Seller } from '../seller/seller.ts'
import type { LeasedWork, SubjectRecord } from '../store/store.ts'
import { subjectInEvent } from '../webhook/subject-in-event.ts'
import { subjectOfWork } from '../work/subject-of-work.ts'
import { workOn } from '../work/work-on.ts'
import { bothBillings } from './both-billings.ts'
import type { ClerkFrame } from './clerk-frame.ts'
import { clerkNoticesOf, clerkTrialNoticeAt } from './clerk-notices-of.ts'
import { costs, isRunning } from './is-running.ts'
import { payerInEvent } from './payer-in-event.ts'
import type { PlanItemReading } from './read-plan-items.ts'
import { readPlanItems } from './read-plan-items.ts'
import { tellClerkNotice } from './tell-clerk-notice.ts'

/** Clerk Billing, where users and organizations are the customers and buy in Clerk's own components. */
export function clerkSeller(frameOf: () => ClerkFrame): Seller {
  return {
    hasCustomers: false,
    // A customer of Stripe from before stays known by the app's row, for those who watch for both.
    payerOf: async (subject, unit) => (await unit.appRowCustomer(subject)) ?? subject.id,
    async read(subject, customerId): Promise<BillingReading> {
      const frame = frameOf()
      const reading = await readPlanItems(frame, subject, frame.options.planFeatures ?? false)
      const both = await problemOfBoth(frame, subject, customerId, reading)
      return {
        facts: reading.items,
        readAt: reading.readAt,
        problems: both ? [both] : [],
        follow: (before, now) => following(frame, reading, before, now),
      }
    },
    askedByClerk(type, event) {
      const { subjectType, clock } = frameOf()
      const payer = payerInEvent(type, event, subjectType)
      if (payer) return workOn('read', payer, clock.now())
      const subject = subjectInEvent(type, event, subjectType)
      return subject && workOn('sync', subject, clock.now())
    },
    async act(work) {
      const frame = frameOf()
      switch (work.kind) {
        case 'sync':
          return syncPayer(frame, subjectOfWork(work), work)
        case 'notice':
          return tellClerkNotice(frame, work)
        case 'adopt':
        case 'card':
          // Left by a time when the app sold through Stripe: there are no customers to look after any more.
          await frame.store.unit((unit) => unit.finishWork(work))
          return
        case 'read':
        case 'mirror':
        case 'row':
          throw new Error(`The work ${work.key} is everybody's, and not the seller's.`)
      }
    },
  }
}

function following(
  { catalogue, trialEndingDays }: ClerkFrame,
  { subscriptionId, items }: PlanItemReading,
  { subject, memory: known, deletedAt }: SubjectRecord,
  now: Date,
): Following {
  if (subscriptionId === null) return { memory: [], work: [], readAgainAt: null, trialSeen: false }
  const about = { subject, catalogue, trialEndingDays, now }
  const { notices, memory } = clerkNoticesOf(subscriptionId, items, known, about)
  return {
    memory,
    work: deletedAt ? [] : notices.map((notice) => writeNotice(notice, now)),
    readAgainAt: clerkTrialNoticeAt(items, trialEndingDays, now),
    trialSeen: items.some(({ isFreeTrial }) => isFreeTrial),
  }
}

/** Notes that a subject is there, so that its gates know it, or that Clerk has deleted it, which closes them. */
async function syncPayer(frame: ClerkFrame, subject: SubjectId, work: LeasedWork): Promise<void> {
  const person = await readPerson(frame, subject)
  await frame.store.unit(async (unit) => {
    const known = await unit.subject(subject)
    const now = frame.clock.now()
    const isDeleted = person === null && known !== null && known.deletedAt === null
    if (isDeleted) await unit.saveSubject({ ...(await unit.lockSubject(subject)), deletedAt: now })
    if (isDeleted || (person && !known?.readAt)) await unit.putWork(workOn('read', subject, now))
    await unit.finishWork(work)
  })
}

async function problemOfBoth(
  { stripe }: ClerkFrame,
  subject: SubjectId,
  customerId: string | null,
  { items, readAt }: PlanItemReading,
): Promise<Problem | null> {
  const customer = stripeCustomerOf({ customerId, subject })
  if (!customer || !stripe || !items.some((item) => isRunning(item, readAt) && costs(item))) return null
  try {
    const subscriptions = await readSubscriptions({ stripe }, customer)
    return bothBillings({ subject, sells: 'Clerk Billing', subscriptions, items, now: readAt })
  } catch (error) {
    if (isMissingCustomer(error)) return null
    throw error
  }
}
