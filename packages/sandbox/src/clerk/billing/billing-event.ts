import type { ClerkPayer, ClerkSubscription, ClerkSubscriptionItem, JsonObject } from '../objects/index.ts'

/**
 * A subscription as its webhooks carry it: other names than the API's, a payer whose missing fields are left empty,
 * and no id of Stripe's anywhere.
 */
export function subscriptionEventData(subscription: ClerkSubscription, payer: ClerkPayer): JsonObject {
  const canceled = subscription.subscription_items.find(({ canceled_at }) => canceled_at !== null)
  const ended = subscription.subscription_items.find(({ ended_at }) => ended_at !== null)
  return {
    object: 'commerce_subscription',
    id: subscription.id,
    status: subscription.status,
    active_at: subscription.active_at,
    canceled_at: canceled?.canceled_at ?? null,
    created_at: subscription.created_at,
    ended_at: subscription.status === 'ended' ? (ended?.ended_at ?? null) : null,
    past_due_at: subscription.past_due_at,
    updated_at: subscription.updated_at,
    latest_payment_id: null,
    payer_id: payer.id,
    payer: payerEventData(payer),
    payment_source_id: null,
    items: subscription.subscription_items.map((item) => itemEventData(item, subscription.id)),
  }
}

/** A subscription item as its webhooks carry it. */
export function itemEventData(item: ClerkSubscriptionItem, subscriptionId: string): JsonObject {
  const { plan } = item
  const fee = item.plan_period === 'annual' ? plan.annual_fee : plan.fee
  return {
    object: 'commerce_subscription_item',
    id: item.id,
    status: item.status,
    is_free_trial: item.is_free_trial,
    created_at: item.created_at,
    updated_at: item.updated_at,
    period_start: item.period_start,
    period_end: item.period_end,
    interval: item.plan_period,
    plan_id: plan.id,
    plan: {
      id: plan.id,
      slug: plan.slug,
      name: plan.name,
      is_recurring: plan.is_recurring,
      amount: fee?.amount ?? 0,
      currency: fee?.currency ?? 'USD',
    },
    payer: payerEventData(item.payer),
    subscription_id: subscriptionId,
    ...(item.seats !== null && { seats: item.seats }),
  }
}

/** A payer as webhooks carry it: what is missing is empty. */
export function payerEventData(payer: ClerkPayer): JsonObject {
  return {
    object: 'commerce_payer',
    id: payer.id,
    user_id: payer.user_id ?? '',
    first_name: payer.first_name ?? '',
    last_name: payer.last_name ?? '',
    email: payer.email ?? '',
    organization_id: payer.organization_id ?? '',
    organization_name: payer.organization_name ?? '',
    image_url: payer.image_url,
    created_at: payer.created_at,
    updated_at: payer.updated_at,
  }
}
