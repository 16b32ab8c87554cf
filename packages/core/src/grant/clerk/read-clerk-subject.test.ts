import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCatalogue as catalogue } from '../../access/example-catalogue.ts'
import { SourceError } from '../../source-error.ts'
import type { ClerkMapping } from '../clerk-mapping.ts'
import type { ClerkMappingField } from './parse-mapping.ts'
import { parseClerkMapping } from './parse-mapping.ts'
import { readClerkOrganization, readClerkUser } from './read-clerk-subject.ts'

const readAt = new Date('2027-01-15T12:00:00Z')
const rules = { catalogue, source: 'clerk', readAt }

function mappingOf(
  type: 'user' | 'organization',
  texts: Partial<Record<ClerkMappingField, string>>,
): ClerkMapping {
  const { mapping, refusals } = parseClerkMapping(type, texts)
  if (!mapping) throw new Error(JSON.stringify(refusals))
  return mapping
}

const userMapping = mappingOf('user', {
  customerId: 'private_metadata.stripe_customer_id',
  plan: 'public_metadata.billing.plan',
  premium: 'public_metadata.is_premium',
  trialEndsAt: 'public_metadata.trial_ends_at',
  entitlements: 'public_metadata.entitlements',
})

/** A user as the Backend API sends it, shortened to what is read and some of what is not. */
function clerkUser(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'user_29w83sxmDNGwOuEthce5gg56FcC',
    object: 'user',
    external_id: null,
    primary_email_address_id: 'idn_2',
    username: null,
    first_name: 'Ada',
    last_name: 'Lovelace',
    public_metadata: {},
    private_metadata: {},
    unsafe_metadata: {},
    email_addresses: [],
    banned: false,
    locked: false,
    created_at: 1735689600000,
    updated_at: 1767225600123,
    ...over,
  }
}

describe('a Clerk user', () => {
  it('is read with everything that is mapped, and shows where it stood', () => {
    const user = clerkUser({
      private_metadata: { stripe_customer_id: 'cus_1' },
      public_metadata: {
        billing: { plan: 'PREMIUM' },
        is_premium: 'yes',
        trial_ends_at: 1801353600,
        entitlements: { reports: true, sso: false },
      },
    })
    expect(readClerkUser(user, userMapping, rules)).toEqual({
      subject: { type: 'user', id: 'user_29w83sxmDNGwOuEthce5gg56FcC' },
      source: 'clerk',
      customerId: { state: 'value', value: 'cus_1' },
      externalId: null,
      emails: [],
      name: 'Ada Lovelace',
      granted: {
        plan: { state: 'value', value: 'pro' },
        unknownPlanValue: null,
        paid: { state: 'value', value: true },
        trialEndsAt: { state: 'value', value: new Date('2027-01-31T00:00:00Z') },
        entitlements: { state: 'value', value: ['reports'] },
        seats: { state: 'unmapped' },
        members: { state: 'unmapped' },
      },
      deleted: false,
      updatedAt: new Date(1767225600123),
      readAt,
      fields: [
        { path: 'private_metadata.stripe_customer_id', found: '"cus_1"' },
        { path: 'public_metadata.billing.plan', found: '"PREMIUM"' },
        { path: 'public_metadata.is_premium', found: '"yes"' },
        { path: 'public_metadata.trial_ends_at', found: '1801353600' },
        { path: 'public_metadata.entitlements', found: '{"reports":true,"sso":false}' },
      ],
    })
  })

  it('without metadata has nothing, which is not the same as not being looked at', () => {
    const reading = readClerkUser(clerkUser({ private_metadata: null }), userMapping, rules)
    expect(reading.customerId).toEqual({ state: 'absent' })
    expect(reading.granted.plan).toEqual({ state: 'absent' })
    expect(reading.granted.seats).toEqual({ state: 'unmapped' })
    expect(reading.fields.map(({ found }) => found)).toEqual([null, null, null, null, null])
  })

  it('whose plan lies behind something else is unreadable, never free', () => {
    const reading = readClerkUser(clerkUser({ public_metadata: { billing: 'pro' } }), userMapping, rules)
    expect(reading.granted.plan.state).toBe('unreadable')
    expect(reading.fields[1]).toEqual({ path: 'public_metadata.billing.plan', found: '"pro"' })
  })

  it('with a plan that the catalogue does not have is named with it', () => {
    const reading = readClerkUser(
      clerkUser({ public_metadata: { billing: { plan: 'Gold' } } }),
      userMapping,
      rules,
    )
    expect(reading.granted.unknownPlanValue).toBe('gold')
  })

  it('answers to verified addresses only, without case, the primary one first', () => {
    const address = (id: string, email: string, status: string | null) => ({
      id,
      object: 'email_address',
      email_address: email,
      verification: status === null ? null : { status, strategy: 'email_code' },
    })
    const user = clerkUser({
      email_addresses: [
        address('idn_1', 'ADA@old.example', 'verified'),
        address('idn_2', 'Ada@Example.com', 'verified'),
        address('idn_3', 'ceo@victim.example', 'unverified'),
        address('idn_4', 'boss@victim.example', null),
        address('idn_5', 'late@victim.example', 'expired'),
        address('idn_6', 'ada@example.COM', 'verified'),
        'not an address',
      ],
    })
    expect(readClerkUser(user, userMapping, rules).emails).toEqual(['ada@example.com', 'ada@old.example'])
  })

  it.each([
    [{ first_name: 'Ada', last_name: null }, 'Ada'],
    [{ first_name: null, last_name: null, username: 'ada' }, 'ada'],
    [{ first_name: '', last_name: ' ', username: null }, null],
  ])('named %j is called %s', (names, expected) => {
    expect(readClerkUser(clerkUser(names), userMapping, rules).name).toBe(expected)
  })

  it.each([
    ['org_7', 'org_7'],
    ['', null],
    [null, null],
    [7, null],
  ])('with the external id %j has %j', (externalId, expected) => {
    expect(readClerkUser(clerkUser({ external_id: externalId }), userMapping, rules).externalId).toBe(
      expected,
    )
  })

  it('that was deleted is kept as deleted', () => {
    const reading = readClerkUser({ id: 'user_1', object: 'user', deleted: true }, userMapping, rules)
    expect(reading).toMatchObject({ deleted: true, customerId: { state: 'absent' }, updatedAt: null })
  })

  it.each<readonly [string, unknown]>([
    ['nothing', null],
    ['a text', '<html>502 Bad Gateway</html>'],
    ['a list', [clerkUser()]],
    ['no id', clerkUser({ id: undefined })],
    ['an empty id', clerkUser({ id: '' })],
    ['an organization', clerkUser({ object: 'organization' })],
    ['a user with the keys of the SDK', { id: 'user_1', publicMetadata: { plan: 'pro' } }],
  ])('is not read from %s, since that would look like missing access', (_rule, json) => {
    expect(() => readClerkUser(json, userMapping, rules)).toThrow(SourceError)
    expect(() => readClerkUser(json, userMapping, rules)).toThrow(
      expect.objectContaining({ code: 'answer-unreadable', source: 'clerk', retryable: false }),
    )
  })
})

