import { describe, expect, it } from 'vitest'
import type { Component } from '../access/access.ts'
import { agreementKey } from '../access/agreement-key.ts'
import { exampleCatalogue as catalogue } from '../access/example-catalogue.ts'
import { freeAccess } from '../access/order.ts'
import type { SourceComponents } from '../subject/source-components.ts'
import type { SubjectReading } from './granted.ts'
import { subjectAgreementKey } from './observe-subject.ts'

const now = new Date('2027-01-15T12:00:00Z')
const absent = { state: 'absent' } as const
const unmapped = { state: 'unmapped' } as const
const unreadable = { state: 'unreadable', found: '"?"', needed: 'sense' } as const
const compared: readonly Component[] = ['paid', 'plan', 'trialEndsAt', 'entitlements']
const mapped: readonly SourceComponents[] = [{ source: 'clerk', components: { user: compared } }]

const pro: SubjectReading = {
  subject: { type: 'user', id: 'user_1' },
  source: 'clerk',
  customerId: { state: 'value', value: 'cus_1' },
  externalId: null,
  emails: [],
  name: null,
  granted: {
    plan: { state: 'value', value: 'pro' },
    paid: absent,
    trialEndsAt: absent,
    entitlements: { state: 'value', value: ['reports'] },
    seats: unmapped,
    members: unmapped,
    unknownPlanValue: null,
  },
  deleted: false,
  updatedAt: null,
  readAt: now,
  fields: [],
}

function withGranted(granted: Partial<SubjectReading['granted']>): SubjectReading {
  return { ...pro, granted: { ...pro.granted, ...granted } }
}

describe('the agreement key of a subject', () => {
  it('equals the key of the access that it grants', () => {
    const promised = { ...freeAccess(catalogue), plan: 'pro', paid: true, entitlements: ['reports'] }
    expect(subjectAgreementKey(pro, { catalogue, mapped, now })).toBe(agreementKey(promised, compared, now))
  })

  it('of a subject without anything equals that of the free plan', () => {
    const bare = withGranted({ plan: absent, entitlements: absent })
    expect(subjectAgreementKey(bare, { catalogue, mapped, now })).toBe(
      agreementKey(freeAccess(catalogue), compared, now),
    )
  })

  it('leaves out a trial that has ended', () => {
    const ended = withGranted({ trialEndsAt: { state: 'value', value: new Date('2027-01-01T00:00:00Z') } })
    expect(subjectAgreementKey(ended, { catalogue, mapped, now })).toBe(
      subjectAgreementKey(pro, { catalogue, mapped, now }),
    )
  })

  it.each<readonly [string, SubjectReading]>([
    ['a deleted subject', { ...pro, deleted: true }],
    ['a customer id that cannot be read', { ...pro, customerId: unreadable }],
    ['a plan that the catalogue does not have', withGranted({ plan: unreadable, unknownPlanValue: 'gold' })],
    ['a flag that cannot be read', withGranted({ paid: unreadable })],
    ['a trial end that cannot be read', withGranted({ trialEndsAt: unreadable })],
    ['features that cannot be read', withGranted({ entitlements: unreadable })],
    ['a paid flag without a plan', withGranted({ plan: absent, paid: { state: 'value', value: true } })],
    ['members to be counted', withGranted({ members: { state: 'value', value: 3 } })],
    ['members that cannot be read', withGranted({ members: unreadable })],
  ])('is none for %s', (_rule, reading) => {
    expect(subjectAgreementKey(reading, { catalogue, mapped, now })).toBeNull()
  })
})
