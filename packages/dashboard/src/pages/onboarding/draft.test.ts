import { describe, expect, it } from 'vitest'
import {
  type DraftConfig,
  fieldsOf,
  mapPrice,
  movePlan,
  planOfPrice,
  readDraft,
  setField,
  setPlanValues,
  setTable,
} from './draft.ts'

const config: DraftConfig = {
  billing: { stripe: {} },
  access: [{ clerk: { users: { plan: 'publicMetadata.plan' } } }],
  catalogue: {
    plans: [
      { id: 'free' },
      { id: 'pro', prices: ['lookup:pro_monthly', 'price_2'] },
      { id: 'max', products: ['prod_max'] },
    ],
    addOns: [{ id: 'seats' }],
  },
}
const price = (id: string, lookupKey: string | null = null, productId = 'prod_1') => ({
  id,
  lookupKey,
  productId,
})

describe('a draft', () => {
  it.each([
    ['nothing', null],
    ['a word', 'draft'],
    ['a configuration without plans', { access: [], catalogue: {} }],
  ])('is not read from %s', (_, document) => expect(readDraft(document)).toBeNull())

  it('is read as it is, with what the wizard does not know', () => expect(readDraft(config)).toEqual(config))
})

describe('the plan of a price', () => {
  it.each([
    ['by its lookup key', price('price_9', 'pro_monthly'), 'pro'],
    ['by its id', price('price_2'), 'pro'],
    ['by its product', price('price_7', null, 'prod_max'), 'max'],
    ['by its own name before its product', price('price_2', null, 'prod_max'), 'pro'],
    ['is none where nothing names it', price('price_0'), null],
  ])('is found %s', (_, wanted, plan) => expect(planOfPrice(config, wanted)).toBe(plan))

  it('changes with its price taken out of the plan before', () => {
    const changed = mapPrice(config, price('price_9', 'pro_monthly'), 'max')
    expect(changed.catalogue.plans).toEqual([
      { id: 'free' },
      { id: 'pro', prices: ['price_2'] },
      { id: 'max', products: ['prod_max'], prices: ['lookup:pro_monthly'] },
    ])
    expect(changed.catalogue.addOns).toEqual([{ id: 'seats' }])
  })

  it('is made where it is not there yet', () =>
    expect(mapPrice(config, price('price_5'), 'team').catalogue.plans.at(-1)).toEqual({
      id: 'team',
      prices: ['price_5'],
    }))

  it('can be none', () =>
    expect(planOfPrice(mapPrice(config, price('price_2'), ''), price('price_2'))).toBeNull())
})

describe('plans', () => {
  it('change places, and stay where they would leave the list', () => {
    const ids = (changed: DraftConfig) => changed.catalogue.plans.map(({ id }) => id)
    expect(ids(movePlan(config, 'max', -1))).toEqual(['free', 'max', 'pro'])
    expect(ids(movePlan(config, 'max', 1))).toEqual(['free', 'pro', 'max'])
    expect(ids(movePlan(config, 'unknown', 1))).toEqual(['free', 'pro', 'max'])
  })

  it('are written by the app as their values say, or as they are called', () => {
    const named = setPlanValues(config, 'free', ['none', 'trial'])
    expect(named.catalogue.plans[0]).toEqual({ id: 'free', values: ['none', 'trial'] })
    expect(setPlanValues(named, 'free', []).catalogue.plans[0]).toEqual({ id: 'free' })
  })
})

describe('fields of a source', () => {
  it('are set, and taken out by an empty place', () => {
    const changed = setField(config, 'clerk', 'users', 'customerId', 'privateMetadata.stripe')
    expect(fieldsOf(changed, 'clerk', 'users')).toEqual({
      plan: 'publicMetadata.plan',
      customerId: 'privateMetadata.stripe',
    })
    expect(fieldsOf(setField(changed, 'clerk', 'users', 'plan', ''), 'clerk', 'users')).toEqual({
      customerId: 'privateMetadata.stripe',
    })
  })

  it('bring a source that was not there, and go with their table', () => {
    const both = setTable(config, 'postgres', 'users', { table: 'users', key: 'id' })
    expect(both.access).toHaveLength(2)
    expect(fieldsOf(setTable(both, 'postgres', 'users', null), 'postgres', 'users')).toBeNull()
  })
})
