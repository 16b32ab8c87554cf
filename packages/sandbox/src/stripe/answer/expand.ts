import expansions from '../specs/expansions.json' with { type: 'json' }
import type { StripeState } from '../state.ts'
import { badRequest } from '../stripe-error.ts'
import { INCLUDED, type IncludedField } from './included.ts'
import { present } from './present.ts'

/** What a field of an object holds, as derived from Stripe's API description. */
interface FieldShape {
  /** An id, or ids, of these kinds. */
  readonly expand?: readonly string[]
  /** An embedded list of this kind. */
  readonly list?: string
  /** A whole object, or objects, of this kind. */
  readonly within?: string
  /** Plain fields to look into. */
  readonly fields?: { readonly [field: string]: FieldShape }
}

const SHAPES = expansions as unknown as {
  readonly [object: string]: { readonly [field: string]: FieldShape }
}

/** What to grow, by field. */
type Plan = Map<string, Branch>

interface Branch {
  readonly kind: 'expand' | 'list' | 'within' | 'fields' | 'included'
  /** Of `expand`: what the id may be of. */
  readonly targets: readonly string[]
  readonly included: IncludedField | null
  readonly plan: Plan
}

const MOST_LEVELS = 4
// Clients ask for the same few expansions again and again; what is odd is compiled anew.
const MOST_COMPILED = 1000
const compiled = new Map<string, { readonly plan: Plan; readonly kinds: readonly string[] }>()

/**
 * The kinds of object that expanding these paths reads, for the permission check; also refuses paths that are wrong.
 *
 * @throws StripeError 400 for a property that cannot be expanded, or more than four levels.
 */
export function expandedKinds(answers: string, paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : compile(answers, paths).kinds
}

/**
 * The answer with the paths of `expand` in it grown to whole objects. What is not expanded is shared with the state;
 * what is, is copied shallowly.
 *
 * @param answers the answer's kind, with `[]` for a list of it.
 * @example expandAnswer(state, page, 'subscription[]', ['data.customer', 'data.latest_invoice'])
 */
export function expandAnswer(
  state: StripeState,
  answer: object,
  answers: string,
  paths: readonly string[],
): object {
  const { plan } = paths.length === 0 ? EMPTY : compile(answers, paths)
  const list = answer as { object?: string; data?: readonly object[]; total_count?: unknown }
  if (answers.endsWith('[]') && Array.isArray(list.data)) {
    const rows = plan.get('data')?.plan
    const data = list.data.map((row: object) => (rows === undefined ? present(row) : grow(state, row, rows)))
    return { ...answer, data }
  }
  if ((answer as { deleted?: boolean }).deleted === true) return answer
  return plan.size === 0 ? present(answer) : grow(state, answer, plan)
}

const EMPTY: { readonly plan: Plan } = { plan: new Map() }

function grow(state: StripeState, stored: object, plan: Plan): object {
  const object = present(stored) as { readonly [field: string]: unknown }
  // A copy by spread keeps the object's hidden class, which serialising profits from.
  const grown: { [field: string]: unknown } = { ...object }
  for (const [field, branch] of plan) grown[field] = growField(state, stored, object[field], branch)
  return grown
}

function growField(state: StripeState, owner: object, value: unknown, branch: Branch): unknown {
  switch (branch.kind) {
    case 'expand':
      if (typeof value === 'string') return resolve(state, value, branch)
      if (Array.isArray(value)) return value.map((id) => resolve(state, id, branch))
      return value
    case 'list':
      return value === null || value === undefined ? value : growList(state, value, branch.plan)
    case 'included': {
      const shown = branch.included?.value(state, owner as never)
      return branch.included?.rows === undefined ? shown : growList(state, shown as object, branch.plan)
    }
    case 'within':
    case 'fields':
      if (Array.isArray(value)) return value.map((row) => grow(state, row, branch.plan))
      return typeof value === 'object' && value !== null ? grow(state, value, branch.plan) : value
  }
}

function growList(state: StripeState, list: object, plan: Plan): object {
  const rows = plan.get('data')?.plan
  const { data } = list as { data: readonly object[] }
  return { ...list, data: data.map((row) => (rows === undefined ? present(row) : grow(state, row, rows))) }
}

