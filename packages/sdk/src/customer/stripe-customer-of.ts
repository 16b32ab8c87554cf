import type { SubjectRecord } from '../store/store.ts'

/**
 * The customer that a subject has in Stripe; `null`: none. Where the app sold through Clerk Billing before, on the same
 * store, the subject's own id stands in its place.
 */
export function stripeCustomerOf(
  record: Pick<SubjectRecord, 'customerId' | 'subject'> | null,
): string | null {
  return record?.customerId === record?.subject.id ? null : (record?.customerId ?? null)
}
