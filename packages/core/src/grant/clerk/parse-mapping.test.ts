import { describe, expect, it } from 'vitest'
import { mappedComponents, parseClerkMapping, parseMetadataPath } from './parse-mapping.ts'

describe('a metadata path', () => {
  it.each([
    ['public_metadata.plan', 'public_metadata', ['plan']],
    ['private_metadata.billing.customer', 'private_metadata', ['billing', 'customer']],
    [' unsafe_metadata.a.b.c ', 'unsafe_metadata', ['a', 'b', 'c']],
    ['public_metadata.a key', 'public_metadata', ['a key']],
  ])('%j is taken', (text, container, keys) => {
    expect(parseMetadataPath(text, 'user', 'plan')).toEqual({
      ok: true,
      value: { container, keys, text: text.trim() },
    })
  })

  it.each([
    ['plan', 'user', 'plan', 'container-unknown'],
    ['', 'user', 'plan', 'container-unknown'],
    ['publicMetadata.plan', 'user', 'plan', 'container-unknown'],
    ['metadata.plan', 'user', 'plan', 'container-unknown'],
    ['toString.plan', 'user', 'plan', 'container-unknown'],
    ['public_metadata', 'user', 'plan', 'path-malformed'],
    ['public_metadata.', 'user', 'plan', 'path-malformed'],
    ['public_metadata..plan', 'user', 'plan', 'path-malformed'],
    ['public_metadata.plan.', 'user', 'plan', 'path-malformed'],
    ['public_metadata. plan', 'user', 'plan', 'path-malformed'],
    ['unsafe_metadata.plan', 'organization', 'plan', 'organization-without-unsafe'],
    ['unsafe_metadata.customer', 'user', 'customerId', 'customer-id-client-writable'],
    ['unsafe_metadata.customer', 'organization', 'customerId', 'organization-without-unsafe'],
  ] as const)('%j of a %s for %s is refused as %s', (text, type, field, code) => {
    expect(parseMetadataPath(text, type, field)).toMatchObject({ ok: false, refusal: { code } })
  })

  it('that no container begins is answered with those there are', () => {
    const needed = (type: 'user' | 'organization') => {
      const parsed = parseMetadataPath('plan', type, 'plan')
      return parsed.ok ? null : parsed.refusal.needed
    }
    expect(needed('user')).toContain('public_metadata or private_metadata or unsafe_metadata')
    expect(needed('organization')).not.toContain('unsafe_metadata')
  })
})

describe('a Clerk mapping', () => {
  const customerId = 'private_metadata.stripe_customer_id'

  it.each([
    ['the customer id missing', 'user', { plan: 'public_metadata.plan' }, ['customerId customer-id-missing']],
    ['neither plan nor premium', 'user', { customerId }, ['plan plan-and-premium-missing']],
    ['nothing', 'user', {}, ['customerId customer-id-missing', 'plan plan-and-premium-missing']],
    [
      'seats of users',
      'user',
      { customerId, plan: 'public_metadata.plan', seats: 'members_count' },
      ['seats seats-of-users'],
    ],
    [
      'several mistakes',
      'organization',
      { customerId: 'unsafe_metadata.c', plan: 'plan', seats: 'max_memberships' },
      ['customerId organization-without-unsafe', 'plan container-unknown', 'seats container-unknown'],
    ],
  ] as const)('with %s is refused, all at once', (_rule, type, texts, expected) => {
    const { mapping, refusals } = parseClerkMapping(type, texts)
    expect(mapping).toBeNull()
    expect(refusals.map(({ field, code }) => `${field} ${code}`)).toEqual(expected)
  })

  it('takes fields that a browser can write, for all but the customer id', () => {
    const { mapping } = parseClerkMapping('user', { customerId, plan: 'unsafe_metadata.plan' })
    expect(mapping?.plan?.container).toBe('unsafe_metadata')
  })

  it('compares what it maps', () => {
    const { mapping } = parseClerkMapping('organization', {
      customerId,
      premium: 'public_metadata.paid',
      seats: 'members_count',
    })
    expect(mapping && mappedComponents(mapping)).toEqual(['paid', 'seats'])
  })
})
