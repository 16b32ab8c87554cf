import { describe, expect, test } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { draftConfig } from './draft-config.ts'
import { nothingLearned } from './learn-catalogue.ts'
import type { LookedAt, ProposedTables } from './look-at-accounts.ts'

const none = { sampled: 0, fields: [], proposals: [] }
const users = {
  table: 'users',
  key: 'id',
  customerId: 'stripe_customer_id',
  plan: 'plan',
  entitlements: 'features',
}
const organizations = { table: 'teams', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' }
const looked = (tables: ProposedTables | null): LookedAt => ({
  billing: 'stripe',
  prices: [],
  hasClerk: false,
  tables,
  users: none,
  organizations: none,
})
const clerk = { customerId: 'public_metadata.customer', plan: 'public_metadata.plan' }
const { entitlements: _, ...usersWithoutFeatures } = users

describe('a proposed configuration', () => {
  test('reads one table in the short form, without features that no plan is known to bring', () => {
    const tables = { users, organizations: null, notes: [] }
    const { config } = draftConfig(looked(tables), { users: null, organizations: null }, nothingLearned)
    expect(config.access).toEqual([{ postgres: usersWithoutFeatures }])
    expect(() => parseConfig(config)).not.toThrow()
  })

  test('reads two tables of one database, before what Clerk holds of the same', () => {
    const tables = { users, organizations, notes: ['The role can write.'] }
    const mapping = { users: clerk, organizations: null }
    const { config, notes } = draftConfig(looked(tables), mapping, nothingLearned)
    expect(config.access).toEqual([
      { postgres: { users: usersWithoutFeatures, organizations } },
      { clerk: { users: clerk } },
    ])
    expect(notes).toContain('The role can write.')
    expect(notes.join(' ')).toContain('subject')
  })

  test('names Clerk Billing where plans are sold through it, and no customer ids, which it does not have', () => {
    const tables = { users, organizations: null, notes: [] }
    const sold = { ...looked(tables), billing: 'clerk-billing' as const }
    const { config, notes } = draftConfig(sold, { users: clerk, organizations: null }, nothingLearned)
    const { customerId: __, ...withoutCustomer } = usersWithoutFeatures
    expect(config).toMatchObject({ billing: { clerkBilling: {} }, match: ['customer.id -> id'] })
    expect(config.access).toEqual([
      { postgres: withoutCustomer },
      { clerk: { users: { plan: 'public_metadata.plan' } } },
    ])
    expect(notes.join(' ')).toContain("the user's id in Clerk")
    expect(() => parseConfig(config)).not.toThrow()
  })

  test('reads Clerk alone where no table was found', () => {
    const tables = { users: null, organizations: null, notes: [] }
    const { config } = draftConfig(looked(tables), { users: clerk, organizations: null }, nothingLearned)
    expect(config.access).toEqual([{ clerk: { users: clerk } }])
  })
})
