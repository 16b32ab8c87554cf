import type { BillingSource, Catalogue, ConnectionFinding, Price } from '@trueup/core'
import { soldBy, soldForLife } from '@trueup/core'

const mostNamed = 5

/** Whether the catalogue says what each price buys that is still on sale, and names only prices that there are. */
export async function readCatalogueFindings(
  billing: BillingSource,
  catalogue: Catalogue,
): Promise<readonly ConnectionFinding[]> {
  const prices: Price[] = []
  for await (const page of billing.read('prices', [])) prices.push(...page.rows)
  const active = prices.filter((price) => price.active)
  const unmapped = active.filter((price) => !soldBy(price, catalogue) && !soldForLife(price, catalogue))
  return [unmappedFinding(active.length, unmapped), ...unknownFindings(billing, prices, catalogue)]
}

function unmappedFinding(active: number, unmapped: readonly Price[]): ConnectionFinding {
  if (unmapped.length === 0) {
    return {
      name: 'prices',
      state: 'ok',
      found: `all ${active} active prices are in the catalogue`,
      fix: null,
    }
  }
  const names = unmapped.map(({ id, productName }) => (productName ? `${id} (${productName})` : id))
  return {
    name: 'prices',
    state: 'warning',
    found: `${unmapped.length} of ${active} active prices are not in the catalogue: ${fewOf(names)}`,
    fix: 'Add each to the plan, add-on or seat pack that it buys: nothing can be said of those who pay it.',
  }
}

/** What the catalogue names and billing does not have, most likely a slip or a price of the other mode. */
function unknownFindings(
  { name }: BillingSource,
  prices: readonly Price[],
  catalogue: Catalogue,
): readonly ConnectionFinding[] {
  const isClerk = name === 'clerk-billing'
  const known = new Set(
    prices.flatMap(({ id, lookupKey, productId }) => [
      id,
      productId,
      ...(lookupKey === null ? [] : [`lookup:${lookupKey}`]),
    ]),
  )
  const named = [...catalogue.plans, ...catalogue.addOns, ...catalogue.seatPacks].flatMap((entry) => [
    ...entry.prices,
    ...entry.products,
    ...('lifetime' in entry ? entry.lifetime : []),
  ])
  const unknown = [...new Set(named)].filter((name) => !known.has(name))
  if (unknown.length === 0) return []
  return [
    {
      name: 'catalogue',
      state: 'warning',
      found: `the catalogue names what ${isClerk ? 'Clerk Billing' : 'Stripe'} does not have: ${fewOf(unknown)}`,
      fix: isClerk
        ? 'Correct the ids and slugs (lookup:slug) of plans; those of a development and a production instance differ.'
        : 'Correct the ids and lookup keys; those of test and live mode differ.',
    },
  ]
}

function fewOf(names: readonly string[]): string {
  const rest = names.length - mostNamed
  return `${names.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
