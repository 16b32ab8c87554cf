import type { Catalogue, Plan } from '@trueup/core'
import type { z } from 'zod'
import type { ConfigProblem, ConfigProblemCode } from './config-error.ts'
import type { catalogueSchema } from './config-schema.ts'
import { placeText } from './shape-problems.ts'

type ShapedCatalogue = z.output<typeof catalogueSchema>

/** Reads the catalogue, and reports everything in it that would let a payment mean two things, or nothing. */
export function parseCatalogue(shaped: ShapedCatalogue): {
  readonly catalogue: Catalogue | null
  readonly problems: readonly ConfigProblem[]
} {
  const problems = [
    ...planProblems(shaped),
    ...duplicateIds(shaped),
    ...duplicateValues(shaped),
    ...selectorProblems(shaped),
  ]
  const [free, ...paid] = shaped.plans
  if (!free || problems.length > 0) return { catalogue: null, problems }
  return {
    catalogue: {
      plans: [planOf(free), ...paid.map(planOf)],
      addOns: shaped.addOns.map((addOn) => ({
        ...addOn,
        prices: unique(addOn.prices),
        products: unique(addOn.products),
        lifetime: unique(addOn.lifetime),
        entitlements: unique(addOn.entitlements).toSorted(),
      })),
      seatPacks: shaped.seatPacks.map((pack) => ({
        ...pack,
        prices: unique(pack.prices),
        products: unique(pack.products),
      })),
    },
    problems,
  }
}

function planOf(plan: ShapedCatalogue['plans'][number]): Plan {
  return {
    ...plan,
    prices: unique(plan.prices),
    products: unique(plan.products),
    lifetime: unique(plan.lifetime),
    values: unique(plan.values),
    entitlements: unique(plan.entitlements).toSorted(),
  }
}

function planProblems({ plans }: ShapedCatalogue): readonly ConfigProblem[] {
  const [free, ...paid] = plans
  if (!free) {
    return [
      {
        code: 'plans-missing',
        path: 'catalogue.plans',
        found: 'no plans',
        needed: 'at least the free plan and one that is sold, lowest first',
        fix: "Write plans: [{ id: 'free' }, { id: 'pro', prices: ['price_1'] }].",
      },
    ]
  }
  const sold = [...free.prices, ...free.products, ...free.lifetime]
  if (paid.length > 0 || sold.length === 0) return []
  return [
    {
      code: 'free-plan-sold',
      path: 'catalogue.plans[0]',
      found: `one plan, ${JSON.stringify(free.id)}, sold at ${sold.join(', ')}`,
      needed: 'the free plan first: the first plan is what a subject has without paying',
      fix: "Put { id: 'free' } before it.",
    },
  ]
}

function duplicateIds(shaped: ShapedCatalogue): readonly ConfigProblem[] {
  return (['plans', 'addOns', 'seatPacks'] as const).flatMap((kind) => {
    const ids = shaped[kind].map(({ id }, index) => ({ name: id, place: `catalogue.${kind}[${index}].id` }))
    return secondUses(ids).map(({ use, first }) =>
      twice('id-duplicate', use, first, 'an id of its own for each', 'Give one of them another id.'),
    )
  })
}

/** Names by which two plans would be mixed up: a value of one that is a value or the id of another. */
function duplicateValues({ plans }: ShapedCatalogue): readonly ConfigProblem[] {
  const owners = new Map<string, { readonly index: number; readonly place: string }>()
  for (const [index, { id }] of plans.entries()) {
    if (!owners.has(folded(id))) owners.set(folded(id), { index, place: `catalogue.plans[${index}].id` })
  }
  const problems: ConfigProblem[] = []
  for (const [index, { values }] of plans.entries()) {
    for (const [position, name] of values.entries()) {
      const use = { name, place: placeText(['catalogue', 'plans', index, 'values', position]) }
      const owner = owners.get(folded(name))
      if (!owner) owners.set(folded(name), { index, place: use.place })
      else if (owner.index !== index) {
        const needed = 'one plan for each value that the app writes, compared without case'
        problems.push(
          twice('plan-value-duplicate', use, owner, needed, 'Leave it with the plan that it means.'),
        )
      }
    }
  }
  return problems
}

interface Use {
  readonly name: string
  readonly place: string
}

/** Where a price or product is named: each may buy one thing only. */
function selectorProblems(shaped: ShapedCatalogue): readonly ConfigProblem[] {
  const uses: (Use & { readonly kind: 'price' | 'product'; readonly owner: string })[] = []
  for (const group of ['plans', 'addOns', 'seatPacks'] as const) {
    for (const [index, sold] of shaped[group].entries()) {
      const lifetime = 'lifetime' in sold ? sold.lifetime : []
      const lists = { prices: sold.prices, products: sold.products, lifetime }
      for (const [list, names] of Object.entries(lists)) {
        for (const [position, name] of names.entries()) {
          const place = placeText(['catalogue', group, index, list, position])
          const owner = placeText(['catalogue', group, index, list])
          uses.push({ name, place, owner, kind: list === 'products' ? 'product' : 'price' })
        }
      }
    }
  }
  const malformed = uses.flatMap((use) => malformedSelector(use, use.kind))
  const owners = new Map<string, (typeof uses)[number]>()
  const duplicates: ConfigProblem[] = []
  for (const use of uses) {
    const first = owners.get(use.name)
    if (!first) owners.set(use.name, use)
    // The same price twice in one list is one price.
    else if (first.owner !== use.owner) {
      const needed = `one thing that this ${use.kind} buys`
      duplicates.push(twice('price-duplicate', use, first, needed, 'Leave it in one place.'))
    }
  }
  return [...malformed, ...duplicates]
}

/** A product among prices or the reverse is the one mistake that ids show; old prices may have any id. */
function malformedSelector({ name, place }: Use, kind: 'price' | 'product'): readonly ConfigProblem[] {
  const isProductAmongPrices = kind === 'price' && name.startsWith('prod_')
  const isPriceAmongProducts = kind === 'product' && /^(price_|plan_|lookup:)/.test(name)
  const isEmptyLookup = name === 'lookup:'
  if (!isProductAmongPrices && !isPriceAmongProducts && !isEmptyLookup) return []
  return [
    {
      code: 'price-malformed',
      path: place,
      found: JSON.stringify(name),
      needed:
        kind === 'price'
          ? "a price id such as 'price_1', or a lookup key such as 'lookup:pro_yearly'"
          : "a product id such as 'prod_1'",
      fix: isEmptyLookup
        ? 'Write the lookup key after the colon.'
        : `Move it to ${kind === 'price' ? 'products' : 'prices'}.`,
    },
  ]
}

function secondUses(uses: readonly Use[]): readonly { readonly use: Use; readonly first: Use }[] {
  const firsts = new Map<string, Use>()
  return uses.flatMap((use) => {
    const first = firsts.get(folded(use.name))
    if (first) return [{ use, first }]
    firsts.set(folded(use.name), use)
    return []
  })
}

function twice(
  code: ConfigProblemCode,
  use: Use,
  first: { readonly place: string },
  needed: string,
  fix: string,
): ConfigProblem {
  return {
    code,
    path: use.place,
    found: `${JSON.stringify(use.name)}, which stands at ${first.place} already`,
    needed,
    fix,
  }
}

function folded(name: string): string {
  return name.trim().toLowerCase()
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
