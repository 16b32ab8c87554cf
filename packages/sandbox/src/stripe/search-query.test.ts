import { expect, test } from 'vitest'
import { parseQuery } from './search-query.ts'

const fields = { text: ['email', 'name'], numbers: ['created'], words: ['active'], metadata: true }
const ada = {
  email: 'ada@example.com',
  name: 'Ada "L"',
  created: 100,
  active: true,
  metadata: { plan: 'pro' },
}

test.each([
  ['email:"ada@example.com"', true],
  ['email:"ADA@EXAMPLE.COM"', true],
  ['email:"bob@example.com"', false],
  ["email:'ada@example.com'", true],
  ['-email:"bob@example.com"', true],
  ['email~"example"', true],
  ['name:"Ada \\"L\\""', true],
  ['name:null', false],
  ['metadata["plan"]:"pro"', true],
  ['metadata["plan"]:null', false],
  ['metadata["team"]:null', true],
  ['-metadata["plan"]:null', true],
  ['created>99 AND created<=100', true],
  ['created>100', false],
  ['active:"true"', true],
  ['email:"x" OR created:100', true],
  ['email:"x" AND created:100', false],
  ['email:"ada@example.com" created:100', true],
])('%s matches: %s', (query, expected) => {
  expect(parseQuery(query, fields)(ada)).toBe(expected)
})

test.each([
  ['email:"a" AND name:"b" OR name:"c"', /cannot combine AND and OR/],
  ['phone:"1"', /Field `phone` is an unsupported search field/],
  ['email', /unable to parse/],
  ['', /unable to parse/],
])('%s is refused', (query, message) => {
  expect(() => parseQuery(query, fields)).toThrow(message)
})

test('a substring search needs three characters', () => {
  expect(() => parseQuery('email~"ad"', fields)(ada)).toThrow(/three characters/)
})
