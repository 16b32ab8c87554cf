/* The configuration as the wizard fills it in: plain data, of which it knows the parts that it shows and keeps the rest. */

export type Fields = Readonly<Record<string, unknown>>

export interface DraftPlan {
  readonly id: string
  readonly prices?: readonly string[]
  readonly products?: readonly string[]
  readonly values?: readonly string[]
  readonly [other: string]: unknown
}

export interface DraftAccess {
  readonly clerk?: { readonly users?: Fields; readonly organizations?: Fields }
  readonly postgres?: { readonly users?: Fields; readonly organizations?: Fields; readonly name?: string }
  readonly [other: string]: unknown
}

export interface DraftConfig {
  readonly access: readonly DraftAccess[]
  readonly catalogue: { readonly plans: readonly DraftPlan[]; readonly [other: string]: unknown }
  readonly match?: readonly string[]
  readonly [other: string]: unknown
}

/** What a draft holds; `null`: it is none that the wizard could show. */
export function readDraft(document: unknown): DraftConfig | null {
  if (!isRecord(document) || !Array.isArray(document.access) || !isRecord(document.catalogue)) return null
  return Array.isArray(document.catalogue.plans) ? (document as unknown as DraftConfig) : null
}

/** A configuration to fill in by hand, for a project whose accounts hold nothing that one could be suggested from. */
export function blankDraft(billing: 'stripe' | 'clerk-billing', places: readonly AccessKind[]): DraftConfig {
  return {
    billing: billing === 'stripe' ? { stripe: {} } : { clerkBilling: {} },
    access: places.map((place) => ({
      [place]: { users: place === 'postgres' ? { table: '', key: '' } : {} },
    })),
    catalogue: { plans: [{ id: 'free' }] },
  }
}

/** A price as the catalogue names it: by its lookup key where it has one, since those outlive a change of price. */
export interface NamedPrice {
  readonly id: string
  readonly lookupKey: string | null
  readonly productId: string
}

/** The plan that a price buys; `null`: none. A price of its own comes before the product that it belongs to. */
export function planOfPrice(config: DraftConfig, price: NamedPrice): string | null {
  const { plans } = config.catalogue
  const names = namesOf(price)
  const own = plans.find(({ prices = [] }) => prices.some((name) => names.includes(name)))
  return (own ?? plans.find(({ products = [] }) => products.includes(price.productId)))?.id ?? null
}

/**
 * Maps a price to a plan, by the plan's name in the app. A plan that is not there yet is made, as the highest.
 *
 * @param planId `''`: no plan
 */
export function mapPrice(config: DraftConfig, price: NamedPrice, planId: string): DraftConfig {
  const names = namesOf(price)
  const without = config.catalogue.plans.map((plan) =>
    plan.prices?.some((name) => names.includes(name))
      ? { ...plan, prices: plan.prices.filter((name) => !names.includes(name)) }
      : plan,
  )
  if (planId === '') return withPlans(config, without)
  const name = price.lookupKey === null ? price.id : `lookup:${price.lookupKey}`
  const isThere = without.some(({ id }) => id === planId)
  const plans = isThere
    ? without.map((plan) => (plan.id === planId ? { ...plan, prices: [...(plan.prices ?? []), name] } : plan))
    : [...without, { id: planId, prices: [name] }]
  return withPlans(config, plans)
}

/** Moves a plan up or down in the order of plans, the lowest first. */
export function movePlan(config: DraftConfig, planId: string, by: 1 | -1): DraftConfig {
  const plans = [...config.catalogue.plans]
  const from = plans.findIndex(({ id }) => id === planId)
  const to = from + by
  const moved = plans[from]
  const other = plans[to]
  if (!moved || !other) return config
  plans[from] = other
  plans[to] = moved
  return withPlans(config, plans)
}

/** How the app writes a plan, where it writes it otherwise than by its name. */
export function setPlanValues(config: DraftConfig, planId: string, values: readonly string[]): DraftConfig {
  return withPlans(
    config,
    config.catalogue.plans.map((plan) => {
      if (plan.id !== planId) return plan
      const { values: _, ...rest } = plan
      return values.length > 0 ? { ...rest, values } : rest
    }),
  )
}

export type AccessKind = 'clerk' | 'postgres'
export type SubjectTable = 'users' | 'organizations'

/** The mapping of users or organizations of a source; `null`: it is not mapped. */
export function fieldsOf(config: DraftConfig, kind: AccessKind, table: SubjectTable): Fields | null {
  return config.access.find((source) => source[kind])?.[kind]?.[table] ?? null
}

/** Maps one field of a source. An empty place takes the field out of the mapping. */
export function setField(
  config: DraftConfig,
  kind: AccessKind,
  table: SubjectTable,
  field: string,
  place: unknown,
): DraftConfig {
  const { [field]: _, ...rest } = fieldsOf(config, kind, table) ?? {}
  return setTable(config, kind, table, place === '' ? rest : { ...rest, [field]: place })
}

/** Maps users or organizations of a source as a whole; `null`: they are not mapped. */
export function setTable(
  config: DraftConfig,
  kind: AccessKind,
  table: SubjectTable,
  fields: Fields | null,
): DraftConfig {
  const change = (source: DraftAccess): DraftAccess => {
    const { [table]: _, ...rest } = source[kind] ?? {}
    return { ...source, [kind]: fields === null ? rest : { ...rest, [table]: fields } }
  }
  const isThere = config.access.some((source) => source[kind])
  return {
    ...config,
    access: isThere
      ? config.access.map((source) => (source[kind] ? change(source) : source))
      : [...config.access, change({})],
  }
}

function withPlans(config: DraftConfig, plans: readonly DraftPlan[]): DraftConfig {
  return { ...config, catalogue: { ...config.catalogue, plans } }
}

function namesOf({ id, lookupKey }: NamedPrice): readonly string[] {
  return lookupKey === null ? [id] : [id, `lookup:${lookupKey}`]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
