import { expect, test } from 'vitest'
import { readStripeActiveEntitlements } from './read-active-entitlements.ts'
import { recordedEntitlement } from './recorded.ts'

const of = { customerId: 'cus_1', livemode: false, readAt: new Date('2026-09-15T00:00:00Z') }
const list = (data: readonly unknown[], hasMore = false) => ({
  object: 'list',
  data,
  has_more: hasMore,
  url: '',
})

test('active entitlements are their lookup keys, sorted, each once', () => {
  const entitlements = ['sso', 'reports', 'sso'].map((lookup_key) => recordedEntitlement({ lookup_key }))
  expect(readStripeActiveEntitlements(list(entitlements), of)).toEqual({
    kind: 'entitlements',
    id: 'entitlements:cus_1',
    customerId: 'cus_1',
    livemode: false,
    lookupKeys: ['reports', 'sso'],
    changedAt: new Date(0),
    readAt: of.readAt,
    problems: [],
  })
})

test('pages joined into an array are read like a list', () => {
  expect(readStripeActiveEntitlements([recordedEntitlement()], of).lookupKeys).toEqual(['reports'])
})

test('no entitlements are none, and no list is a problem', () => {
  expect(readStripeActiveEntitlements(list([]), of)).toMatchObject({ lookupKeys: [], problems: [] })
  expect(readStripeActiveEntitlements(null, of).problems).toEqual(['the list of entitlements is null'])
  expect(readStripeActiveEntitlements('none', of).problems).toEqual(['entitlements is "none", not a list'])
})

test('a list that goes on elsewhere, or an entitlement without a key, is a problem', () => {
  const read = readStripeActiveEntitlements(list([recordedEntitlement({ lookup_key: null })], true), of)
  expect(read.problems).toEqual([
    'entitlements holds only a part of the list',
    'entitlements[0] has no lookup_key',
  ])
})
