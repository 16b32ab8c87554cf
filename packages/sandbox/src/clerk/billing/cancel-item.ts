import { ClerkRefusal } from '../clerk-error.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound, paramInvalid } from '../http/param-error.ts'
import type { ClerkSubscriptionItem } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { fallToDefault } from './catch-up.ts'
import { changeItem } from './subscribe.ts'

/** @throws ClerkRefusal 404 when no subscription has the item. */
export function findItem(state: ClerkState, id: string): ClerkSubscriptionItem {
  const item = state.billing.items().find((each) => each.id === id)
  if (item === undefined) throw notFound('subscription item', id)
  return item
}

/** Cancels an item at the end of its period, or ends it now. */
export function cancelItem(
  state: ClerkState,
  id: string,
  endNow: boolean,
  http: HttpOrigin = null,
): ClerkSubscriptionItem {
  const item = findItem(state, id)
  if (!['active', 'past_due', 'upcoming'].includes(item.status)) {
    throw new ClerkRefusal(
      422,
      'subscription_item_not_cancelable',
      'cannot be canceled',
      `The subscription item is ${item.status} and cannot be canceled.`,
    )
  }
  const now = state.now()
  const canceled = changeItem(
    state,
    id,
    {
      status: endNow ? 'ended' : 'canceled',
      canceled_at: now,
      ended_at: endNow ? now : null,
      next_payment: null,
    },
    http,
  )
  const subjectId = item.payer.organization_id ?? item.payer.user_id
  if (endNow && subjectId !== null) fallToDefault(state, subjectId, now)
  return canceled
}

/** Moves the end of a free trial later. */
export function extendTrial(
  state: ClerkState,
  id: string,
  extendTo: number,
  http: HttpOrigin = null,
): ClerkSubscriptionItem {
  const item = findItem(state, id)
  if (!item.is_free_trial || item.status !== 'active') {
    throw new ClerkRefusal(
      422,
      'subscription_item_not_in_free_trial',
      'not in a free trial',
      'The subscription item is not in an active free trial.',
    )
  }
  if (extendTo <= (item.period_end ?? 0) || extendTo > state.now() + 365 * 24 * 3600 * 1000) {
    throw paramInvalid('extend_to', 'extend_to must be later than the end of the trial, within a year.')
  }
  const next_payment = item.next_payment === null ? null : { ...item.next_payment, date: extendTo }
  return changeItem(state, id, { period_end: extendTo, next_payment }, http)
}
