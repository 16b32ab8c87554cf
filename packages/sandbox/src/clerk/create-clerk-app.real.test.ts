import { createClerkClient } from '@clerk/backend'
import { isClerkAPIResponseError } from '@clerk/shared/error'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../server/clock.ts'
import { type Listening, listen } from '../server/listen.ts'
import { subscribe } from './billing/subscribe.ts'
import { createClerkApp } from './create-clerk-app.ts'
import {
  makeFeature,
  makeMoney,
  makePaymentAttempt,
  makePlan,
  makePrice,
  makeStatement,
} from './objects/index.ts'
import { type CheckedApp, checkedApp } from './spec/checked-app.ts'
import { operations } from './spec/clerk-spec.ts'
import { ClerkState } from './state.ts'

const secretKey = 'sk_test_sandbox'
const start = new Date('2026-11-01T00:00:00Z')
const clock = new ManualClock(start)
const state = new ClerkState({ seed: 'call by call', clock })
let checked: CheckedApp
let server: Listening
let clerk: ReturnType<typeof createClerkClient>

beforeAll(async () => {
  checked = checkedApp(createClerkApp({ state, keys: [secretKey] }))
  server = await listen(checked.app)
  clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
})
afterAll(async () => {
  await server.close()
})

/** A call that the SDK has no method for. */
async function raw(method: string, path: string, body?: object, key = secretKey) {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? null : JSON.parse(text), headers: response.headers }
}

async function refusal(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isClerkAPIResponseError(error)) throw new Error(`expected a refusal of Clerk's, got ${String(error)}`)
  const [first] = error.errors
  return { status: error.status, code: first?.code, long: first?.longMessage, trace: error.clerkTraceId }
}

let count = 0
function newEmail(): string {
  count += 1
  return `person${count}@example.com`
}
async function newUser() {
  clock.advance(1000)
  return clerk.users.createUser({ emailAddress: [newEmail()] })
}

