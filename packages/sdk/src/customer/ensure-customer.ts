import type { SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type Stripe from 'stripe'
import { BillingError } from '../billing-error.ts'
import type { Frame } from '../frame.ts'
import type { CustomerRequest, SubjectRecord } from '../store/store.ts'
import { answerOf } from '../vendor/vendor.ts'
import { assignCustomer } from './assign-customer.ts'
import type { Person } from './person.ts'
import { readPerson } from './person.ts'
import { stripeCustomerOf } from './stripe-customer-of.ts'
import { subjectInMetadata, subjectMetadata } from './subject-metadata.ts'

/** Stripe keeps the answer of an idempotency key for at least 24 hours; nearer to that a customer is looked for first. */
const keySureMs = 20 * 3_600_000
/** How far Stripe's clock may be behind ours. */
const clockSkewSeconds = 600
const rounds = 3

/**
 * The subject's customer, made where there is none: one, whatever the number and order of calls, processes and crashes.
 *
 * The request and its idempotency key are stored before they are first sent, so that every process sends the same, and
 * whoever comes after a crash is given the customer that was made. The store has room for one customer a subject.
 *
 * @throws BillingError `subject-not-found`, `subject-deleted`, `customer-taken`, or what the vendor said
 */
export async function ensureCustomer(frame: Frame, subject: SubjectId): Promise<string> {
  const known = await frame.store.subject(subject)
  if (known?.deletedAt) throw deleted(subject)
  const had = stripeCustomerOf(known)
  if (had) return had
  const person = await readPerson(frame, subject)
  if (!person) throw notFound(subject)
  for (let round = 1; ; round += 1) {
    const record = await claimRequest(frame, subject, person)
    const has = stripeCustomerOf(record)
    if (has) return has
    if (!record.customerRequest) throw new Error('A claim ends with a customer or with a request for one.')
    const made = await makeCustomer(frame, subject, record.customerRequest, round < rounds)
    if (made) return keepCustomer(frame, subject, made)
  }
}

/** Stores what is to be asked of Stripe, unless it is stored or answered already. */
async function claimRequest(frame: Frame, subject: SubjectId, person: Person): Promise<SubjectRecord> {
  return frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    if (record.deletedAt) throw deleted(subject)
    if (stripeCustomerOf(record) || record.customerRequest) return record
    const inAppRow = await unit.appRowCustomer(subject)
    if (inAppRow) return assignCustomer(frame, unit, record, inAppRow)
    const attempt = record.customerAttempt + 1
    const claimed: SubjectRecord = {
      ...record,
      customerAttempt: attempt,
      customerRequest: {
        key: `trueup-customer-${subjectKey(subject)}-${attempt}`,
        ...person,
        firstTriedAt: frame.clock.now(),
      },
    }
    await unit.saveSubject(claimed)
    return claimed
  })
}

/** `null`: the key is spent on a failure, and the next claim has a new one. */
async function makeCustomer(
  frame: Frame,
  subject: SubjectId,
  request: CustomerRequest,
  mayClaimAgain: boolean,
): Promise<Stripe.Customer | null> {
  const age = frame.clock.now().getTime() - request.firstTriedAt.getTime()
  const before = age > keySureMs ? await findMade(frame, subject, request) : null
  if (before) return before
  const { name, email } = request
  const parameters = {
    metadata: subjectMetadata(subject),
    ...(name === null ? {} : { name }),
    ...(email === null ? {} : { email }),
  }
  try {
    return await frame.stripe.call((stripe) =>
      stripe.customers.create(parameters, { idempotencyKey: request.key }),
    )
  } catch (error) {
    const { status } = answerOf(error)
    // Without an answer nothing is known, and the same key settles it. A failure is an answer that Stripe repeats for
    // a day, though the customer may have been made all the same.
    const isSpent = status !== null && (status >= 500 || status === 400)
    if (!isSpent) throw error
    const made = await findMade(frame, subject, request)
    if (made) return made
    await spend(frame, subject, request)
    if (status === 400 || !mayClaimAgain) throw error
    return null
  }
}

async function spend(frame: Frame, subject: SubjectId, request: CustomerRequest): Promise<void> {
  await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    if (record.customerRequest?.key !== request.key) return
    await unit.saveSubject({ ...record, customerRequest: null })
  })
}

/** Looks through the customers made since the request was first sent; lists are exact at once, search is not. */
async function findMade(
  frame: Frame,
  subject: SubjectId,
  request: CustomerRequest,
): Promise<Stripe.Customer | null> {
  const since = Math.floor(request.firstTriedAt.getTime() / 1000) - clockSkewSeconds
  let last: string | null = null
  let oldest: Stripe.Customer | null = null
  for (;;) {
    const after: string | null = last
    const page: Stripe.ApiList<Stripe.Customer> = await frame.stripe.call((stripe) =>
      stripe.customers.list({
        created: { gte: since },
        limit: 100,
        ...(after === null ? {} : { starting_after: after }),
      }),
    )
    // Newest first: of several the one made first is everybody's.
    oldest =
      page.data.findLast(({ metadata }) => subjectInMetadata(metadata, subject.type)?.id === subject.id) ??
      oldest
    last = page.data.at(-1)?.id ?? null
    if (!page.has_more || last === null) return oldest
  }
}

async function keepCustomer(frame: Frame, subject: SubjectId, made: Stripe.Customer): Promise<string> {
  return frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    const has = stripeCustomerOf(record)
    if (has) return has
    const told = { ...record, toldName: made.name ?? null, toldEmail: made.email }
    await assignCustomer(frame, unit, told, made.id)
    return made.id
  })
}

function notFound(subject: SubjectId): BillingError {
  return new BillingError({
    code: 'subject-not-found',
    message: `Clerk has no ${subject.type} ${subject.id}.`,
    fix: 'Name one that exists, in the Clerk instance whose key the SDK was given.',
  })
}

function deleted(subject: SubjectId): BillingError {
  return new BillingError({
    code: 'subject-deleted',
    message: `The ${subject.type} ${subject.id} was deleted.`,
    fix: 'Nothing can be sold to it; its customer in Stripe is kept.',
  })
}
