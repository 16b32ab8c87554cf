import { describe, expect, test } from 'vitest'
import type { Access } from '../access/access.ts'
import { freeAccess } from '../access/order.ts'
import {
  catalogue,
  customer,
  daysFromNow,
  granted,
  nothingGranted,
  now,
  pair,
  payer,
  payerAlone,
  reading,
  rules,
  subscription,
} from '../check/recorded-pairs.ts'
import type { Rules } from '../check/rules.ts'
import type { ClerkMapping, MetadataPath } from '../grant/clerk-mapping.ts'
import type { PostgresMapping } from '../grant/postgres-mapping.ts'
import type { Incident } from '../incident/incident.ts'
import { goRound } from '../loop.ts'
import type { Pair } from '../match/pair.ts'
import type { RepairContext } from './plan-repair.ts'
import { planRepair } from './plan-repair.ts'

const path = (text: string): MetadataPath => {
  const [container, ...keys] = text.split('.')
  const [first = '', ...rest] = keys
  return {
    container: container === 'private_metadata' ? 'private_metadata' : 'public_metadata',
    keys: [first, ...rest],
    text,
  }
}

const mapping: ClerkMapping = {
  customerId: path('private_metadata.billing.customer'),
  plan: path('public_metadata.plan'),
  premium: path('public_metadata.is_premium'),
  trialEndsAt: path('public_metadata.trial_ends_at'),
  entitlements: path('public_metadata.entitlements'),
  seats: null,
}
const context: RepairContext = {
  catalogue,
  access: [{ kind: 'clerk', name: 'clerk', mappings: { user: mapping } }],
  clerkApiUrl: 'https://api.clerk.com',
}

function plansFor(of: Pair) {
  const act = { by: 'check:1', at: now }
  return goRound(of, rules, new Map(), (key) => key, act, context).incidents.map(({ repair }) => repair)
}

const emptyFields = [{ path: 'public_metadata.plan', found: null }]

const access = (change: Partial<Access>): Access => ({ ...freeAccess(catalogue), ...change })

/** A user who pays for `pro` and is granted nothing. */
function anyIncident(): Incident & { readonly access: NonNullable<Incident['access']> } {
  const act = { by: 'check:1', at: now }
  const nothing = pair({ readings: [reading({ granted: nothingGranted, fields: emptyFields })] })
  const [incident] = goRound(nothing, rules, new Map(), (key) => key, act, context).incidents
  if (!incident?.access) throw new Error('A user who pays and has nothing is an incident.')
  const { repair: _repair, ...rest } = incident
  return {
    ...rest,
    access: {
      owed: access({ plan: 'pro', paid: true }),
      granted: access({}),
      allowed: access({ plan: 'pro', paid: true }),
    },
  }
}

const withFields = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([field, found]) => ({ path: `public_metadata.${field}`, found }))