describe('users', () => {
  test('a created user has what was given and the defaults of the rest', async () => {
    const email = newEmail()
    const user = await clerk.users.createUser({
      emailAddress: [email],
      phoneNumber: ['+15555550100'],
      firstName: 'Ada',
      lastName: 'Byron',
      username: 'ada',
      externalId: 'ext_1',
      publicMetadata: { plan: 'pro' },
      privateMetadata: { stripe_customer_id: 'cus_1' },
      unsafeMetadata: { theme: 'dark' },
      createdAt: new Date('2026-01-02T03:04:05.000Z'),
    })
    expect(user.id).toMatch(/^user_[0-9A-Za-z]{27}$/)
    expect(user.primaryEmailAddress?.emailAddress).toBe(email)
    expect(user.createdAt).toBe(Date.parse('2026-01-02T03:04:05.000Z'))
    expect(user.publicMetadata).toEqual({ plan: 'pro' })
    expect((await clerk.users.getUser(user.id)).privateMetadata).toEqual({ stripe_customer_id: 'cus_1' })
  })

  test('an address, a username and an external id belong to one user', async () => {
    const email = newEmail()
    await clerk.users.createUser({ emailAddress: [email], username: 'grace', externalId: 'ext_2' })
    expect(await refusal(clerk.users.createUser({ emailAddress: [email.toUpperCase()] }))).toMatchObject({
      status: 422,
      code: 'form_identifier_exists',
    })
    expect(await refusal(clerk.users.createUser({ username: 'grace' }))).toMatchObject({ status: 422 })
    expect(await refusal(clerk.users.createUser({ externalId: 'ext_2' }))).toMatchObject({ status: 422 })
  })

  test('an unknown user is a 404 that names the id', async () => {
    expect(await refusal(clerk.users.getUser('user_none'))).toMatchObject({
      status: 404,
      code: 'resource_not_found',
      long: 'No user was found with id user_none',
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  test('an update changes the fields named and no other', async () => {
    const user = await newUser()
    clock.advance(5000)
    const updated = await clerk.users.updateUser(user.id, { firstName: 'Grace' })
    expect(updated.firstName).toBe('Grace')
    expect(updated.primaryEmailAddressId).toBe(user.primaryEmailAddressId)
    expect(updated.updatedAt).toBe(user.updatedAt + 5000)
  })

  test('metadata cannot be written through the user itself', async () => {
    const user = await newUser()
    const answer = await raw('PATCH', `/users/${user.id}`, { public_metadata: { plan: 'pro' } })
    expect(answer.status).toBe(422)
    expect(answer.json.errors[0]).toMatchObject({
      code: 'form_param_unknown',
      meta: { param_name: 'public_metadata' },
    })
  })

  test('patched metadata merges at every level, and null removes a key', async () => {
    const user = await newUser()
    await clerk.users.updateUserMetadata(user.id, {
      publicMetadata: { plan: 'pro', seats: { max: 5, used: 2 }, tags: ['a', 'b'] },
    })
    const patched = await clerk.users.updateUserMetadata(user.id, {
      publicMetadata: { plan: null, seats: { used: 3 }, tags: ['c'] },
      privateMetadata: { stripe_customer_id: 'cus_2' },
    })
    expect(patched.publicMetadata).toEqual({ seats: { max: 5, used: 3 }, tags: ['c'] })
    expect(patched.privateMetadata).toEqual({ stripe_customer_id: 'cus_2' })
  })

  test('put metadata replaces a field whole, keeps null in it, and leaves other fields', async () => {
    const user = await newUser()
    await clerk.users.updateUserMetadata(user.id, {
      publicMetadata: { a: 1, b: 2 },
      unsafeMetadata: { c: 3 },
    })
    const replaced = await clerk.users.replaceUserMetadata(user.id, { publicMetadata: { a: null } })
    expect(replaced.publicMetadata).toEqual({ a: null })
    expect(replaced.unsafeMetadata).toEqual({ c: 3 })
  })

  test('a metadata field holds at most 8 KB', async () => {
    const user = await newUser()
    const big = clerk.users.updateUserMetadata(user.id, { publicMetadata: { text: 'x'.repeat(8192) } })
    expect(await refusal(big)).toMatchObject({ status: 422, code: 'form_param_exceeds_allowed_size' })
    expect((await clerk.users.getUser(user.id)).publicMetadata).toEqual({})
  })

  test('banning and locking show on the user', async () => {
    const user = await newUser()
    expect((await clerk.users.banUser(user.id)).banned).toBe(true)
    expect((await clerk.users.unbanUser(user.id)).banned).toBe(false)
    expect((await clerk.users.lockUser(user.id)).locked).toBe(true)
    expect((await clerk.users.unlockUser(user.id)).locked).toBe(false)
  })

  test('of a deleted user only the id stays', async () => {
    const user = await clerk.users.createUser({ emailAddress: [newEmail()], externalId: 'ext_3' })
    const answer = await raw('DELETE', `/users/${user.id}`)
    expect(answer.json).toEqual({ object: 'user', id: user.id, deleted: true, external_id: 'ext_3' })
    expect(await refusal(clerk.users.getUser(user.id))).toMatchObject({ status: 404 })
  })
})

describe('lists of users', () => {
  const ids: string[] = []
  beforeAll(async () => {
    for (let index = 0; index < 25; index += 1) ids.unshift((await newUser()).id)
  })

  test('ten users, newest first, where nothing is asked', async () => {
    const { data, totalCount } = await clerk.users.getUserList()
    expect(data.map(({ id }) => id)).toEqual(ids.slice(0, 10))
    expect(totalCount).toBe(state.users.size)
  })

  test('pages by offset and by starting_after meet without a gap or an overlap', async () => {
    const byOffset = await clerk.users.getUserList({ limit: 10, offset: 10 })
    expect(byOffset.data.map(({ id }) => id)).toEqual(ids.slice(10, 20))
    const byCursor = await raw('GET', `/users?limit=10&starting_after=${ids[9]}`)
    expect(byCursor.json.map(({ id }: { id: string }) => id)).toEqual(ids.slice(10, 20))
    const ascending = await raw('GET', `/users?limit=5&order_by=%2Bcreated_at&starting_after=${ids[9]}`)
    expect(ascending.json.map(({ id }: { id: string }) => id)).toEqual(ids.slice(4, 9).toReversed())
  })

  test('starting_after also reaches the count, which it does not change', async () => {
    const params = { limit: 3, startingAfter: ids[0] } as Parameters<typeof clerk.users.getUserList>[0]
    const { data, totalCount } = await clerk.users.getUserList(params)
    expect(data.map(({ id }) => id)).toEqual(ids.slice(1, 4))
    expect(totalCount).toBe(state.users.size)
  })

  test.each([
    ['limit=0', 'form_param_value_invalid'],
    ['limit=501', 'form_param_value_invalid'],
    ['limit=ten', 'form_param_value_invalid'],
    ['offset=-1', 'form_param_value_invalid'],
    ['order_by=plan', 'form_param_value_invalid'],
    ['starting_after=user_none', 'form_param_value_invalid'],
    ['starting_after=FIRST&offset=1', 'form_param_value_invalid'],
    ['starting_after=FIRST&order_by=-updated_at', 'form_param_value_invalid'],
    ['metadata=pro', 'form_param_unknown'],
  ])('GET /users?%s is refused', async (query, code) => {
    const answer = await raw('GET', `/users?${query.replace('FIRST', ids[0] ?? '')}`)
    expect(answer.status).toBe(422)
    expect(answer.json.errors[0].code).toBe(code)
  })

  test('a filter takes at most 100 values', async () => {
    const values = Array.from({ length: 101 }, (_, index) => `user_id=user_${index}`)
    expect((await raw('GET', `/users?${values.slice(1).join('&')}`)).status).toBe(200)
    expect((await raw('GET', `/users?${values.join('&')}`)).status).toBe(422)
  })

  test('filters select by id, address, name, membership and time', async () => {
    const user = await clerk.users.createUser({
      emailAddress: ['Needle@Hay.example'],
      firstName: 'Nina',
      lastName: 'Needleman',
      username: 'needle',
      externalId: 'ext_needle',
    })
    const organization = await clerk.organizations.createOrganization({ name: 'Hay', createdBy: user.id })
    const only = [
      { userId: [user.id] },
      { externalId: ['ext_needle'] },
      { emailAddress: ['needle@hay.example'] },
      { username: ['needle'] },
      { query: 'eedlema' },
      { organizationId: [organization.id] },
      { createdAtAfter: user.createdAt - 1, createdAtBefore: user.createdAt + 1, query: 'needle' },
    ]
    for (const params of only) {
      const { data, totalCount } = await clerk.users.getUserList({ ...params, limit: 500 })
      expect({ params, ids: data.map(({ id }) => id), totalCount }).toEqual({
        params,
        ids: [user.id],
        totalCount: 1,
      })
    }
    const others = await clerk.users.getUserList({ userId: [`-${user.id}`], limit: 500 })
    expect(others.totalCount).toBe(state.users.size - 1)
    expect((await clerk.users.getUserList({ createdAtAfter: user.createdAt })).totalCount).toBe(0)
    await clerk.users.banUser(user.id)
    expect((await raw('GET', '/users?banned=true')).json).toMatchObject([{ id: user.id }])
    const byName = await clerk.users.getUserList({ orderBy: '+first_name', limit: 500 })
    const names = byName.data.map(({ firstName }) => firstName).filter((name) => name !== null)
    expect(names).toEqual(names.toSorted())
    expect(byName.data.at(-1)?.firstName).toBeNull()
  })

  test('the count is counted without the page', async () => {
    expect(await clerk.users.getCount()).toBe(state.users.size)
    expect(await clerk.users.getCount({ query: 'nobody at all' })).toBe(0)
  })
})

describe('email addresses', () => {
  test('an address is added, made primary, verified by its code and deleted', async () => {
    const user = await newUser()
    const added = await clerk.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: newEmail(),
      verified: false,
      primary: false,
    })
    expect(added.verification).toBeNull()
    const prepared = await raw('POST', `/email_addresses/${added.id}/prepare_verification`)
    const attempt = (code: string) =>
      raw('POST', `/email_addresses/${added.id}/attempt_verification`, {
        verification_id: prepared.json.id,
        code,
      })
    expect((await attempt('000000')).json.status).toBe('failed')
    expect((await attempt('424242')).json.status).toBe('verified')
    await clerk.emailAddresses.updateEmailAddress(added.id, { primary: true })
    expect((await clerk.users.getUser(user.id)).primaryEmailAddressId).toBe(added.id)
    expect((await raw('DELETE', `/email_addresses/${added.id}`)).status).toBe(409)
    await clerk.emailAddresses.deleteEmailAddress(user.primaryEmailAddressId ?? '')
    expect((await clerk.emailAddresses.getEmailAddress(added.id)).emailAddress).toBe(added.emailAddress)
    expect((await clerk.users.getUser(user.id)).emailAddresses).toHaveLength(1)
  })
})

test('another user’s address cannot be made primary', async () => {
  const [user, other] = [await newUser(), await newUser()]
  const foreign = { primaryEmailAddressID: other.primaryEmailAddressId ?? '' }
  expect(await refusal(clerk.users.updateUser(user.id, foreign))).toMatchObject({ status: 404 })
  expect((await clerk.users.getUser(user.id)).primaryEmailAddressId).toBe(user.primaryEmailAddressId)
})

describe('organizations', () => {
  test('a creator becomes a member in the creator role', async () => {
    const user = await newUser()
    const organization = await clerk.organizations.createOrganization({
      name: 'Acme Rockets',
      createdBy: user.id,
      publicMetadata: { plan: 'pro' },
    })
    expect(organization.slug).toBe('acme-rockets')
    const { data, totalCount } = await clerk.organizations.getOrganizationMembershipList({
      organizationId: organization.id,
    })
    expect(totalCount).toBe(1)
    expect(data[0]?.role).toBe('org:admin')
    expect(data[0]?.permissions).toContain('org:sys_billing:manage')
    expect(data[0]?.publicUserData?.userId).toBe(user.id)
    const bySlug = await clerk.organizations.getOrganization({
      slug: 'acme-rockets',
      includeMembersCount: true,
    })
    expect(bySlug.membersCount).toBe(1)
  })

  test('an organization is renamed, and its metadata merged and replaced', async () => {
    const organization = await clerk.organizations.createOrganization({ name: 'Before' })
    const renamed = await clerk.organizations.updateOrganization(organization.id, {
      name: 'After',
      maxAllowedMemberships: 50,
    })
    expect(renamed.name).toBe('After')
    await clerk.organizations.updateOrganizationMetadata(organization.id, {
      publicMetadata: { plan: 'pro', seats: 3 },
      privateMetadata: { stripe_customer_id: 'cus_3' },
    })
    const merged = await clerk.organizations.updateOrganizationMetadata(organization.id, {
      publicMetadata: { seats: null },
    })
    expect(merged.publicMetadata).toEqual({ plan: 'pro' })
    const replaced = await clerk.organizations.replaceOrganizationMetadata(organization.id, {
      privateMetadata: {},
    })
    expect(replaced.privateMetadata).toEqual({})
    expect(replaced.publicMetadata).toEqual({ plan: 'pro' })
  })

  test('organizations have no unsafe metadata', async () => {
    const organization = await clerk.organizations.createOrganization({ name: 'Unsafe' })
    const answer = await raw('PATCH', `/organizations/${organization.id}/metadata`, {
      unsafe_metadata: { a: 1 },
    })
    expect(answer.status).toBe(422)
  })

  test('the list is filtered by text, id and member, and ordered by name or size', async () => {
    const user = await newUser()
    const zed = await clerk.organizations.createOrganization({ name: 'Zed Listing', createdBy: user.id })
    const abe = await clerk.organizations.createOrganization({ name: 'Abe Listing' })
    const names = async (params: Parameters<typeof clerk.organizations.getOrganizationList>[0]) =>
      (await clerk.organizations.getOrganizationList(params)).data.map(({ name }) => name)
    expect(await names({ query: 'listing', orderBy: '+name' })).toEqual(['Abe Listing', 'Zed Listing'])
    expect(await names({ query: 'listing', orderBy: '-members_count' })).toEqual([
      'Zed Listing',
      'Abe Listing',
    ])
    expect((await raw('GET', `/organizations?user_id=${user.id}`)).json.data).toMatchObject([{ id: zed.id }])
    expect(await names({ organizationId: [abe.id] })).toEqual(['Abe Listing'])
    expect(zed.createdBy).toBe(user.id)
  })

  test('a deleted organization takes its memberships along', async () => {
    const user = await newUser()
    const organization = await clerk.organizations.createOrganization({ name: 'Doomed', createdBy: user.id })
    const deleted = await raw('DELETE', `/organizations/${organization.id}`)
    expect(deleted.json).toEqual({
      object: 'organization',
      id: organization.id,
      slug: 'doomed',
      deleted: true,
    })
    const memberships = await clerk.users.getOrganizationMembershipList({ userId: user.id })
    expect(memberships.totalCount).toBe(0)
    expect(
      await refusal(clerk.organizations.getOrganization({ organizationId: organization.id })),
    ).toMatchObject({
      status: 404,
      long: 'Given organization not found.',
    })
  })
})

describe('memberships', () => {
  test('a member is added, promoted, given metadata, listed and removed', async () => {
    const organization = await clerk.organizations.createOrganization({
      name: 'Team',
      maxAllowedMemberships: 2,
    })
    const [user, other, third] = [await newUser(), await newUser(), await newUser()]
    const add = (userId: string) =>
      clerk.organizations.createOrganizationMembership({
        organizationId: organization.id,
        userId,
        role: 'org:member',
      })
    await add(user.id)
    expect(await refusal(add(user.id))).toMatchObject({ status: 422 })
    await add(other.id)
    expect(await refusal(add(third.id))).toMatchObject({ code: 'organization_membership_quota_exceeded' })
    const target = { organizationId: organization.id, userId: user.id }
    await clerk.organizations.updateOrganizationMembership({ ...target, role: 'org:admin' })
    const patched = await clerk.organizations.updateOrganizationMembershipMetadata({
      ...target,
      publicMetadata: { seat: 1 },
    })
    expect(patched.publicMetadata).toEqual({ seat: 1 })
    const admins = await clerk.organizations.getOrganizationMembershipList({
      organizationId: organization.id,
      role: ['org:admin'],
    })
    expect(admins.data.map(({ publicUserData }) => publicUserData?.userId)).toEqual([user.id])
    const all = await clerk.organizations.getInstanceOrganizationMembershipList({ limit: 500 })
    expect(all.totalCount).toBe(state.memberships.size)
    await clerk.organizations.deleteOrganizationMembership(target)
    expect(await refusal(clerk.organizations.deleteOrganizationMembership(target))).toMatchObject({
      status: 404,
    })
  })

  test('a member shows its user as the user is now', async () => {
    const user = await newUser()
    const organization = await clerk.organizations.createOrganization({ name: 'Now', createdBy: user.id })
    await clerk.users.updateUser(user.id, { firstName: 'Renamed' })
    const { data } = await clerk.organizations.getOrganizationMembershipList({
      organizationId: organization.id,
    })
    expect(data[0]?.publicUserData?.firstName).toBe('Renamed')
  })
})

describe('invitations', () => {
  test('an invitation is made, read, listed for its organization and its address, and revoked', async () => {
    const inviter = await newUser()
    const invited = await newUser()
    const organization = await clerk.organizations.createOrganization({
      name: 'Inviting',
      createdBy: inviter.id,
    })
    const emailAddress = invited.primaryEmailAddress?.emailAddress ?? ''
    const made = await clerk.organizations.createOrganizationInvitation({
      organizationId: organization.id,
      inviterUserId: inviter.id,
      emailAddress,
      role: 'org:member',
    })
    const again = raw('POST', `/organizations/${organization.id}/invitations`, {
      email_address: emailAddress,
      role: 'org:member',
    })
    expect((await again).status).toBe(400)
    const target = { organizationId: organization.id, invitationId: made.id }
    expect((await clerk.organizations.getOrganizationInvitation(target)).emailAddress).toBe(emailAddress)
    const pending = { organizationId: organization.id, status: ['pending' as const] }
    expect((await clerk.organizations.getOrganizationInvitationList(pending)).totalCount).toBe(1)
    const forUser = await clerk.users.getOrganizationInvitationList({ userId: invited.id })
    expect(forUser.data[0]?.publicOrganizationData?.name).toBe('Inviting')
    await clerk.organizations.revokeOrganizationInvitation({ ...target, requestingUserId: inviter.id })
    expect((await clerk.organizations.getOrganizationInvitationList(pending)).totalCount).toBe(0)
    expect(
      (await raw('POST', `/organizations/${organization.id}/invitations/${made.id}/revoke`)).status,
    ).toBe(400)
  })
})

describe('roles, permissions and settings', () => {
  test('a role is made of permissions, given to a member, changed and deleted when nobody has it', async () => {
    const permission = await raw('POST', '/organization_permissions', {
      name: 'Run reports',
      key: 'org:reports:run',
      description: 'May run reports',
    })
    const role = await raw('POST', '/organization_roles', {
      name: 'Analyst',
      key: 'org:analyst',
      permissions: [permission.json.id],
    })
    const user = await newUser()
    const organization = await clerk.organizations.createOrganization({ name: 'Reports' })
    const membership = await clerk.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: user.id,
      role: 'org:analyst',
    })
    expect(membership.permissions).toEqual(['org:reports:run'])
    const path = `/organization_roles/${role.json.id}`
    expect((await raw('PATCH', path, { name: 'Senior analyst' })).json.name).toBe('Senior analyst')
    expect((await raw('GET', path)).json.permissions).toHaveLength(1)
    expect((await raw('DELETE', path)).status).toBe(422)
    await clerk.organizations.deleteOrganizationMembership({
      organizationId: organization.id,
      userId: user.id,
    })
    expect((await raw('DELETE', path)).json).toMatchObject({ deleted: true })
    expect((await raw('GET', '/organization_roles')).json.total_count).toBe(2)
    expect((await raw('GET', '/organization_permissions?query=reports')).json.total_count).toBe(1)
  })

  test('the settings for organizations are read and changed', async () => {
    expect((await clerk.instance.getOrganizationSettings()).maxAllowedMemberships).toBe(5)
    const changed = await clerk.instance.updateOrganizationSettings({ maxAllowedMemberships: 7 })
    expect(changed.maxAllowedMemberships).toBe(7)
    const organization = await clerk.organizations.createOrganization({ name: 'Seven' })
    expect(organization.maxAllowedMemberships).toBe(7)
  })
})

