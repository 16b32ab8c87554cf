import type { Sandbox } from '@trueup/sandbox'
import Stripe from 'stripe'

/**
 * Lets so many customers of a made-up account who pay for a plan take a higher one, of which their app knows nothing.
 * Of two worlds of one seed these are the same customers.
 *
 * @returns the customers
 */
export async function upgradePlans(
  { stripe: { url, secretKey }, config }: Pick<Sandbox, 'stripe' | 'config'>,
  count: number,
): Promise<readonly string[]> {
  const { hostname: host, port } = new URL(url)
  const stripe = new Stripe(secretKey, { host, port, protocol: 'http', telemetry: false })
  const prices = await stripe.prices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  const rankOf = ({ id, lookup_key: key, product }: Stripe.Price) =>
    config.catalogue.plans.findIndex(
      ({ prices: own = [], products = [] }) =>
        own.includes(id) || own.includes(`lookup:${key}`) || products.includes(String(product)),
    )
  const upgraded: string[] = []
  for await (const { id, customer, items } of stripe.subscriptions.list({ status: 'active', limit: 100 })) {
    if (upgraded.length === count) break
    const [item, second] = items.data
    if (!item || second || rankOf(item.price) < 1) continue
    const higher = prices.find(
      (price) =>
        rankOf(price) > rankOf(item.price) &&
        price.currency === item.price.currency &&
        price.recurring?.interval === item.price.recurring?.interval,
    )
    if (!higher) continue
    await stripe.subscriptions.update(id, { items: [{ id: item.id, price: higher.id }] })
    upgraded.push(String(customer))
  }
  return upgraded
}
