/** One account of the app that pays, as both sides show it. */
export interface PayingAccount {
  /** What it subscribes to now, by product. */
  readonly products: ReadonlyMap<string, { readonly quantity: number; readonly monthly: number }>
  readonly granted: GrantedRaw
}

/** What the app gives an account, in the app's own words. */
export interface GrantedRaw {
  readonly plan: string | null
  readonly features: readonly string[]
  readonly seats: number | null
}

/** What products were seen to mean in the app. */
export interface Learned {
  /** Products that are bought beside another one and hardly ever alone. */
  readonly addOns: ReadonlySet<string>
  /** The words that the app writes for those who have a product, the most frequent first, in small letters. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly freeValues: readonly string[]
  readonly features: ReadonlyMap<string, readonly string[]>
  readonly seats: ReadonlyMap<string, number | 'quantity'>
  /** Seats that each unit of an add-on brings. */
  readonly seatsEach: ReadonlyMap<string, number>
  /** What a product usually brings a month, in minor units. */
  readonly monthly: ReadonlyMap<string, number>
  /** How many paying accounts this was learned from. */
  readonly accounts: number
}

/** Nothing was seen yet. */
export const nothingLearned: Learned = {
  addOns: new Set(),
  values: new Map(),
  freeValues: [],
  features: new Map(),
  seats: new Map(),
  seatsEach: new Map(),
  monthly: new Map(),
  accounts: 0,
}

/** What most accounts share is a rule of the app; what few share may be drift. */
const most = 0.6
/** A product that is alone less often than this is bought beside others. */
const hardlyEverAlone = 0.3

/**
 * Learns what products mean from accounts that pay and what the app gives them: most of any app is right, so what most
 * accounts of a product share is what the product buys. It is a first draft for a person to correct.
 *
 * @param free What the app gives accounts that never bought anything.
 */
export function learnCatalogue(paying: readonly PayingAccount[], free: readonly GrantedRaw[]): Learned {
  const addOns = addOnsOf(paying)
  const simple = paying.flatMap((account) => {
    const bases = [...account.products.keys()].filter((product) => !addOns.has(product))
    const [base] = bases
    const beside = [...account.products.keys()].filter((product) => addOns.has(product))
    return base !== undefined && bases.length === 1 ? [{ ...account, base, beside }] : []
  })
  const bases = [...new Set(simple.map(({ base }) => base))]
  const alone = (product: string) =>
    simple.filter(({ base, beside }) => base === product && beside.length === 0)
  const features = new Map(
    bases.map((product) => [product, shared(alone(product).map(({ granted }) => granted.features))] as const),
  )
  const seats = new Map(
    bases.flatMap((product) => {
      const found = seatsOf(product, alone(product), free)
      return found === null ? [] : [[product, found] as const]
    }),
  )
  const seatsEach = new Map<string, number>()
  for (const product of addOns) {
    const buyers = simple.filter(({ beside }) => beside.includes(product))
    const extra = buyers.map(({ granted, base }) =>
      granted.features.filter((feature) => !features.get(base)?.includes(feature)),
    )
    features.set(product, shared(extra))
    const each = usual(buyers.flatMap((account) => seatsOfEach(product, account.base, account, seats)))
    if (each !== null && each > 0) seatsEach.set(product, each)
  }
  const { values, freeValues } = valuesOf(simple, free)
  const monthly = new Map(
    [...bases, ...addOns].map((product) => [product, median(amountsOf(product, paying))] as const),
  )
  return { addOns, values, freeValues, features, seats, seatsEach, monthly, accounts: paying.length }
}

function addOnsOf(paying: readonly PayingAccount[]): ReadonlySet<string> {
  const count = new Map<string, { all: number; alone: number }>()
  for (const { products } of paying) {
    for (const product of products.keys()) {
      const { all, alone } = count.get(product) ?? { all: 0, alone: 0 }
      count.set(product, { all: all + 1, alone: alone + (products.size === 1 ? 1 : 0) })
    }
  }
  const isAlone = (product: string) => {
    const { all, alone } = count.get(product) ?? { all: 1, alone: 0 }
    return alone / all
  }
  const isBeside = (product: string) =>
    isAlone(product) < hardlyEverAlone &&
    paying.some(
      ({ products }) =>
        products.has(product) && [...products.keys()].some((other) => isAlone(other) >= hardlyEverAlone),
    )
  return new Set([...count.keys()].filter(isBeside))
}