describe('sessions', () => {
  test('a session is made, listed, refreshed and revoked, and then gives no token', async () => {
    const user = await newUser()
    const session = await clerk.sessions.createSession({ userId: user.id })
    expect((await clerk.sessions.getSession(session.id)).status).toBe('active')
    const refreshed = await raw('POST', `/sessions/${session.id}/refresh`, {
      expired_token: 'a',
      refresh_token: 'b',
      request_origin: 'https://app.example',
    })
    expect(refreshed.json.jwt).toMatch(/^ey/)
    expect((await clerk.sessions.getToken(session.id)).jwt).toMatch(/^ey/)
    await clerk.sessions.revokeSession(session.id)
    expect(await refusal(clerk.sessions.getToken(session.id))).toMatchObject({ status: 404 })
    const { data, totalCount } = await clerk.sessions.getSessionList({ userId: user.id, status: 'revoked' })
    expect([totalCount, data[0]?.id]).toEqual([1, session.id])
    expect((await raw('GET', `/sessions?user_id=${user.id}`)).json).toHaveLength(1)
  })

  test('a token of a template has the claims of the template', async () => {
    const user = await newUser()
    const session = await clerk.sessions.createSession({ userId: user.id })
    state.jwtTemplates.set('db', { role: 'authenticated' })
    const { jwt } = await clerk.sessions.getToken(session.id, 'db', 300)
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ sub: user.id, role: 'authenticated' })
    expect(claims.exp - claims.iat).toBe(300)
    expect(await refusal(clerk.sessions.getToken(session.id, 'none'))).toMatchObject({ status: 404 })
  })
})

