import { describe, expect, test } from 'vitest'
import { catalogue } from '../check/recorded-pairs.ts'
import type { StoredValue } from './plan.ts'
import { inStoredForm } from './stored-form.ts'
import type { Wanted } from './wanted-values.ts'

const paid = { component: 'paid', paid: true } as const
const unpaid = { component: 'paid', paid: false } as const
const pro = { component: 'plan', plan: 'pro' } as const
const trial = { component: 'trialEndsAt', trialEndsAt: new Date('2026-07-01T00:00:00Z') } as const
const noTrial = { component: 'trialEndsAt', trialEndsAt: null } as const
const reports = { component: 'entitlements', open: ['reports'], closed: ['sso'] } as const
const seats = { component: 'seats', seats: 5 } as const

type Row = readonly [
  rule: string,
  wanted: Wanted,
  before: StoredValue | undefined,
  after: StoredValue | undefined,
]
const unknown = 'unknown-form'

const rows: readonly Row[] = [
  ['a flag stays a boolean', paid, false, true],
  ['a flag that is nothing yet becomes a boolean', paid, null, true],
  ['a flag that is absent becomes a boolean', paid, undefined, true],
  ['a flag stays a number', paid, 0, 1],
  ['a flag stays a word', paid, 'no', 'yes'],
  ['a word keeps its case', unpaid, 'Active', 'Inactive'],
  ['a word in capitals stays so', paid, 'FALSE', 'TRUE'],
  ['digits stay text', unpaid, '1', '0'],
  ['a word without an opposite is left alone', paid, 'none', unknown],
  ['a flag of another kind is left alone', paid, ['yes'], unknown],
  ['a flag that says so already is left alone', paid, 'on', undefined],
  ['a plan is written as the app writes it', pro, 'free', 'premium'],
  ['a plan that means the same is left alone', pro, ' Premium ', undefined],
  ['a plan is written over one that nobody knows', pro, 'gold', 'premium'],
  ['a moment is text', trial, null, '2026-07-01T00:00:00.000Z'],
  ['a moment that was text stays text', trial, '2026-06-01', '2026-07-01T00:00:00.000Z'],
  ['seconds stay seconds', trial, 1_780_272_000, 1_782_864_000],
  ['milliseconds stay milliseconds', trial, 1_780_272_000_000, 1_782_864_000_000],
  ['digits of seconds stay digits', trial, '1780272000', '1782864000'],
  ['a moment that means the same is left alone', trial, '2026-07-01T02:00:00+02:00', undefined],
  ['a trial that ends is emptied', noTrial, '2026-07-01', null],
  ['a trial that is not there is left alone', noTrial, null, undefined],
  ['a list of features stays a list', reports, ['sso', 'api'], ['api', 'reports']],
  [
    'an object of features keeps what nobody asked about',
    reports,
    { sso: true, api: 1 },
    { sso: false, api: 1, reports: true },
  ],
  ['features that nobody has yet are kept as a list', reports, null, ['reports']],
  ['features that cannot be read are left alone', reports, 7, unknown],
  ['features that are so already are left alone', reports, { reports: true, sso: false }, undefined],
  ['seats stay a number', seats, 3, 5],
  ['seats stay text', seats, '3', '5'],
  ['seats that are right are left alone', seats, '5', undefined],
  ['a customer is written as it is', { component: 'customer', customerId: 'cus_2' }, 'cus_1', 'cus_2'],
]

describe('what is written', () => {
  test.each(rows)('%s', (_rule, wanted, before, after) => {
    const formed = inStoredForm(wanted, before, catalogue, 'list')
    const expected = after === undefined ? 'unchanged' : after === unknown ? unknown : { after }
    expect(formed).toEqual(expected)
  })

  test('features that nobody has yet are an object where the source keeps objects', () => {
    expect(inStoredForm(reports, undefined, catalogue, 'object')).toEqual({ after: { reports: true } })
  })

  test('reads back as what was wanted', () => {
    for (const [, wanted, before] of rows) {
      const formed = inStoredForm(wanted, before, catalogue, 'list')
      if (typeof formed === 'string') continue
      expect(inStoredForm(wanted, formed.after, catalogue, 'list')).toBe('unchanged')
    }
  })
})
