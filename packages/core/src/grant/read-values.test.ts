import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCatalogue as catalogue } from '../access/example-catalogue.ts'
import { foundText, printable } from './found-text.ts'
import type { Read } from './granted.ts'
import { readCustomerId } from './read-customer-id.ts'
import { readEntitlements } from './read-entitlements.ts'
import { falseWords, readFlag, trueWords } from './read-flag.ts'
import { readPath } from './read-path.ts'
import { readPlan } from './read-plan.ts'
import { readMembers, readMembershipLimit, readSeats } from './read-seats.ts'
import { readTrialEnd } from './read-trial-end.ts'

const absent = 'absent'
const unreadable = 'unreadable'

/** What a reading says, short enough for a table. */
function said(read: Read<unknown>): unknown {
  return read.state === 'value' ? read.value : read.state
}

const nothings = [undefined, null, '', '   ', '\t\n']

describe('a flag', () => {
  it.each([
    ...[true, 1, '1', 'true', 'TRUE', ' True ', 'yes', 'Yes', 'on', 'ON', 'premium', 'Premium', 'active'].map(
      (value) => [value, true] as const,
    ),
    ...[false, 0, '0', 'false', 'False', ' no ', 'NO', 'off', 'free', 'FREE', 'inactive', 'none'].map(
      (value) => [value, false] as const,
    ),
    ...nothings.map((value) => [value, absent] as const),
    ...[
      2,
      -1,
      0.5,
      Number.NaN,
      'maybe',
      'y',
      'null',
      'trueish',
      'past_due',
      'paid',
      [],
      {},
      [true],
      '1.0',
    ].map((value) => [value, unreadable] as const),
  ])('%j is read as %j', (value, expected) => {
    expect(said(readFlag(value))).toBe(expected)
  })

  it('has no word that means both', () => {
    expect(trueWords.filter((word) => falseWords.includes(word))).toEqual([])
  })
})

describe('a plan', () => {
  it.each<readonly [unknown, string, string | null]>([
    ['pro', 'pro', null],
    ['PRO', 'pro', null],
    ['  Pro ', 'pro', null],
    ['premium', 'pro', null],
    ['Free', 'free', null],
    ['enterprise', 'enterprise', null],
    ...nothings.map((value) => [value, absent, null] as const),
    ['gold', unreadable, 'gold'],
    [' GOLD ', unreadable, 'gold'],
    ['price_pro', unreadable, 'price_pro'],
    ['toString', unreadable, 'tostring'],
    ['pro plan', unreadable, 'pro plan'],
    [2, unreadable, null],
    [true, unreadable, null],
    [['pro'], unreadable, null],
    [{ id: 'pro' }, unreadable, null],
  ])('%j is read as %s, unknown value %j', (value, expected, unknownPlanValue) => {
    const reading = readPlan(value, catalogue)
    expect(said(reading.plan)).toBe(expected)
    expect(reading.unknownPlanValue).toBe(unknownPlanValue)
  })

  it('that is unknown is answered with what is known', () => {
    expect(readPlan('gold', catalogue).plan).toEqual({
      state: 'unreadable',
      found: '"gold"',
      needed: 'one of free, pro, premium, enterprise',
    })
  })
})

