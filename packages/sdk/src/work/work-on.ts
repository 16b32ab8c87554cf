import type { SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type { WorkDraft, WorkKind } from '../store/store.ts'

/** Work on a subject: one of each kind, however often it is asked for. */
export function workOn(
  kind: Exclude<WorkKind, 'adopt' | 'notice'>,
  subject: SubjectId,
  dueAt: Date,
): WorkDraft {
  return { key: `${kind}:${subjectKey(subject)}`, kind, subject, detail: null, dueAt }
}

/**
 * Finding out whose a customer is that no subject is known to have.
 *
 * @param customer Its id, or the path at Stripe of an object that belongs to it.
 */
export function adoption(customer: string, dueAt: Date): WorkDraft {
  return { key: `adopt:${customer}`, kind: 'adopt', subject: null, detail: customer, dueAt }
}