describe('whatever metadata holds', () => {
  it('is a value, absent or unreadable, and is shown in at most 120 characters', () => {
    const metadata = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('billing', 'is_premium', 'trial_ends_at', 'entitlements', 'plan'),
        fc.jsonValue(),
      ),
      fc.record({ billing: fc.dictionary(fc.constant('plan'), fc.jsonValue()) }),
    )
    fc.assert(
      fc.property(metadata, metadata, (publicMetadata, privateMetadata) => {
        const user = clerkUser({ public_metadata: publicMetadata, private_metadata: privateMetadata })
        const { granted, customerId, fields } = readClerkUser(user, userMapping, rules)
        for (const read of [
          customerId,
          granted.plan,
          granted.paid,
          granted.trialEndsAt,
          granted.entitlements,
        ]) {
          expect(['value', 'absent', 'unreadable']).toContain(read.state)
        }
        for (const { found } of fields) expect([...(found ?? '')].length).toBeLessThanOrEqual(120)
      }),
    )
  })
})

describe('a Clerk organization', () => {
  const organization = (over: Readonly<Record<string, unknown>> = {}) => ({
    object: 'organization',
    id: 'org_1',
    name: 'Analytical Engines',
    slug: 'engines',
    members_count: 7,
    max_allowed_memberships: 5,
    public_metadata: { plan: 'enterprise', seats: '20' },
    private_metadata: { stripe_customer_id: 'cus_9' },
    created_at: 1735689600000,
    updated_at: 1767225600000,
    ...over,
  })
  const texts = { customerId: 'private_metadata.stripe_customer_id', plan: 'public_metadata.plan' }

  it('is read with its name and without addresses', () => {
    expect(readClerkOrganization(organization(), mappingOf('organization', texts), rules)).toMatchObject({
      subject: { type: 'organization', id: 'org_1' },
      name: 'Analytical Engines',
      emails: [],
      customerId: { state: 'value', value: 'cus_9' },
      granted: { plan: { state: 'value', value: 'enterprise' }, paid: { state: 'unmapped' } },
    })
  })

  it.each([
    ['max_allowed_memberships', {}, { state: 'value', value: 5 }, { state: 'unmapped' }, '5'],
    [
      'max_allowed_memberships',
      { max_allowed_memberships: 0 },
      { state: 'value', value: 'unlimited' },
      { state: 'unmapped' },
      '0',
    ],
    ['members_count', {}, { state: 'unmapped' }, { state: 'value', value: 7 }, '7'],
    ['members_count', { members_count: undefined }, { state: 'unmapped' }, { state: 'absent' }, null],
    ['public_metadata.seats', {}, { state: 'value', value: 20 }, { state: 'unmapped' }, '"20"'],
  ])('with seats at %s of %j', (seats, over, limit, members, found) => {
    const mapping = mappingOf('organization', { ...texts, seats })
    const reading = readClerkOrganization(organization(over), mapping, rules)
    expect(reading.granted.seats).toEqual(limit)
    expect(reading.granted.members).toEqual(members)
    expect(reading.fields).toContainEqual({ path: seats, found })
  })
})
