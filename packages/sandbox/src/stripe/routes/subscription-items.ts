import { listRows } from '../answer/list.ts'
import type { ItemChange } from '../billing-engine.ts'
import type { Subscription, SubscriptionItem } from '../objects/subscription.ts'
import { itemsUrl } from '../objects/subscription.ts'
import type { Deleted } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH, missing } from '../request/find.ts'
import { badRequest } from '../stripe-error.ts'
import { added, changed, MOST_ITEMS } from './item-changes.ts'

export const subscriptionItemRoutes: readonly Route[] = [
  route('GET /v1/subscription_items', 'subscription_item[]', listItems),
  route('POST /v1/subscription_items', 'subscription_item', createItem),
  route('GET /v1/subscription_items/{id}', 'subscription_item', (call) => foundItem(call).item),
  route('POST /v1/subscription_items/{id}', 'subscription_item', updateItem),
  route('DELETE /v1/subscription_items/{id}', 'subscription_item', deleteItem),
]

function listItems(call: Call) {
  const subscription = namedSubscription(call)
  return listRows(call, subscription.items.data, 'subscription item', itemsUrl(subscription.id))
}

function createItem(call: Call): SubscriptionItem {
  const subscription = namedSubscription(call)
  if (subscription.items.data.length >= MOST_ITEMS) {
    throw badRequest(`A subscription can have at most ${MOST_ITEMS} items.`, 'subscription')
  }
  const before = new Set(subscription.items.data.map((item) => item.id))
  const updated = applied(call, subscription, (undo) => added(call, subscription, call.parameters, undo))
  const item = updated.items.data.find((one) => !before.has(one.id))
  if (item === undefined) throw new Error(`The engine added no item to ${subscription.id}.`)
  return item
}

function updateItem(call: Call): SubscriptionItem {
  const { item, subscription } = foundItem(call)
  const updated = applied(call, subscription, (undo) => changed(call, item, call.parameters, undo))
  return updated.items.data.find((one) => one.id === item.id) ?? item
}

function deleteItem(call: Call): Deleted {
  const { item, subscription } = foundItem(call)
  if (subscription.items.data.length === 1) {
    throw badRequest(
      'A subscription must have at least one active plan. You can cancel the subscription instead.',
    )
  }
  applied(call, subscription, () => ({ kind: 'remove', item: item.id }))
  return { id: item.id, object: 'subscription_item', deleted: true }
}

function applied(
  call: Call,
  subscription: Subscription,
  changeOf: (undo: (() => void)[]) => ItemChange,
): Subscription {
  const { engine, parameters } = call
  const undo: (() => void)[] = []
  const prorationDate = parameters.number('proration_date')
  try {
    return engine.updateSubscription(subscription, {
      items: [changeOf(undo)],
      paymentBehavior: parameters.word('payment_behavior') ?? 'allow_incomplete',
      prorationBehavior: parameters.word('proration_behavior') ?? 'create_prorations',
      addInvoiceItems: [],
      ...(prorationDate === undefined ? {} : { prorationDate }),
    })
  } catch (error) {
    for (const one of undo) one()
    throw error
  }
}

function namedSubscription(call: Call): Subscription {
  const id = call.parameters.needText('subscription')
  return find(call.state, call.state.subscriptions, 'subscription', id, asParameter('subscription'))
}

function foundItem(call: Call) {
  const found = call.state.subscriptionItem(pathId(call))
  if (found === undefined) throw missing(call.state, 'subscription_item', pathId(call), IN_PATH)
  return found
}