function resolve(state: StripeState, id: string, branch: Branch): unknown {
  for (const target of branch.targets) {
    const found = lookUp(state, target, id)
    if (found === undefined) continue
    return branch.plan.size === 0 ? present(found) : grow(state, found, branch.plan)
  }
  // A deleted object leaves a stub; kinds that the sandbox does not keep stay ids.
  return state.deleted.get(id) ?? id
}

function lookUp(state: StripeState, kind: string, id: string): object | undefined {
  if (kind === 'account') return state.account.id === id ? state.account : undefined
  return tableOf(state, kind)?.get(id)
}

function tableOf(state: StripeState, kind: string): { get(id: string): object | undefined } | undefined {
  switch (kind) {
    case 'billing_portal.configuration':
      return state.portalConfigurations
    case 'charge':
      return state.charges
    case 'coupon':
      return state.coupons
    case 'customer':
      return state.customers
    case 'discount':
      return state.discounts
    case 'entitlements.feature':
      return state.features
    case 'invoice':
      return state.invoices
    case 'payment_intent':
      return state.paymentIntents
    case 'payment_method':
      return state.paymentMethods
    case 'price':
      return state.prices
    case 'product':
      return state.products
    case 'promotion_code':
      return state.promotionCodes
    case 'subscription':
      return state.subscriptions
    case 'subscription_schedule':
      return state.schedules
    case 'test_helpers.test_clock':
      return state.testClocks
    default:
      return undefined
  }
}

function compile(answers: string, paths: readonly string[]) {
  const key = `${answers} ${paths.join(' ')}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const plan: Plan = new Map()
  const kinds = new Set<string>()
  for (const path of paths) addPath(plan, answers, path, kinds)
  const made = { plan, kinds: [...kinds] }
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  compiled.set(key, made)
  return made
}

/** Where a path has got to: fields of a known object, plain fields, or a list. */
type Place =
  | { readonly list: string }
  | { readonly object: string }
  | { readonly fields: { readonly [field: string]: FieldShape } }

function addPath(plan: Plan, answers: string, path: string, kinds: Set<string>): void {
  const parts = path.split('.')
  if (parts.length > MOST_LEVELS) {
    throw badRequest(
      `You cannot expand more than ${MOST_LEVELS} levels of a property. Property: ${path}`,
      'expand',
    )
  }
  const isList = answers.endsWith('[]')
  let place: Place = isList ? { list: answers.slice(0, -2) } : { object: answers }
  if (isList && path === 'total_count') return
  let at = plan
  for (const [depth, part] of parts.entries()) {
    const step = stepInto(place, part)
    if (step === null) throw cannotExpand(path, isList && depth === 0)
    let branch = at.get(part)
    if (branch === undefined) {
      branch = { kind: step.kind, targets: step.targets, included: step.included, plan: new Map() }
      at.set(part, branch)
    }
    for (const target of step.targets) kinds.add(target)
    at = branch.plan
    place = step.place
  }
}

function stepInto(place: Place, part: string): (Omit<Branch, 'plan'> & { readonly place: Place }) | null {
  if ('list' in place) {
    if (part !== 'data') return null
    return { kind: 'list', targets: [], included: null, place: { object: place.list } }
  }
  const included = 'object' in place ? INCLUDED[place.object]?.[part] : undefined
  if (included !== undefined) {
    const next: Place = included.rows === undefined ? { fields: {} } : { list: included.rows }
    return {
      kind: 'included',
      targets: included.rows === undefined ? [] : [included.rows],
      included,
      place: next,
    }
  }
  const shape = 'object' in place ? SHAPES[place.object]?.[part] : place.fields[part]
  if (shape === undefined) return null
  if (shape.expand !== undefined) {
    // The kinds of a field share what can be expanded in the first of them.
    return { kind: 'expand', targets: shape.expand, included: null, place: { object: shape.expand[0] ?? '' } }
  }
  if (shape.list !== undefined)
    return { kind: 'list', targets: [], included: null, place: { list: shape.list } }
  if (shape.within !== undefined) {
    return { kind: 'within', targets: [], included: null, place: { object: shape.within } }
  }
  return { kind: 'fields', targets: [], included: null, place: { fields: shape.fields ?? {} } }
}

function cannotExpand(path: string, inList: boolean) {
  const hint =
    inList && !path.startsWith('data.') ? ` You may want to try expanding 'data.${path}' instead.` : ''
  return badRequest(`This property cannot be expanded (${path}).${hint}`, 'expand')
}