describe('a guided repair', () => {
  test('gives paid access back with one patch of the mapped keys, in the words that the app uses', () => {
    const [plan] = plansFor(pair({ readings: [reading({ granted: nothingGranted, fields: emptyFields })] }))
    expect(plan?.act).toBe('grant')
    expect(plan?.request).toEqual({
      method: 'PATCH',
      url: 'https://api.clerk.com/v1/users/user_1/metadata',
      body: '{"public_metadata":{"plan":"premium","is_premium":true,"entitlements":{"reports":true}}}',
    })
    expect(plan?.link).toBe('https://dashboard.clerk.com/last-active?path=users/user_1')
  })

  test('takes unpaid access down to what is allowed, feature by feature', () => {
    const fields = withFields({ plan: '"pro"', is_premium: 'true', entitlements: '{"reports":true}' })
    const [plan] = plansFor(pair({ payers: [], pointed: null, readings: [reading({ fields })] }))
    expect(plan?.act).toBe('revoke')
    expect(plan?.request?.body).toBe(
      '{"public_metadata":{"plan":"free","is_premium":false,"entitlements":{"reports":false}}}',
    )
  })

  test('sets the plan alone where the plan alone is wrong', () => {
    const [plan] = plansFor(pair({ payers: [payer([subscription(['price_enterprise'])])] }))
    expect(plan?.act).toBe('set-plan')
    expect(plan?.changes.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['public_metadata.plan', '"pro"', 'enterprise'],
    ])
  })

  test('sets the end of a trial to that of billing', () => {
    const trial = subscription(['price_pro'], { status: 'trialing', trialEndsAt: daysFromNow(9) })
    const [plan] = plansFor(pair({ payers: [payer([trial])] }))
    expect(plan?.act).toBe('set-trial-end')
    expect(plan?.changes[0]?.after).toBe(daysFromNow(9).toISOString())
  })

  test('switches one feature on where features are kept as an object', () => {
    const [plan] = plansFor(pair({ payers: [payer([subscription(['price_pro', 'price_api'])])] }))
    expect(plan?.act).toBe('set-features')
    expect(plan?.request?.body).toBe('{"public_metadata":{"entitlements":{"api":true}}}')
  })

  test('writes the whole list where features are kept as a list, since a patch replaces lists', () => {
    const listed = reading({ fields: withFields({ entitlements: '["reports"]' }) })
    const [plan] = plansFor(
      pair({ readings: [listed], payers: [payer([subscription(['price_pro', 'price_api'])])] }),
    )
    expect(plan?.request?.body).toBe('{"public_metadata":{"entitlements":["api","reports"]}}')
  })

  test('points a subject to the customer that pays', () => {
    const [plan] = plansFor(
      pair({
        payers: [
          payer([]),
          payer([subscription(['price_pro'], { customerId: 'cus_2' })], {
            customer: customer('cus_2'),
            rule: 1,
          }),
        ],
      }),
    )
    expect(plan?.act).toBe('relink')
    expect(plan?.request?.body).toBe('{"private_metadata":{"billing":{"customer":"cus_2"}}}')
  })

  test('is steps for a person where there is no one safe answer', () => {
    const plans = [
      ...plansFor(payerAlone()),
      ...plansFor(pair({ sharedWith: [{ type: 'user', id: 'user_2' }] })),
      ...plansFor(pair({ payers: [payer([subscription(), subscription(['price_pro'], { id: 'sub_2' })])] })),
    ]
    expect(plans.map(({ act, request }) => [act, request])).toEqual([
      ['link', null],
      ['steps', null],
      ['steps', null],
    ])
    for (const { steps } of plans) expect(steps.length).toBeGreaterThan(1)
  })

  describe('keeps the features that may stay', () => {
    const free = { ...catalogue.plans[0], entitlements: ['community'] }
    const withCommunity = { ...catalogue, plans: [free, ...catalogue.plans.slice(1)] } as const
    const featuresAfter = (of: Pair, found: string, exceptions: Rules['exceptions'] = []) => {
      const act = { by: 'check:1', at: now }
      const oddRules = { ...rules, catalogue: withCommunity, exceptions }
      const [incident] = goRound(of, oddRules, new Map(), (key) => key, act, context).incidents
      expect(found).toBe(
        incident?.evidence.find(({ field }) => field === 'public_metadata.entitlements')?.value,
      )
      return incident?.repair.changes.find(({ field }) => field === 'public_metadata.entitlements')?.after
    }
    const readingOf = (found: string, entitlements: readonly string[], isPaid: boolean) =>
      reading({
        granted: granted({
          plan: { state: 'value', value: isPaid ? 'pro' : 'free' },
          paid: { state: 'value', value: isPaid },
          entitlements: { state: 'value', value: entitlements },
        }),
        fields: withFields({ entitlements: found }),
      })

    test('those of the free plan, when paid access is given', () => {
      const found = '{"community":true}'
      const of = pair({ readings: [readingOf(found, ['community'], false)] })
      expect(featuresAfter(of, found)).toEqual({ community: true, reports: true })
    })

    test('those of the free plan, where features are kept as a list', () => {
      const found = '["community"]'
      const of = pair({ readings: [readingOf(found, ['community'], false)] })
      expect(featuresAfter(of, found)).toEqual(['community', 'reports'])
    })

    test('those of the free plan, when unpaid access is taken; one that was closed stays closed', () => {
      const open = '{"community":true,"reports":true}'
      const unpaid = { payers: [], pointed: null }
      expect(
        featuresAfter(pair({ ...unpaid, readings: [readingOf(open, ['community', 'reports'], true)] }), open),
      ).toEqual({ community: true, reports: false })
      const closed = '{"community":false,"reports":true}'
      expect(
        featuresAfter(pair({ ...unpaid, readings: [readingOf(closed, ['reports'], true)] }), closed),
      ).toEqual({ community: false, reports: false })
    })

    test('all of them, where an exception allows every feature', () => {
      const found = '{"reports":true}'
      const exception = {
        subject: 'user_1',
        allowed: { entitlements: 'every' },
        reason: 'partner',
        author: null,
        until: null,
      } as const
      const of = pair({ payers: [], pointed: null, readings: [readingOf(found, ['reports'], true)] })
      expect(featuresAfter(of, found, [exception])).toBeUndefined()
    })

    test('whatever they are, where they cannot be read', () => {
      const unread = { state: 'unreadable', found: '7', needed: 'a list' } as const
      const of = pair({
        readings: [
          reading({
            granted: granted({ paid: { state: 'value', value: false }, entitlements: unread }),
            fields: withFields({ entitlements: '7' }),
          }),
        ],
      })
      expect(featuresAfter(of, '7')).toBeUndefined()
    })
  })

  test('patches only the keys that change, so that requests sent one after the other keep what the other did', () => {
    const fields = withFields({
      plan: '"pro"',
      is_premium: 'true',
      entitlements: '{"reports":true,"beta":true}',
    })
    const paying = [payer([subscription(['price_pro', 'price_api'])])]
    const [plan] = plansFor(pair({ payers: paying, readings: [reading({ fields })] }))
    expect(plan?.changes[0]?.after).toEqual({ reports: true, beta: true, api: true })
    expect(plan?.request?.body).toBe('{"public_metadata":{"entitlements":{"api":true}}}')
  })

  test('raises the limit of members with access that is given, in a request of its own', () => {
    const organization = { type: 'organization', id: 'org_1' } as const
    const incident: Incident = {
      ...anyIncident(),
      subject: organization,
      access: {
        owed: access({ plan: 'pro', paid: true, seats: 9 }),
        granted: access({}),
        allowed: access({ plan: 'pro', paid: true, seats: 9 }),
      },
      evidence: [
        { source: 'clerk', object: 'org_1', field: 'max_allowed_memberships', value: '2', readAt: now },
      ],
    }
    const withSeats: RepairContext = {
      ...context,
      access: [
        {
          kind: 'clerk',
          name: 'clerk',
          mappings: { organization: { ...mapping, seats: 'max_allowed_memberships' } },
        },
      ],
    }
    const plan = planRepair(incident, withSeats)
    expect(plan.request?.url).toBe('https://api.clerk.com/v1/organizations/org_1/metadata')
    expect(plan.furtherRequests).toEqual([
      {
        method: 'PATCH',
        url: 'https://api.clerk.com/v1/organizations/org_1',
        body: '{"max_allowed_memberships":9}',
      },
    ])
  })

  describe('of a row', () => {
    const users: PostgresMapping = {
      schema: 'public',
      table: 'users',
      key: 'id',
      subject: 'clerk_id',
      customerId: 'stripe_customer_id',
      email: null,
      emailVerified: null,
      plan: 'plan',
      premium: 'is_premium',
      trialEndsAt: 'trial_ends_at',
      entitlements: null,
      seats: null,
      members: null,
      deletedAt: null,
      updatedAt: null,
    }
    const inDatabase = (change: Partial<PostgresMapping> = {}): RepairContext => ({
      ...context,
      access: [
        { kind: 'postgres', name: 'app', mappings: { user: { ...users, ...change } } },
        { kind: 'clerk', name: 'clerk', mappings: { user: mapping } },
      ],
    })
    const row = (field: string, value: string | null) => ({
      source: 'app',
      object: '7',
      field: `public.users.${field}`,
      value,
      readAt: now,
    })

    test('is one statement that changes it only as long as it is as it was read', () => {
      const incident = {
        ...anyIncident(),
        evidence: [row('plan', '"o\'free"'), row('is_premium', '0'), row('trial_ends_at', null)],
      }
      const plan = planRepair(incident, inDatabase())
      expect(plan.statements).toEqual([
        `update "public"."users" set "plan" = 'premium', "is_premium" = 1 where "id" = '7' ` +
          `and "plan" is not distinct from 'o''free' and "is_premium" is not distinct from 0;`,
      ])
      expect(plan.request).toBeNull()
      expect(plan.changes.map(({ source, target, field }) => [source, target, field])).toEqual([
        ['app', '7', 'plan'],
        ['app', '7', 'is_premium'],
      ])
    })

    test('names what could break out of it', () => {
      const incident = { ...anyIncident(), evidence: [row('odd"name', '"free"')] }
      const plan = planRepair(incident, inDatabase({ plan: 'odd"name', premium: null }))
      expect(plan.statements[0]).toContain('set "odd""name" = \'premium\'')
    })

    test('is planned for each source that shows the drift, and for no other', () => {
      const clerkLine = {
        source: 'clerk',
        object: 'user_1',
        field: 'public_metadata.plan',
        value: null,
        readAt: now,
      }
      const both = {
        ...anyIncident(),
        evidence: [row('plan', '"free"'), row('is_premium', 'false'), clerkLine],
      }
      const plan = planRepair(both, inDatabase())
      expect(plan.statements).toHaveLength(1)
      expect(plan.request?.url).toContain('/v1/users/user_1/metadata')
      const one = planRepair({ ...both, evidence: [clerkLine] }, inDatabase())
      expect(one.statements).toEqual([])
    })

    test('does not exist where the source has no record of the subject', () => {
      const missing = { source: 'app', object: 'user_1', field: 'record', value: null, readAt: now }
      expect(planRepair({ ...anyIncident(), evidence: [missing] }, inDatabase()).statements).toEqual([])
    })

    test('is not planned over a value that was shortened in the evidence', () => {
      const incident = {
        ...anyIncident(),
        evidence: [row('plan', '"a very long te…'), row('is_premium', 'false')],
      }
      expect(planRepair(incident, inDatabase()).statements[0]).not.toContain('"plan"')
    })

    test('of features is added or taken, by a person', () => {
      const rows = {
        schema: 'public',
        table: 'features',
        subject: 'user_id',
        feature: 'name',
        enabled: null,
      }
      const incident = {
        ...anyIncident(),
        kind: 'entitlement-missing' as const,
        component: 'entitlement:sso' as const,
        evidence: [row('plan', '"pro"')],
      }
      expect(planRepair(incident, inDatabase({ entitlements: rows })).statements).toEqual([
        `insert into "public"."features" ("user_id", "name") select '7', 'sso' where not exists ` +
          `(select from "public"."features" where "user_id" = '7' and "name" = 'sso');`,
      ])
      const extra = { ...incident, kind: 'entitlement-extra' as const }
      expect(
        planRepair(extra, inDatabase({ entitlements: { ...rows, enabled: 'is_on' } })).statements,
      ).toEqual([`update "public"."features" set "is_on" = false where "user_id" = '7' and "name" = 'sso';`])
    })

    test('that disagrees with the first source is set to what that one says', () => {
      const clerkLine = {
        source: 'clerk',
        object: 'user_1',
        field: 'public_metadata.plan',
        value: '"pro"',
        readAt: now,
      }
      const incident = {
        ...anyIncident(),
        kind: 'grants-disagree' as const,
        component: 'plan' as const,
        hurts: 'both' as const,
        granted: ['app: enterprise', 'clerk: pro'],
        access: { ...anyIncident().access, granted: access({ plan: 'enterprise', paid: true }) },
        evidence: [row('plan', '"enterprise"'), clerkLine],
      }
      const plan = planRepair(incident, inDatabase())
      expect(plan.act).toBe('set-mirror')
      expect(plan.statements).toEqual([])
      expect(plan.request?.body).toBe('{"public_metadata":{"plan":"enterprise"}}')
      const unread = { ...incident, granted: ['app: unreadable', 'clerk: pro'] }
      expect(planRepair(unread, inDatabase()).request).toBeNull()
    })
  })

  test('never writes a value where access could not be read', () => {
    const unreadable = { state: 'unreadable', found: '7', needed: 'a word' } as const
    expect(plansFor(pair({ readings: [reading({ granted: granted({ paid: unreadable }) })] }))).toEqual([])
  })
})
