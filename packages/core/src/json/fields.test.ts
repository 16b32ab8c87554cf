import { describe, expect, test } from 'vitest'
import { fieldsOf, foundJson } from './fields.ts'

const read = (json: unknown) => {
  const problems: string[] = []
  return { fields: fieldsOf(json, '', problems), problems }
}

describe('a field that is absent, null or empty', () => {
  test.each([{}, { key: null }, { key: '' }])('%j is nothing, and no problem', (json) => {
    const { fields, problems } = read(json)
    expect([fields?.text('key'), fields?.number('key'), fields?.time('key'), fields?.id('key')]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect([fields?.has('key'), fields?.object('key'), fields?.objects('key')]).toEqual([false, null, []])
    expect(problems).toEqual([])
  })
})

describe('a field of another shape is named as a problem', () => {
  test.each([
    ['text', 7, 'key is 7, not a text'],
    ['number', '7', 'key is "7", not a number'],
    ['flag', 'yes', 'key is "yes", not true or false'],
    ['time', 'soon', 'key is "soon", not a time'],
    ['time', 1e300, 'key is 1e+300, not a time'],
    ['decimal', '1,5', 'key is "1,5", not a decimal number'],
    ['decimal', {}, 'key is {}, not a decimal number'],
    ['id', 7, 'key is 7, not an id'],
    ['object', 'cus_1', 'key is "cus_1", not an object'],
    ['elements', {}, 'key is {}, not a list'],
  ] as const)('as %s: %j', (kind, value, problem) => {
    const { fields, problems } = read({ key: value })
    fields?.[kind]('key')
    expect(problems).toEqual([problem])
  })

  test('with the path to it', () => {
    const { fields, problems } = read({ items: { data: [{ price: { id: 7 } }, 'si_2'] } })
    for (const item of fields?.objects('items') ?? []) item.object('price')?.id('id')
    expect(problems).toEqual(['items[1] is "si_2", not an object', 'items[0].price.id is 7, not an id'])
  })
})

test('an id is read whether its object was expanded or not, and only the expanded one can be entered', () => {
  const { fields, problems } = read({ customer: 'cus_1', price: { id: 'price_1' } })
  expect([fields?.id('customer'), fields?.id('price')]).toEqual(['cus_1', 'price_1'])
  expect(fields?.expanded('customer')).toBeNull()
  expect(fields?.expanded('price')?.id('id')).toBe('price_1')
  expect(problems).toEqual([])
})

test('only the own keys of an object count', () => {
  expect(read({}).fields?.has('constructor')).toBe(false)
})

test('what is no object has no fields', () => {
  for (const json of [null, undefined, 'x', 7, []]) expect(read(json).fields).toBeNull()
})

test('what was found is shortened for a sentence', () => {
  expect(foundJson('x'.repeat(100))).toHaveLength(60)
  expect(foundJson(undefined)).toBe('undefined')
})
