import { createClerkClient, verifyToken } from '@clerk/backend'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Listening, listen } from '../../server/listen.ts'
import { subscribe } from '../billing/subscribe.ts'
import { createClerkApp } from '../create-clerk-app.ts'
import { makeFeature, makeMoney, makePlan } from '../objects/index.ts'
import { createMembership } from '../organizations/create-membership.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { createPermission, createRole } from '../organizations/roles.ts'
import { ClerkState } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { SigningKey } from './signing-key.ts'

const secretKey = 'sk_test_sandbox'
const publishableKey = `pk_test_${Buffer.from('sandbox.clerk.accounts.dev$').toString('base64')}`
const state = new ClerkState({ seed: 'tokens' })
const signingKey = new SigningKey()
let server: Listening
let clerk: ReturnType<typeof createClerkClient>

beforeAll(async () => {
  server = await listen(createClerkApp({ state, keys: [secretKey], signingKey }))
  clerk = createClerkClient({ secretKey, publishableKey, apiUrl: server.url, telemetry: { disabled: true } })
})
afterAll(async () => {
  await server.close()
})

async function tokenOf(userId: string, activeOrganizationId?: string) {
  const session = await clerk.sessions.createSession({ userId })
  if (activeOrganizationId !== undefined) {
    const before = state.sessions.get(session.id)
    if (before !== undefined)
      state.putSession({ ...before, last_active_organization_id: activeOrganizationId })
  }
  return (await clerk.sessions.getToken(session.id)).jwt
}

test('the SDK accepts a token with the key set, and with the PEM and no network', async () => {
  const user = createUser(state, {})
  const token = await tokenOf(user.id)
  expect(await verifyToken(token, { secretKey, apiUrl: server.url })).toMatchObject({ sub: user.id, v: 2 })
  expect(await verifyToken(token, { jwtKey: signingKey.publicPem() })).toMatchObject({ sub: user.id })
})

test('the SDK refuses a token of another instance’s key', async () => {
  const token = await tokenOf(createUser(state, {}).id)
  const other = new SigningKey().publicPem()
  await expect(verifyToken(token, { jwtKey: other })).rejects.toMatchObject({
    reason: 'token-invalid-signature',
  })
})

test('a request with a token is signed in, in its organization, with the role’s permissions', async () => {
  const run = createPermission(state, { key: 'org:reports:run', name: 'Run', description: '' })
  const see = createPermission(state, { key: 'org:invoices:see', name: 'See', description: '' })
  createRole(state, { key: 'org:analyst', name: 'Analyst', description: null, permissions: [run.id, see.id] })
  const user = createUser(state, {})
  const organization = createOrganization(state, { name: 'Acme' })
  createMembership(state, organization.id, { user_id: user.id, role: 'org:analyst' })
  const token = await tokenOf(user.id, organization.id)
  const request = new Request('https://app.example/', { headers: { authorization: `Bearer ${token}` } })
  const outcome = await clerk.authenticateRequest(request, { jwtKey: signingKey.publicPem() })
  expect(outcome.status).toBe('signed-in')
  const auth = outcome.toAuth()
  if (auth === null || !('orgId' in auth)) throw new Error('the request carries no session')
  expect(auth).toMatchObject({
    userId: user.id,
    orgId: organization.id,
    orgSlug: 'acme',
    orgRole: 'org:analyst',
  })
  expect(auth.has({ permission: 'org:reports:run' })).toBe(true)
  expect(auth.has({ permission: 'org:invoices:see' })).toBe(true)
  expect(auth.has({ permission: 'org:invoices:run' })).toBe(false)
  expect(auth.has({ role: 'org:admin' })).toBe(false)
})

test('plans and features of Clerk Billing stand in the token, those of another payer do not', async () => {
  const user = createUser(state, {})
  const reports = makeFeature({ id: state.ids.next('feat'), slug: 'reports' })
  const pro = makePlan({
    id: state.ids.next('cplan'),
    slug: 'pro',
    fee: makeMoney(2000),
    features: [reports],
  })
  subscribe(state, user.id, pro)
  const has = async (userId: string) => {
    const token = await tokenOf(userId)
    const request = new Request('https://app.example/', { headers: { authorization: `Bearer ${token}` } })
    const auth = (await clerk.authenticateRequest(request, { jwtKey: signingKey.publicPem() })).toAuth()
    if (auth === null || !('has' in auth)) throw new Error('the request carries no session')
    return [auth.has({ plan: 'pro' }), auth.has({ feature: 'reports' }), auth.has({ plan: 'org:pro' })]
  }
  expect(await has(user.id)).toEqual([true, true, false])
  expect(await has(createUser(state, {}).id)).toEqual([false, false, false])
})
