import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyCustomer, anyFact, anyReading } from '../arbitrary.ts'
import { packedCustomer, packedFact, packedReading } from './packed-observations.ts'

describe('an observation comes back from its packing exactly as it was read', () => {
  test.each([
    ['a fact', packedFact, anyFact()],
    ['a customer', packedCustomer, anyCustomer()],
    ['a reading', packedReading, anyReading()],
  ] as const)('%s', (_, packed, any) => {
    fc.assert(
      fc.property(any as fc.Arbitrary<never>, (value) => {
        expect(packed.read(packed.write(value))).toStrictEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('in one line, whatever it holds', () => {
    fc.assert(
      fc.property(anyReading(), (reading) => {
        expect(packedReading.write(reading)).not.toMatch(/[\n\r\0]/)
      }),
    )
  })
})

test('a sum that is no number is refused instead of being kept as nothing', () => {
  fc.assert(
    fc.property(
      anyFact().filter((fact) => fact.kind === 'purchase'),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      (fact, amountPaid) => {
        expect(() => packedFact.write({ ...fact, amountPaid })).toThrow('finite')
      },
    ),
  )
})