describe('a trial end', () => {
  it.each<readonly [unknown, unknown]>([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T10:00:00Z', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31T10:00Z', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31T10:00:00.5Z', '2027-01-31T10:00:00.500Z'],
    ['2027-01-31T10:00:00.123456+02:00', '2027-01-31T08:00:00.123Z'],
    ['2027-01-31 10:00:00+00', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31T10:00:00-0330', '2027-01-31T13:30:00.000Z'],
    ['2027-01-31T10:00:00', '2027-01-31T10:00:00.000Z'],
    [' 2027-01-31t10:00:00z ', '2027-01-31T10:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z'],
    [1801353600, '2027-01-31T00:00:00.000Z'],
    [1801353600.5, '2027-01-31T00:00:00.500Z'],
    [1801353600000, '2027-01-31T00:00:00.000Z'],
    ['1801353600', '2027-01-31T00:00:00.000Z'],
    [' 1801353600000 ', '2027-01-31T00:00:00.000Z'],
    ...nothings.map((value) => [value, absent] as const),
    [0, unreadable],
    ['0', unreadable],
    [14, unreadable],
    [-1801353600, unreadable],
    [1801353600000000, unreadable],
    [Number.POSITIVE_INFINITY, unreadable],
    ['2027-02-30', unreadable],
    ['2027-02-29', unreadable],
    ['2027-13-01', unreadable],
    ['0001-01-01', unreadable],
    ['2027-01-31T24:00:00Z', unreadable],
    ['2027-01-31T10:00:00+25:00', unreadable],
    ['31.01.2027', unreadable],
    ['01/31/2027', unreadable],
    ['2027-01', unreadable],
    ['2027', unreadable],
    ['tomorrow', unreadable],
    ['Jan 31, 2027', unreadable],
    ['14 days', unreadable],
    [true, unreadable],
    [{ seconds: 1801353600 }, unreadable],
  ])('%j is read as %s', (value, expected) => {
    const read = readTrialEnd(value)
    expect(read.state === 'value' ? read.value.toISOString() : read.state).toBe(expected)
  })

  it('is the same moment in every way that it can be written', () => {
    const range = {
      min: new Date('2001-09-09T01:46:40Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    }
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const whole = new Date(Math.floor(date.getTime() / 1000) * 1000)
        const ways = [
          whole.toISOString(),
          whole.getTime(),
          whole.getTime() / 1000,
          String(whole.getTime() / 1000),
        ]
        for (const way of ways) expect(said(readTrialEnd(way))).toEqual(whole)
      }),
    )
  })
})

describe('entitlements', () => {
  it.each<readonly [unknown, unknown]>([
    [{ reports: true, sso: false }, ['reports']],
    [{ sso: 'yes', reports: 1, audit: 'off', api: '0' }, ['reports', 'sso']],
    [{ reports: null, sso: '' }, []],
    [{}, []],
    [[], []],
    [
      ['sso', 'reports', ' sso '],
      ['reports', 'sso'],
    ],
    ...nothings.map((value) => [value, absent] as const),
    ['reports', unreadable],
    ['reports,sso', unreadable],
    [true, unreadable],
    [3, unreadable],
    [['reports', 3], unreadable],
    [['reports', ''], unreadable],
    [[['reports']], unreadable],
    [{ reports: 'maybe' }, unreadable],
    [{ reports: { enabled: true } }, unreadable],
    [{ projects: 10 }, unreadable],
    [{ '': true }, unreadable],
  ])('%j are read as %j', (value, expected) => {
    expect(said(readEntitlements(value))).toEqual(expected)
  })

  it('that cannot be read name the feature that is to blame', () => {
    expect(readEntitlements({ reports: true, sso: 'maybe' })).toMatchObject({ found: '{"sso":"maybe"}' })
  })
})

describe('seats', () => {
  it.each<readonly [unknown, unknown, unknown, unknown]>([
    [5, 5, 5, 5],
    ['5', 5, 5, 5],
    [' 12 ', 12, 12, 12],
    [0, 0, 'unlimited', 0],
    ['0', 0, 'unlimited', 0],
    ['Unlimited', 'unlimited', unreadable, unreadable],
    ...nothings.map((value) => [value, absent, absent, absent] as const),
    [-1, unreadable, unreadable, unreadable],
    [2.5, unreadable, unreadable, unreadable],
    ['2.5', unreadable, unreadable, unreadable],
    ['1e3', unreadable, unreadable, unreadable],
    ['many', unreadable, unreadable, unreadable],
    [true, unreadable, unreadable, unreadable],
    [[5], unreadable, unreadable, unreadable],
    [1e300, unreadable, unreadable, unreadable],
  ])('%j is read as limit %j, Clerk limit %j, members %j', (value, limit, clerkLimit, members) => {
    expect(said(readSeats(value))).toBe(limit)
    expect(said(readMembershipLimit(value))).toBe(clerkLimit)
    expect(said(readMembers(value))).toBe(members)
  })
})

