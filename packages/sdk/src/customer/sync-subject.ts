import type { SubjectId } from '@trueup/core'
import { expireCheckout, openCheckouts } from '../checkout/expire-checkout.ts'
import { isLive, readSubscriptions } from '../checkout/live-subscription.ts'
import type { Frame } from '../frame.ts'
import type { LeasedWork, SubjectRecord } from '../store/store.ts'
import { answerOf } from '../vendor/vendor.ts'
import { workOn } from '../work/work-on.ts'
import { ensureCustomer } from './ensure-customer.ts'
import type { Person } from './person.ts'
import { readPerson } from './person.ts'
import { stripeCustomerOf } from './stripe-customer-of.ts'

/** Brings a subject in step with Clerk: its customer is made, renamed, or found to belong to nobody any more. */
export async function syncSubject(frame: Frame, subject: SubjectId, work: LeasedWork): Promise<void> {
  const person = await readPerson(frame, subject)
  if (person) {
    if (frame.options.customers !== 'on-demand') await ensureCustomer(frame, subject)
    await renameCustomer(frame, subject, person)
  } else {
    await closeSubject(frame, subject)
  }
  await frame.store.unit((unit) => unit.finishWork(work))
}

/** The email is told once: afterwards it is the buyer's, who changes it at the checkout or in the portal. */
async function renameCustomer(frame: Frame, subject: SubjectId, { name }: Person): Promise<void> {
  const record = await frame.store.subject(subject)
  const customerId = stripeCustomerOf(record)
  if (!customerId || name === null || record?.toldName === name) return
  await frame.stripe.call((stripe) => stripe.customers.update(customerId, { name }))
  await frame.store.unit(async (unit) => {
    const locked = await unit.lockSubject(subject)
    if (locked.customerId === customerId) await unit.saveSubject({ ...locked, toldName: name })
  })
}

/** A deleted subject keeps its customer, gets no access, can buy nothing, and is reported or canceled where it still pays. */
async function closeSubject(frame: Frame, subject: SubjectId): Promise<void> {
  const record = await frame.store.unit(async (unit): Promise<SubjectRecord> => {
    const known = await unit.subject(subject)
    const locked = await unit.lockSubject(subject)
    if (locked.deletedAt) return locked
    const closed = { ...locked, deletedAt: frame.clock.now() }
    // Also of whoever was never seen: asked for later, nobody is to wait for a row of theirs.
    await unit.saveSubject(closed)
    if (known) await unit.putWork(workOn('read', subject, frame.clock.now()))
    return closed
  })
  const customerId = stripeCustomerOf(record)
  if (!customerId) return
  // First, so that what is bought until here is seen below; what is bought all the same is seen when billing is read.
  for (const { id } of await openCheckouts(frame, customerId)) await expireCheckout(frame, id)
  const live = (await readSubscriptions(frame, customerId)).filter(isLive)
  if (live.length === 0) return
  if (frame.options.whenDeleted === 'cancel') {
    for (const { id } of live) await cancel(frame, id)
    return
  }
  const ids = live.map(({ id }) => id).join(', ')
  await frame.problem({
    code: 'deleted-and-billed',
    subject,
    customerId,
    message: `${subject.id} was deleted and is still billed by ${ids}. Cancel it, or tell the customer.`,
  })
}

async function cancel(frame: Frame, id: string): Promise<void> {
  try {
    await frame.stripe.call((stripe) => stripe.subscriptions.cancel(id))
  } catch (error) {
    // Canceled already, by a try whose answer was lost.
    if (answerOf(error).code !== 'resource_missing') throw error
  }
}
