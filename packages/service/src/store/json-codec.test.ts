import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyCursor,
  anyCustomer,
  anyFact,
  anyFinding,
  anyIncident,
  anyPrice,
  anyReading,
} from './arbitrary.ts'
import { columnText, fromJson, toJson } from './json-codec.ts'

describe('what a store writes as JSON', () => {
  const kinds = { anyCursor, anyCustomer, anyFact, anyFinding, anyIncident, anyPrice, anyReading }
  for (const [name, arbitrary] of Object.entries(kinds)) {
    it(`comes back exactly: ${name.slice(3).toLowerCase()}`, () => {
      fc.assert(
        fc.property(arbitrary(), (value) => {
          expect(fromJson(toJson(value))).toStrictEqual(value)
        }),
      )
    })
  }

  it('tells a date from data that looks like one', () => {
    const value = { $date: '2026-01-01T00:00:00.000Z', $$date: new Date(0), nested: [{ $: null }] }
    expect(fromJson(toJson(value))).toStrictEqual(value)
  })

  it('refuses what JSON would turn into nothing', () => {
    expect(() => toJson({ sum: Number.NaN })).toThrow('NaN')
    expect(() => toJson(new Date(Number.NaN))).toThrow()
  })
})

describe('a text column', () => {
  it('holds every text but U+0000 and half surrogate pairs, which are replaced', () => {
    expect(columnText('a\u0000b\ud800c\u{1F600}')).toBe('a\ufffdb\ufffdc\u{1F600}')
  })
})
