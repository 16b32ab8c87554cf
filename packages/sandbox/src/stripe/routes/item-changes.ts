import type { ItemChange } from '../billing-engine.ts'
import { type Redeemed, redeem } from '../discounts.ts'
import type { Subscription, SubscriptionItem } from '../objects/subscription.ts'
import type { Call } from '../request/call.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import { badRequest, missingParameter, StripeError } from '../stripe-error.ts'
import { priceIn } from './price-in.ts'

/** How many items a subscription can have. */
export const MOST_ITEMS = 20

/** The changes that the `items` of an update ask for; `undo` takes back the discounts made for them. */
export function itemChanges(
  call: Call,
  subscription: Subscription,
): { items: ItemChange[]; undo: () => void } {
  const undo: (() => void)[] = []
  const items = (call.parameters.objects('items') ?? []).map((asked) => {
    const id = asked.text('id')
    if (id === undefined) return added(call, subscription, asked, undo)
    const item = subscription.items.data.find((one) => one.id === id)
    if (item === undefined) {
      throw new StripeError(400, `No such subscription item: '${id}'`, {
        code: 'resource_missing',
        param: asked.path('id'),
      })
    }
    return asked.flag('deleted') === true
      ? ({ kind: 'remove', item: id } as const)
      : changed(call, item, asked, undo)
  })
  const grown =
    items.filter((one) => one.kind === 'add').length - items.filter((one) => one.kind === 'remove').length
  if (subscription.items.data.length + grown > MOST_ITEMS) {
    throw badRequest(`A subscription can have at most ${MOST_ITEMS} items.`, 'items')
  }
  const undoAll = () => {
    for (const one of undo) one()
  }
  return { items, undo: undoAll }
}

/** The change that adds an item, from the parameters of an item. */
export function added(
  call: Call,
  subscription: Subscription,
  asked: Parameters,
  undo: (() => void)[],
): ItemChange {
  const price = priceIn(call, asked, 'recurring')
  if (price === undefined) throw missingParameter(asked.path('price'))
  if (subscription.items.data.some((item) => item.price.id === price.id)) {
    throw badRequest(
      `Cannot add multiple subscription items with the same plan: ${price.id}`,
      asked.path('price'),
    )
  }
  const quantity = asked.number('quantity')
  const redeemed = discountsIn(call, asked, subscription.customer, undo)
  return {
    kind: 'add',
    price: price.id,
    ...(quantity === undefined ? {} : { quantity }),
    ...(asked.has('metadata') ? { metadata: mergeMetadata({}, asked) } : {}),
    ...(redeemed === null ? {} : { discounts: redeemed.ids }),
  }
}

/** The change of an item, from the parameters of an item. */
export function changed(
  call: Call,
  item: SubscriptionItem,
  asked: Parameters,
  undo: (() => void)[],
): ItemChange {
  const price = priceIn(call, asked, 'recurring')
  const quantity = asked.number('quantity')
  const customer = call.state.subscriptions.get(item.subscription)?.customer ?? null
  const redeemed = discountsIn(call, asked, customer, undo)
  return {
    kind: 'change',
    item: item.id,
    ...(price === undefined ? {} : { price: price.id }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(asked.has('metadata') ? { metadata: mergeMetadata(item.metadata, asked) } : {}),
    ...(redeemed === null ? {} : { discounts: redeemed.ids }),
  }
}

function discountsIn(
  call: Call,
  asked: Parameters,
  customer: string | null,
  undo: (() => void)[],
): Pick<Redeemed, 'ids'> | null {
  if (!asked.has('discounts')) return null
  const redeemed = redeem(call.state, asked.objects('discounts') ?? [], { customer })
  undo.push(redeemed.undo)
  return redeemed
}