/** A word belongs to the product, or to the free plan, whose accounts are most of those that have it. */
function valuesOf(
  simple: readonly { readonly base: string; readonly granted: GrantedRaw }[],
  free: readonly GrantedRaw[],
) {
  const freeClass = null
  const votes = new Map<string, Map<string | null, number>>()
  const vote = (plan: string | null, whose: string | null) => {
    if (plan === null) return
    const word = plan.toLowerCase()
    const forWord = votes.get(word) ?? new Map<string | null, number>()
    forWord.set(whose, (forWord.get(whose) ?? 0) + 1)
    votes.set(word, forWord)
  }
  for (const { base, granted } of simple) vote(granted.plan, base)
  for (const granted of free) vote(granted.plan, freeClass)
  const won: { readonly word: string; readonly whose: string | null; readonly count: number }[] = []
  for (const [word, forWord] of votes) {
    const [best] = [...forWord].toSorted(([, a], [, b]) => b - a)
    const all = [...forWord.values()].reduce((sum, count) => sum + count, 0)
    if (best && best[1] / all > 0.5) won.push({ word, whose: best[0], count: best[1] })
  }
  const wordsOf = (whose: string | null) => {
    const own = won.filter((entry) => entry.whose === whose).toSorted((a, b) => b.count - a.count)
    // A word seen once beside others that are frequent is more likely a slip than a rule.
    return own.filter(({ count }, index) => index === 0 || count > 1).map(({ word }) => word)
  }
  const products = new Set(simple.map(({ base }) => base))
  return {
    values: new Map([...products].map((product) => [product, wordsOf(product)] as const)),
    freeValues: wordsOf(freeClass),
  }
}

/** A number of seats by the quantity paid for, or a fixed one that the free plan does not have too. */
function seatsOf(
  product: string,
  accounts: readonly PayingAccount[],
  free: readonly GrantedRaw[],
): number | 'quantity' | null {
  const limited = accounts.flatMap(({ products, granted }) =>
    granted.seats === null ? [] : [{ seats: granted.seats, quantity: products.get(product)?.quantity ?? 1 }],
  )
  if (limited.length === 0) return null
  const byQuantity = limited.filter(({ seats, quantity }) => seats === quantity).length
  if (byQuantity / limited.length >= most && limited.some(({ quantity }) => quantity > 1)) return 'quantity'
  const fixed = usual(limited.map(({ seats }) => seats))
  const freeSeats = usual(free.flatMap(({ seats }) => (seats === null ? [] : [seats])))
  return limited.length > 1 && fixed !== freeSeats ? fixed : null
}

function seatsOfEach(
  addOn: string,
  base: string,
  { products, granted }: PayingAccount,
  seats: ReadonlyMap<string, number | 'quantity'>,
): readonly number[] {
  const own = seats.get(base)
  const packs = products.get(addOn)?.quantity ?? 0
  if (granted.seats === null || own === undefined || packs === 0) return []
  const promised = own === 'quantity' ? (products.get(base)?.quantity ?? 0) : own
  return [(granted.seats - promised) / packs]
}

/** The features that most of these have. */
function shared(lists: readonly (readonly string[])[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const list of lists)
    for (const feature of new Set(list)) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  return [...counts].flatMap(([feature, count]) => (count / lists.length >= most ? [feature] : [])).toSorted()
}

/** The number that most of these are; `null` where there is none. */
function usual(numbers: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a)
  return best && best[1] / numbers.length >= most ? best[0] : null
}

function amountsOf(product: string, paying: readonly PayingAccount[]): readonly number[] {
  return paying.flatMap(({ products }) => {
    const bought = products.get(product)
    return bought ? [bought.monthly] : []
  })
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
