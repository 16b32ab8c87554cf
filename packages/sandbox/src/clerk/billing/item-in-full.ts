import {
  type ClerkMoney,
  type ClerkPayer,
  type ClerkPlan,
  type ClerkSubscriptionItem,
  type JsonObject,
  makeMoney,
} from '../objects/index.ts'

/** An item in the older, fuller shape that some writes answer with. */
export function itemInFull(item: ClerkSubscriptionItem): JsonObject {
  const { seats, plan, payer, ...rest } = item
  return {
    ...rest,
    status: item.status === 'canceled' || item.status === 'expired' ? 'ended' : item.status,
    plan: planInFull(plan),
    payer: payerInFull(payer),
    payment_source_id: '',
    proration_date: '',
    ...(seats !== null && { seats }),
  }
}

function payerInFull(payer: ClerkPayer): JsonObject {
  return Object.fromEntries(Object.entries(payer).map(([key, value]) => [key, value ?? '']))
}

function planInFull(plan: ClerkPlan): JsonObject {
  const fee = plan.fee ?? makeMoney(0)
  const annual = plan.annual_fee ?? makeMoney(0)
  const monthly = plan.annual_monthly_fee ?? makeMoney(0)
  return {
    ...plan,
    ...amounts('amount', fee),
    ...amounts('annual_amount', annual),
    ...amounts('annual_monthly_amount', monthly),
    currency: fee.currency,
    currency_symbol: fee.currency_symbol,
    description: plan.description ?? '',
    avatar_url: plan.avatar_url ?? '',
    payer_type: [plan.for_payer_type],
    features: plan.features.map((feature) => ({
      ...feature,
      description: feature.description ?? '',
      avatar_url: feature.avatar_url ?? '',
    })),
  }
}

function amounts(name: string, money: ClerkMoney): JsonObject {
  return { [name]: money.amount, [`${name}_formatted`]: money.amount_formatted }
}