describe('webhooks page', () => {
  test('the app at Svix is made once, linked to, and deleted', async () => {
    expect((await raw('POST', '/webhooks/svix_url')).status).toBe(400)
    expect((await raw('POST', '/webhooks/svix')).json.svix_url).toMatch(/^https:/)
    expect((await raw('POST', '/webhooks/svix')).status).toBe(400)
    expect((await raw('POST', '/webhooks/svix_url')).status).toBe(200)
    expect((await raw('DELETE', '/webhooks/svix')).status).toBe(204)
  })
})

describe('billing', () => {
  test('plans, subscriptions, items, statements and credits are read from the state', async () => {
    const user = await newUser()
    const organization = await clerk.organizations.createOrganization({ name: 'Paying' })
    const reports = makeFeature({ id: state.ids.next('feat'), slug: 'reports' })
    const pro = makePlan({
      id: state.ids.next('cplan'),
      slug: 'pro',
      fee: makeMoney(2000),
      features: [reports],
    })
    const team = makePlan({
      id: state.ids.next('cplan'),
      slug: 'team',
      fee: makeMoney(9000),
      for_payer_type: 'org',
    })
    const price = makePrice({
      id: state.ids.next('cprice'),
      plan_id: pro.id,
      instance_id: state.instanceId,
      amount: 2000,
      created_at: state.now(),
    })
    state.billing.prices.set(price.id, price)
    const subscription = subscribe(state, user.id, pro, { is_free_trial: true })
    subscribe(state, organization.id, team)
    const [item] = subscription.subscription_items
    if (item === undefined) throw new Error('the subscription has no item')
    const payment = makePaymentAttempt({
      id: state.ids.next('cpayatt'),
      statement_id: 'cstmt_1',
      created_at: state.now(),
      subscription_item: item,
    })
    state.billing.statements.set(
      'cstmt_1',
      makeStatement({ id: 'cstmt_1', timestamp: state.now(), payer: item.payer, payments: [payment] }),
    )

    const plans = await clerk.billing.getPlanList({ payerType: 'org' })
    expect(plans.data.map(({ slug }) => slug)).toEqual(['team'])
    const read = await clerk.billing.getUserBillingSubscription(user.id)
    expect(read.status).toBe('active')
    expect(read.subscriptionItems[0]?.plan?.slug).toBe('pro')
    expect(
      (await clerk.billing.getOrganizationBillingSubscription(organization.id)).subscriptionItems,
    ).toHaveLength(1)
    expect((await raw('GET', `/billing/prices?plan_id=${pro.id}`)).json.total_count).toBe(1)
    expect((await raw('GET', '/billing/subscription_items?status=free_trial')).json.total_count).toBe(1)
    expect((await raw('GET', '/billing/subscription_items?payer_type=org')).json.total_count).toBe(1)
    expect((await raw('GET', '/billing/statements')).json.data[0].totals.grand_total.amount).toBe(2000)
    expect((await raw('GET', '/billing/statements/cstmt_1')).status).toBe(200)
    expect((await raw('GET', '/billing/statements/cstmt_1/payment_attempts')).json.total_count).toBe(1)

    for (const path of [`/users/${user.id}`, `/organizations/${organization.id}`]) {
      expect((await raw('GET', `${path}/billing/credits`)).json.balance).toBeNull()
      const body = { amount: 500, action: 'increase', idempotency_key: `key ${path}` }
      expect((await raw('POST', `${path}/billing/credits`, body)).json.amount.amount).toBe(500)
      expect((await raw('POST', `${path}/billing/credits`, body)).status).toBe(409)
      expect((await raw('GET', `${path}/billing/credits`)).json.balance.amount).toBe(500)
    }

    const later = new Date((item.period_end ?? 0) + 86_400_000)
    const extended = await clerk.billing.extendSubscriptionItemFreeTrial(item.id, { extendTo: later })
    expect(extended.periodEnd).toBe(later.getTime())
    const canceled = await clerk.billing.cancelSubscriptionItem(item.id, {})
    expect(canceled.status).toBe('canceled')
    expect((await clerk.billing.getUserBillingSubscription(user.id)).status).toBe('active')
  })

  test('who never subscribed has no subscription', async () => {
    const user = await newUser()
    expect(await refusal(clerk.billing.getUserBillingSubscription(user.id))).toMatchObject({ status: 404 })
  })
})

