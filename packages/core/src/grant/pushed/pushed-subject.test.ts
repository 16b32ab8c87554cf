import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCatalogue as catalogue } from '../../access/example-catalogue.ts'
import type { Granted, Read } from '../granted.ts'
import type { ParsedPushed, PushedMappings } from './parse-pushed-subject.ts'
import { parsePushedSubject } from './parse-pushed-subject.ts'
import type { PushedRecord } from './pushed-subject.ts'
import { pushedFields } from './pushed-subject.ts'
import { readPushedSubject } from './read-pushed-subject.ts'

const mappings: PushedMappings = {
  user: { components: ['plan'] },
  organization: { components: ['plan', 'seats'] },
}
const user = { type: 'user', id: 'u1', plan: 'pro' }
const organization = { type: 'organization', id: 'o1', plan: 'pro', seats: 5 }

describe('a pushed record', () => {
  it('is taken with everything that may be sent', () => {
    const json = {
      ...user,
      customerId: 'cus_1',
      externalId: 42,
      emails: [' Ada@Example.com', 'ada@example.com', 'b@example.com'],
      name: ' Ada ',
      premium: true,
      trialEndsAt: '2027-01-31',
      entitlements: { reports: true },
      deleted: false,
      updatedAt: '2026-06-01T12:00:00Z',
    }
    expect(recordOf(parsePushedSubject(json, mappings))).toEqual({
      kind: 'record',
      subject: { type: 'user', id: 'u1' },
      externalId: '42',
      emails: ['ada@example.com', 'b@example.com'],
      name: 'Ada',
      deleted: false,
      updatedAt: new Date('2026-06-01T12:00:00Z'),
      values: {
        customerId: 'cus_1',
        plan: 'pro',
        premium: true,
        trialEndsAt: '2027-01-31',
        entitlements: { reports: true },
      },
    })
  })

  it('keeps a missing field and null apart', () => {
    const { values } = recordOf(parsePushedSubject({ ...user, customerId: null }, mappings))
    expect(values).toEqual({ customerId: null, plan: 'pro' })
  })

  it('may have a number as its id, as keys of rows are', () => {
    expect(recordOf(parsePushedSubject({ ...user, id: 7 }, mappings)).subject.id).toBe('7')
  })

  it('needs nothing but whom it is about once that is deleted', () => {
    expect(recordOf(parsePushedSubject({ type: 'user', id: 'u1', deleted: true }, mappings)).deleted).toBe(
      true,
    )
  })

  const refusals: readonly (readonly [rule: string, json: unknown, problems: readonly string[]])[] = [
    ['that is no object', 'u1', ['record-not-object null']],
    ['that is a list', [user], ['record-not-object null']],
    ['that is nothing', null, ['record-not-object null']],
    ['without a type', { id: 'u1', plan: 'pro' }, ['type-invalid type']],
    ['of another type', { ...user, type: 'team' }, ['type-invalid type']],
    ['whose type is spelled otherwise', { ...user, type: 'User' }, ['type-invalid type']],
    ['without an id', { type: 'user', plan: 'pro' }, ['id-invalid id']],
    ['with an empty id', { ...user, id: '' }, ['id-invalid id']],
    ['with blanks around its id', { ...user, id: ' u1' }, ['id-invalid id']],
    ['with U+0000 in its id', { ...user, id: 'u\u00001' }, ['id-invalid id']],
    ['with a mark of direction in its id', { ...user, id: 'u\u202e1' }, ['id-invalid id']],
    ['with half a character in its id', { ...user, id: 'u\ud800' }, ['id-invalid id']],
    ['with a line break in its id', { ...user, id: 'u\n1' }, ['id-invalid id']],
    ['with an id of 256 characters', { ...user, id: 'u'.repeat(256) }, ['id-invalid id']],
    ['with half a number as its id', { ...user, id: 1.5 }, ['id-invalid id']],
    ['with an id too large to be exact', { ...user, id: 2 ** 60 }, ['id-invalid id']],
    ['with an object as its id', { ...user, id: { toString: 'u1' } }, ['id-invalid id']],
    ['with an unknown field', { ...user, customer_id: 'cus_1' }, ['field-unknown customer_id']],
    [
      'with a field of the prototype',
      JSON.parse('{"type":"user","id":"u1","plan":"pro","__proto__":{"plan":"x"}}'),
      ['field-unknown __proto__'],
    ],
    ['with a constructor', { ...user, constructor: 'x' }, ['field-unknown constructor']],
    ['without a field that the source carries', { type: 'user', id: 'u1' }, ['field-missing plan']],
    [
      'of an organization without seats and members',
      { type: 'organization', id: 'o1', plan: 'pro' },
      ['field-missing seats'],
    ],
    ['of a user with seats', { ...user, seats: 5 }, ['seats-of-users seats']],
    ['of a user with members', { ...user, members: 5 }, ['seats-of-users members']],
    ['with a nested value', { ...user, plan: { name: 'pro' } }, ['value-invalid plan']],
    ['with a list as its plan', { ...user, plan: ['pro'] }, ['value-invalid plan']],
    ['with a plan of 2,001 characters', { ...user, plan: 'p'.repeat(2_001) }, ['value-invalid plan']],
    ['with nested entitlements', { ...user, entitlements: [['reports']] }, ['value-invalid entitlements']],
    [
      'with deep entitlements',
      { ...user, entitlements: { reports: { on: true } } },
      ['value-invalid entitlements'],
    ],
    [
      'with 1,001 entitlements',
      { ...user, entitlements: Array.from({ length: 1_001 }, String) },
      ['value-invalid entitlements'],
    ],
    ['with a word for deleted', { ...user, deleted: 'yes' }, ['value-invalid deleted']],
    ['with an address that is none', { ...user, emails: ['ada'] }, ['value-invalid emails']],
    ['with addresses that are objects', { ...user, emails: [{ email: 'a@b.c' }] }, ['value-invalid emails']],
    [
      'with 101 addresses',
      { ...user, emails: Array.from({ length: 101 }, (_, n) => `${n}@b.c`) },
      ['value-invalid emails'],
    ],
    ['with a name that is a list', { ...user, name: ['Ada'] }, ['value-invalid name']],
    ['with a time that is none', { ...user, updatedAt: 'yesterday' }, ['value-invalid updatedAt']],
    [
      'with all of that at once',
      { type: 'x', id: '', Plan: 1, name: {} },
      ['field-unknown Plan', 'type-invalid type', 'id-invalid id', 'value-invalid name'],
    ],
  ]
  it.each(refusals)('%s is refused', (_rule, json, problems) => {
    const parsed = parsePushedSubject(json, mappings)
    if (parsed.ok) throw new Error('It was taken.')
    expect(parsed.problems.map(({ code, field }) => `${code} ${field}`)).toEqual(problems)
  })

  it('of a type that the source does not hold is refused', () => {
    const parsed = parsePushedSubject(organization, { user: { components: ['plan'] } })
    expect(parsed).toMatchObject({
      ok: false,
      subject: null,
      problems: [{ code: 'type-invalid', needed: '"user"' }],
    })
  })

  it('that is refused still says whom it is about, where that is known', () => {
    expect(parsePushedSubject({ ...user, plam: 'pro' }, mappings)).toMatchObject({
      ok: false,
      subject: { type: 'user', id: 'u1' },
    })
    expect(parsePushedSubject({ ...user, id: '' }, mappings)).toMatchObject({ ok: false, subject: null })
  })

  it('takes nothing from a prototype', () => {
    const inherited: unknown = Object.create({ type: 'user', id: 'u1', plan: 'pro' })
    expect(parsePushedSubject(inherited, mappings).ok).toBe(false)
  })

  it('is taken or refused, whatever is sent, and says so in text that can be printed', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(
        Object.fromEntries(
          pushedFields.map((field) => [field, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))]),
        ),
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(anything, (json) => {
        const parsed = parsePushedSubject(json, mappings)
        if (parsed.ok) return
        expect(parsed.problems.length).toBeGreaterThan(0)
        for (const { found, needed } of parsed.problems) expect(found + needed).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})

describe('what a pushed subject grants', () => {
  const everything: PushedMappings = {
    organization: { components: ['paid', 'plan', 'trialEndsAt', 'entitlements', 'seats'] },
  }
  const full = {
    type: 'organization',
    id: 'o1',
    plan: 'pro',
    premium: 'yes',
    trialEndsAt: 1801353600,
    entitlements: ['sso'],
    seats: 5,
  }
  const grantedOf = (json: object, of = everything): Granted => {
    const record = recordOf(parsePushedSubject(json, of))
    const mapping = of[record.subject.type]
    if (!mapping) throw new Error('It is not mapped.')
    return readPushedSubject(record, mapping, rules).granted
  }

  it('is read by the rules of every other source', () => {
    expect(grantedOf(full)).toEqual({
      plan: value('pro'),
      unknownPlanValue: null,
      paid: value(true),
      trialEndsAt: value(new Date('2027-01-31T00:00:00Z')),
      entitlements: value(['sso']),
      seats: value(5),
      members: unmapped,
    })
  })

  it('is absent where null or a blank was sent', () => {
    const nothing = { ...full, plan: null, premium: '', trialEndsAt: null, entitlements: null, seats: ' ' }
    expect(states(grantedOf(nothing))).toEqual(['absent', 'absent', 'absent', 'absent', 'absent', 'unmapped'])
  })

  it('is unreadable where a value makes no sense, with what was found', () => {
    const nonsense = {
      ...full,
      plan: 'gold',
      premium: 'maybe',
      trialEndsAt: 14,
      entitlements: 'sso',
      seats: -1,
    }
    const granted = grantedOf(nonsense)
    expect(states(granted)).toEqual([...Array(5).fill('unreadable'), 'unmapped'])
    expect(granted.unknownPlanValue).toBe('gold')
    expect(granted.paid).toMatchObject({ found: '"maybe"' })
  })

  it('is not looked at where the source does not carry it, though it was sent', () => {
    expect(states(grantedOf(full, { organization: { components: ['plan'] } }))).toEqual([
      'value',
      ...Array(5).fill('unmapped'),
    ])
  })

  it('is unreadable, not absent, where the source came to carry it after the push', () => {
    const record = recordOf(parsePushedSubject(user, mappings))
    const { granted } = readPushedSubject(record, { components: ['plan', 'paid', 'entitlements'] }, rules)
    expect(granted.plan.state).toBe('value')
    expect(granted.paid).toMatchObject({ state: 'unreadable', found: 'nothing' })
    expect(granted.entitlements.state).toBe('unreadable')
  })

  it('of someone deleted is nothing, since nothing has to be sent', () => {
    const record = recordOf(parsePushedSubject({ type: 'user', id: 'u1', deleted: true }, mappings))
    const reading = readPushedSubject(record, { components: ['plan'] }, rules)
    expect([reading.deleted, reading.granted.plan.state]).toEqual([true, 'absent'])
  })

  it.each([
    ['only members are members against no limit', { members: 3 }, unmapped, value(3)],
    ['a limit and members are both', { seats: 5, members: 3 }, value(5), value(3)],
    ['a limit alone is a limit', { seats: 'unlimited' }, value('unlimited'), unmapped],
    ['no limit and no members is no limit', { seats: null, members: null }, { state: 'absent' }, unmapped],
  ])('in seats: %s', (_rule, sent, seats, members) => {
    const granted = grantedOf({ ...organization, seats: undefined, ...sent }, mappings)
    expect([granted.seats, granted.members]).toEqual([seats, members])
  })

  it('in seats is unknown where there is no limit and the members cannot be counted', () => {
    const granted = grantedOf({ type: 'organization', id: 'o1', plan: 'pro', members: 'many' }, mappings)
    expect([granted.seats.state, granted.members.state]).toEqual(['unreadable', 'unreadable'])
  })

  it.each([
    ['cus_1', value('cus_1')],
    [null, { state: 'absent' }],
    [undefined, unmapped],
    ['sub_1', expect.objectContaining({ state: 'unreadable' })],
  ])('belongs to the customer %j as %j', (customerId, expected) => {
    const json = customerId === undefined ? user : { ...user, customerId }
    const record = recordOf(parsePushedSubject(json, mappings))
    expect(readPushedSubject(record, { components: ['plan'] }, rules).customerId).toEqual(expected)
  })

  it('of a record that was skipped is unknown in all that the source carries', () => {
    const skipped = {
      kind: 'unreadable',
      subject: { type: 'organization', id: 'o1' },
      found: 'line 7: the field "plam"',
      needed: 'plan',
    } as const
    const reading = readPushedSubject(skipped, { components: ['plan', 'seats'] }, rules)
    expect(states(reading.granted)).toEqual([
      'unreadable',
      'unmapped',
      'unmapped',
      'unmapped',
      'unreadable',
      'unmapped',
    ])
    expect([reading.customerId.state, reading.deleted]).toEqual(['unreadable', false])
  })
})

const rules = { catalogue, source: 'app', readAt: new Date('2026-06-01T12:00:00Z') }
const unmapped = { state: 'unmapped' } as const
const value = <T>(found: T): Read<T> => ({ state: 'value', value: found })

function states({ plan, paid, trialEndsAt, entitlements, seats, members }: Granted): readonly string[] {
  return [plan, paid, trialEndsAt, entitlements, seats, members].map(({ state }) => state)
}

function recordOf(parsed: ParsedPushed): PushedRecord {
  if (parsed.ok) return parsed.record
  throw new Error(JSON.stringify(parsed.problems))
}
