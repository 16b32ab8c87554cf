import { signedInAuthObject, signedOutAuthObject } from '@clerk/backend/internal'
import { expect, it } from 'vitest'
import type { ClaimsAuth, ClaimsGateOptions } from './create-claims-gates.ts'
import { createClaimsGates } from './create-claims-gates.ts'

const catalogue = {
  plans: [
    { id: 'free_org', features: ['export'] },
    { id: 'pro', features: ['export', 'reports'] },
    { id: 'team', features: ['export', 'reports', 'sso'] },
  ],
} as const
const issuedAt = new Date('2026-11-21T12:00:00Z')
const iat = issuedAt.getTime() / 1000

/** What Clerk's own SDK makes of a token with these claims. */
function authOf(claims: { readonly pla?: string; readonly fea?: string; readonly org?: string | null }) {
  const { org = 'org_1', ...rest } = claims
  return signedInAuthObject({}, 'token', {
    ...{ v: 2, iss: 'https://clerk.example', sub: 'user_1', sid: 'sess_1', jti: 'jti_1' },
    ...{
      iat,
      nbf: iat,
      exp: iat + 60,
      azp: 'https://app.example',
      sts: 'active',
      fva: [1, -1],
      __raw: 'token',
    },
    ...(org ? { o: { id: org, slg: 'acme', rol: 'admin', per: 'read', fpm: '1' } } : {}),
    ...rest,
  } as const)
}
function gatesAt(secondsLater: number, options: Partial<ClaimsGateOptions> = {}) {
  const now = new Date(issuedAt.getTime() + secondsLater * 1000)
  return createClaimsGates({ catalogue, subject: 'organization', clock: { now: () => now }, ...options })
}

it.each<[string, Parameters<typeof authOf>[0], 'pro' | 'team', string]>([
  ['the plan', { pla: 'o:pro' }, 'pro', 'open'],
  ['a higher plan', { pla: 'o:team' }, 'pro', 'open'],
  ['a lower plan', { pla: 'o:free_org' }, 'pro', '403 plan-upgrade-required'],
  ['the user alone has the plan', { pla: 'u:pro' }, 'pro', '403 access-unknown'],
  ['a plan that the catalogue does not have', { pla: 'o:gold' }, 'pro', '403 access-unknown'],
  ['no plan at all', {}, 'pro', '403 access-unknown'],
  ['no organization is active', { pla: 'o:pro', org: null }, 'pro', '401 organization-missing'],
])('claims hold %s', async (_, claims, plan, answered) => {
  const answer = await gatesAt(10).requirePlan(plan)(authOf(claims))
  expect(answer.open ? 'open' : `${answer.status} ${answer.code}`).toBe(answered)
})

it.each<[string, string, string]>([
  ['the feature', 'o:reports', 'open'],
  ['the feature of the user alone', 'u:reports', '403 plan-upgrade-required'],
  ['the feature of both', 'uo:reports', 'open'],
  ['another feature', 'o:export', '403 plan-upgrade-required'],
])('claims hold %s', async (_, fea, answered) => {
  const answer = await gatesAt(10).requireFeature('reports')(authOf({ pla: 'o:free_org', fea }))
  expect(answer.open ? 'open' : `${answer.status} ${answer.code}`).toBe(answered)
})

it('opens a feature that the catalogue does not name and the claims hold', async () => {
  const auth = authOf({ pla: 'o:pro', fea: 'o:beta' })
  expect(await gatesAt(1).requireFeature('beta')(auth)).toMatchObject({
    open: true,
    access: { entitlements: ['beta'] },
  })
})

it('bills users by the plans of users', async () => {
  const gates = gatesAt(1, { subject: 'user' })
  expect(await gates.requirePlan('pro')(authOf({ pla: 'u:pro', org: null }))).toMatchObject({
    open: true,
    access: { subject: { type: 'user', id: 'user_1' } },
  })
  expect((await gates.requirePlan('pro')(authOf({ pla: 'o:pro' }))).open).toBe(false)
})

it('tells how old the token is, the current and the required plans', async () => {
  expect(await gatesAt(20).requirePlan('pro')(authOf({ pla: 'o:free_org', fea: 'o:export' }))).toEqual({
    open: false,
    status: 403,
    code: 'plan-upgrade-required',
    message: 'Plan upgrade required',
    subject: { type: 'organization', id: 'org_1' },
    current: { plan: 'free_org', seats: null },
    required: { plans: ['pro', 'team'], features: [], seats: null },
    reason: 'free',
    ageMs: 20_000,
  })
})

it('gives nothing beyond the first plan for a token that has run out, wherever it was kept', async () => {
  const auth = authOf({ pla: 'o:team', fea: 'o:sso' })
  expect((await gatesAt(64).requirePlan('team')(auth)).open).toBe(true)
  const late = gatesAt(65)
  expect(await late.requirePlan('pro')(auth)).toMatchObject({ code: 'access-unknown', reason: 'stale' })
  expect(await late.requireFeature('sso')(auth)).toMatchObject({ code: 'access-unknown', reason: 'stale' })
})

it.each<[string, ClaimsAuth | null]>([
  ['nobody', null],
  ['a session that Clerk calls signed out', signedOutAuthObject()],
  ['a session without a user', { userId: null, has: () => true }],
])('answers 401 to %s', async (_, auth) => {
  expect(await gatesAt(0).requirePlan('pro')(auth)).toMatchObject({ status: 401, code: 'signed-out' })
})