describe('the door', () => {
  test('JSON answers carry no charset, which the SDK would take for text', async () => {
    expect((await raw('GET', '/users')).headers.get('content-type')).toBe('application/json')
    expect((await raw('GET', '/users/user_none')).headers.get('content-type')).toBe('application/json')
  })

  test.each(['sk_test_other', 'pk_test_sandbox', 'sk_live_sandbox'])(
    '%s is not a key of the instance',
    async (key) => {
      const other = createClerkClient({ secretKey: key, apiUrl: server.url, telemetry: { disabled: true } })
      expect(await refusal(other.users.getUserList())).toMatchObject({
        status: 401,
        code: 'clerk_key_invalid',
      })
    },
  )

  test('a request without a key is told how to bring one', async () => {
    const response = await fetch(`${server.url}/v1/users`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ errors: [{ code: 'authorization_header_format_invalid' }] })
  })

  test('an unknown route is a 404 of Clerk’s', async () => {
    const answer = await raw('GET', '/user')
    expect(answer.status).toBe(404)
    expect(answer.json.errors[0].code).toBe('resource_not_found')
  })

  test('a body that is not a JSON object is a 400', async () => {
    const response = await fetch(`${server.url}/v1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: '{"email_address":',
    })
    expect(response.status).toBe(400)
  })
})

describe('the description', () => {
  test('every answer so far is as the published description says', () => {
    expect(checked.wrong).toEqual([])
  })

  test('every operation was answered, but for changes of prices and discounts', async () => {
    await raw('GET', '/jwks')
    const open = operations.filter((operation) => !checked.answered.has(operation))
    expect(open.toSorted()).toEqual([
      'DELETE /billing/subscription_items/{subscription_item_id}/discounts/{discount_id}',
      'POST /billing/prices',
      'POST /billing/subscription_items/{subscription_item_id}/discounts',
      'POST /billing/subscription_items/{subscription_item_id}/price_transition',
    ])
  })
})
