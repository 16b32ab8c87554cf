import { expect, test } from 'vitest'
import { readStripeCustomer } from './read-customer.ts'
import { recordedCustomer } from './recorded.ts'

test('a customer is read with its metadata', () => {
  expect(readStripeCustomer(recordedCustomer())).toEqual({
    id: 'cus_1',
    email: 'ada@example.com',
    name: 'Ada',
    metadata: { user_id: 'user_1' },
    livemode: false,
    createdAt: new Date('2026-03-01T00:00:00Z'),
  })
})

test('a deleted customer is none', () => {
  expect(readStripeCustomer({ id: 'cus_1', object: 'customer', deleted: true })).toBeNull()
})

test('a customer that is only named is none', () => {
  expect(readStripeCustomer('cus_1')).toBeNull()
  expect(readStripeCustomer(null)).toBeNull()
})

test('an empty email or name is none', () => {
  expect(readStripeCustomer(recordedCustomer({ email: '', name: null }))).toMatchObject({
    email: null,
    name: null,
  })
})