describe('a customer id', () => {
  it.each<readonly [unknown, unknown]>([
    ['cus_NffrFeUfNV2Hib', 'cus_NffrFeUfNV2Hib'],
    [' cus_1 ', 'cus_1'],
    ...nothings.map((value) => [value, absent] as const),
    ['cus_', unreadable],
    ['CUS_1', unreadable],
    ['sub_1', unreadable],
    ['acct_1', unreadable],
    ['user_1', unreadable],
    ['cus_1; drop table', unreadable],
    ['cus_1/../charges', unreadable],
    ['cus_ä', unreadable],
    [42, unreadable],
    [['cus_1'], unreadable],
    [{ id: 'cus_1' }, unreadable],
    [false, unreadable],
  ])('%j is read as %s', (value, expected) => {
    expect(said(readCustomerId(value))).toBe(expected)
  })
})

describe('a path', () => {
  const path = (container: 'public_metadata' | 'private_metadata', ...keys: [string, ...string[]]) => ({
    container,
    keys,
    text: [container, ...keys].join('.'),
  })
  it.each([
    ['a value', { public_metadata: { plan: 'pro' } }, path('public_metadata', 'plan'), 'pro'],
    [
      'a value further down',
      { public_metadata: { a: { b: { c: 1 } } } },
      path('public_metadata', 'a', 'b', 'c'),
      1,
    ],
    ['false, which is a value', { public_metadata: { paid: false } }, path('public_metadata', 'paid'), false],
    ['nothing in an empty container', { public_metadata: {} }, path('public_metadata', 'plan'), absent],
    ['nothing in a null container', { private_metadata: null }, path('private_metadata', 'plan'), absent],
    ['nothing without the container', {}, path('private_metadata', 'plan'), absent],
    ['nothing below null', { public_metadata: { a: null } }, path('public_metadata', 'a', 'b'), absent],
    ['nothing inherited', { public_metadata: {} }, path('public_metadata', 'constructor'), absent],
    ['nothing of a prototype', { public_metadata: {} }, path('public_metadata', '__proto__', 'x'), absent],
    ['a text in the way', { public_metadata: { a: 'pro' } }, path('public_metadata', 'a', 'b'), unreadable],
    ['a list in the way', { public_metadata: { a: ['pro'] } }, path('public_metadata', 'a', '0'), unreadable],
    ['a container of another kind', { public_metadata: 'pro' }, path('public_metadata', 'plan'), unreadable],
  ])('finds %s', (_rule, object, metadataPath, expected) => {
    expect(said(readPath(object, metadataPath))).toBe(expected)
  })

  it('that is blocked says where', () => {
    const read = readPath({ public_metadata: { billing: 'pro' } }, path('public_metadata', 'billing', 'plan'))
    expect(read).toEqual({
      state: 'unreadable',
      found: '"pro"',
      needed: 'an object at public_metadata.billing',
    })
  })
})

describe('found text', () => {
  it.each([
    ['pro', '"pro"'],
    ['1', '"1"'],
    [1, '1'],
    [{ a: [true] }, '{"a":[true]}'],
    [undefined, 'nothing'],
    ['a\nb\u0007', '"a\\nb\\u0007"'],
    ['a\u202Eb', '"a\\u202eb"'],
    ['\u{E0041}', '"\\u{e0041}"'],
    ['sk_live_abc123', '"sk_live_…"'],
    ['whsec_abc+/=', '"whsec_…"'],
  ])('of %j is %s', (value, expected) => {
    expect(foundText(value)).toBe(expected)
  })

  it('of a plain text is what it is of any other', () => {
    const near = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '_', ' ', '.', ':', '@', '-', '"', 'sk_live_', 'whsec_', '\n'),
    })
    fc.assert(
      fc.property(near, (text) => {
        expect(foundText(text)).toBe(printable(JSON.stringify(text)))
      }),
    )
  })

  it('is at most 120 characters and holds no control character, whatever the app wrote', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const text = foundText(value)
        expect([...text].length).toBeLessThanOrEqual(120)
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
