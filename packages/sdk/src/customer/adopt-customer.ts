import type { SubjectId } from '@trueup/core'
import { readStripeSubscription, soldBy, subjectKey } from '@trueup/core'
import type Stripe from 'stripe'
import { BillingError } from '../billing-error.ts'
import { isLive, readSubscriptions } from '../checkout/live-subscription.ts'
import type { Frame } from '../frame.ts'
import { answerOf } from '../vendor/vendor.ts'
import { customerIn } from '../webhook/stripe-event.ts'
import { workOn } from '../work/work-on.ts'
import { assignCustomer } from './assign-customer.ts'
import { forgetCustomer } from './missing-customer.ts'
import { readPerson } from './person.ts'
import { stripeCustomerOf } from './stripe-customer-of.ts'
import { subjectInMetadata } from './subject-metadata.ts'

/** What became of a customer that an event or a list named. */
export type Adoption = 'known' | 'adopted' | 'gone' | 'duplicate' | 'not-ours'

/**
 * Finds out whose a customer is, or the object at a path of Stripe: by our record of it, by its metadata, by what a completed checkout of it says. One that
 * names no subject is not ours and is left alone; a second one of a subject is reported.
 */
export async function adoptCustomer(frame: Frame, customer: string): Promise<Adoption> {
  const customerId = customer.startsWith('/') ? await customerAt(frame, customer) : customer
  return customerId ? adopt(frame, customerId) : 'not-ours'
}

/** A thin event names an object; whose it is stands in the object. */
async function customerAt(frame: Frame, path: string): Promise<string | null> {
  if (!/^\/v1\/[\w/]+$/.test(path)) return null
  try {
    const object: unknown = await frame.stripe.call((stripe) => stripe.rawRequest('GET', path))
    return customerIn(object)
  } catch (error) {
    if (answerOf(error).status === 404) return null
    throw error
  }
}

async function adopt(frame: Frame, customerId: string): Promise<Adoption> {
  const known = await frame.store.unit((unit) => unit.subjectOfCustomer(customerId))
  const customer = await findCustomer(frame, customerId)
  if (known) {
    if (customer) {
      await readSoon(frame, known.subject)
      return 'known'
    }
    await forgetCustomer(frame, known.subject, customerId)
    return 'gone'
  }
  if (!customer) return 'gone'
  const subject = await subjectNamed(frame, customer)
  if (!subject || !(await readPerson(frame, subject))) {
    await tellUnmatched(frame, customerId, subject)
    return 'not-ours'
  }
  return keep(frame, subject, customerId)
}

/** Somebody who pays for a plan and for whom nothing can be opened. Customers of other things are none of ours. */
async function tellUnmatched(frame: Frame, customerId: string, subject: SubjectId | null): Promise<void> {
  const now = frame.clock.now()
  const paying = (await readSubscriptions(frame, customerId)).filter(
    (subscription) =>
      isLive(subscription) &&
      readStripeSubscription(subscription, now).items.some(({ price }) => soldBy(price, frame.catalogue)),
  )
  if (paying.length === 0) return
  const ids = paying.map(({ id }) => id).join(', ')
  const found = subject ? `names ${subject.id}, which Clerk does not have` : 'names nobody'
  await frame.problem({
    code: 'customer-unmatched',
    subject,
    customerId,
    message: `${customerId} pays by ${ids} and ${found}. Put organization_id or user_id into its metadata; it is taken over then.`,
  })
}

/** `null`: deleted, or never there. */
async function findCustomer(frame: Frame, id: string): Promise<Stripe.Customer | null> {
  try {
    const customer = await frame.stripe.call((stripe) => stripe.customers.retrieve(id))
    return customer.deleted ? null : customer
  } catch (error) {
    if (answerOf(error).status === 404) return null
    throw error
  }
}

async function subjectNamed(frame: Frame, customer: Stripe.Customer): Promise<SubjectId | null> {
  const named = subjectInMetadata(customer.metadata, frame.subjectType)
  if (named) return named
  const { data } = await frame.stripe.call((stripe) =>
    stripe.checkout.sessions.list({ customer: customer.id, status: 'complete', limit: 100 }),
  )
  const prefix = `${frame.subjectType}:`
  const reference = data.find(({ client_reference_id }) => client_reference_id?.startsWith(prefix))
  const id = reference?.client_reference_id?.slice(prefix.length)
  return id ? { type: frame.subjectType, id } : null
}

async function keep(frame: Frame, subject: SubjectId, customerId: string): Promise<Adoption> {
  try {
    const kept = await frame.store.unit(async (unit) => {
      const record = await unit.lockSubject(subject)
      const has = stripeCustomerOf(record)
      if (has) return has
      await assignCustomer(frame, unit, record, customerId)
      return customerId
    })
    if (kept === customerId) return 'adopted'
    await frame.problem({
      code: 'customer-shared',
      subject,
      customerId,
      message: `${subjectKey(subject)} has the customer ${kept}, and ${customerId} names it as well. What ${customerId} pays for opens nothing. Move its subscription or cancel it.`,
    })
    return 'duplicate'
  } catch (error) {
    if (error instanceof BillingError && error.code === 'customer-taken') return 'known'
    throw error
  }
}

async function readSoon(frame: Frame, subject: SubjectId): Promise<void> {
  await frame.store.unit((unit) => unit.putWork(workOn('read', subject, frame.clock.now())))
}
