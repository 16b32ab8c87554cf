import type { Query, Selection } from '../http/query.ts'
import { type ClerkUser, primaryEmail } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** A test that a user must pass, and where it can be looked up instead of scanning, the users that can pass it. */
export interface UserTest {
  passes(user: ClerkUser): boolean
  candidates?(): Iterable<ClerkUser>
}

/** The filters of the user lists, those of memberships too, in the spelling of the query. */
export function readUserTests(query: Query, state: ClerkState): readonly UserTest[] {
  const tests: (UserTest | null)[] = [
    selected(
      query.selection('user_id'),
      ({ id }) => id,
      (id) => some(state.users.get(id)),
    ),
    selected(
      query.selection('external_id'),
      ({ external_id }) => external_id,
      (id) => state.usersByExternalId.find(id),
    ),
    byEmail(query.list('email_address'), state),
    anyOf(
      query.list('username'),
      ({ username }) => username,
      (name) => state.usersByUsername.find(name),
    ),
    byPhone(query.list('phone_number')),
    byWallet(query.list('web3_wallet')),
    byOrganization(query.selection('organization_id'), state),
    textMatch(query.text('query'), (user) => [
      user.id,
      user.username,
      user.first_name,
      user.last_name,
      fullName(user),
      ...emails(user),
      ...phones(user),
    ]),
    textMatch(query.text('email_address_query'), emails),
    textMatch(query.text('phone_number_query'), phones),
    textMatch(query.text('username_query'), ({ username }) => [username]),
    textMatch(query.text('name_query'), (user) => [user.first_name, user.last_name, fullName(user)]),
    flagTest(query.flag('banned')),
    before(query.whole('last_active_at_before', 0), ({ last_active_at }) => last_active_at),
    after(query.whole('last_active_at_after', 0), ({ last_active_at }) => last_active_at),
    since(query.whole('last_active_at_since', 0)),
    before(query.whole('last_sign_in_at_before', 0), ({ last_sign_in_at }) => last_sign_in_at),
    after(query.whole('last_sign_in_at_after', 0), ({ last_sign_in_at }) => last_sign_in_at),
    byProvider(query.text('provider'), query.list('provider_user_id')),
  ]
  return tests.filter((test) => test !== null)
}

const emails = (user: ClerkUser) => user.email_addresses.map(({ email_address }) => email_address)
const phones = (user: ClerkUser) => user.phone_numbers.map(({ phone_number }) => phone_number)
const fullName = (user: ClerkUser) => `${user.first_name ?? ''} ${user.last_name ?? ''}`.trim()
const some = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value])

/** The value that a list of users is ordered by; null sorts last. */
export const userOrders = {
  created_at: (user: ClerkUser) => user.created_at,
  updated_at: (user: ClerkUser) => user.updated_at,
  email_address: primaryEmail,
  web3wallet: (user: ClerkUser) => user.primary_web3_wallet_id,
  first_name: (user: ClerkUser) => user.first_name,
  last_name: (user: ClerkUser) => user.last_name,
  phone_number: (user: ClerkUser) => phones(user)[0] ?? null,
  username: (user: ClerkUser) => user.username,
  last_active_at: (user: ClerkUser) => user.last_active_at,
  last_sign_in_at: (user: ClerkUser) => user.last_sign_in_at,
}

function selected(
  selection: Selection | null,
  read: (user: ClerkUser) => string | null,
  find: (value: string) => readonly ClerkUser[],
): UserTest | null {
  if (selection === null) return null
  const { included, excluded } = selection
  return {
    passes(user) {
      const value = read(user)
      if (value !== null && excluded.has(value)) return false
      return included.size === 0 || (value !== null && included.has(value))
    },
    ...(included.size > 0 && { candidates: () => [...included].flatMap((value) => [...find(value)]) }),
  }
}

function anyOf(
  values: readonly string[] | null,
  read: (user: ClerkUser) => string | null,
  find: (value: string) => readonly ClerkUser[],
): UserTest | null {
  return selected(values === null ? null : { included: new Set(values), excluded: new Set() }, read, find)
}

function byEmail(values: readonly string[] | null, state: ClerkState): UserTest | null {
  if (values === null) return null
  const wanted = new Set(values.map((value) => value.toLowerCase()))
  return {
    passes: (user) => emails(user).some((email) => wanted.has(email.toLowerCase())),
    candidates: () => new Set([...wanted].flatMap((email) => [...state.usersByEmail.find(email)])),
  }
}

function byPhone(values: readonly string[] | null): UserTest | null {
  if (values === null) return null
  const wanted = new Set(values)
  return { passes: (user) => phones(user).some((phone) => wanted.has(phone)) }
}

function byWallet(values: readonly string[] | null): UserTest | null {
  if (values === null) return null
  const wanted = new Set<unknown>(values)
  return { passes: (user) => user.web3_wallets.some(({ web3_wallet }) => wanted.has(web3_wallet)) }
}

function byOrganization(selection: Selection | null, state: ClerkState): UserTest | null {
  if (selection === null) return null
  const { included, excluded } = selection
  const organizationsOf = (user: ClerkUser) => state.membershipsByUser.find(user.id)
  return {
    passes(user) {
      const memberships = organizationsOf(user)
      if (memberships.some(({ organization_id }) => excluded.has(organization_id))) return false
      return included.size === 0 || memberships.some(({ organization_id }) => included.has(organization_id))
    },
    ...(included.size > 0 && {
      candidates: () =>
        new Set(
          [...included]
            .flatMap((id) => [...state.membershipsByOrganization.find(id)])
            .flatMap(({ user_id }) => some(state.users.get(user_id))),
        ),
    }),
  }
}

function textMatch(
  text: string | null,
  valuesOf: (user: ClerkUser) => readonly (string | null)[],
): UserTest | null {
  if (text === null || text === '') return null
  const wanted = text.toLowerCase()
  return { passes: (user) => valuesOf(user).some((value) => value?.toLowerCase().includes(wanted) === true) }
}

function flagTest(banned: boolean | null): UserTest | null {
  return banned === null ? null : { passes: (user) => user.banned === banned }
}

function before(time: number | null, timeOf: (user: ClerkUser) => number | null): UserTest | null {
  return time === null ? null : { passes: (user) => (timeOf(user) ?? Number.POSITIVE_INFINITY) < time }
}

function after(time: number | null, timeOf: (user: ClerkUser) => number | null): UserTest | null {
  return time === null ? null : { passes: (user) => (timeOf(user) ?? Number.NEGATIVE_INFINITY) > time }
}

function since(time: number | null): UserTest | null {
  return time === null ? null : { passes: (user) => (user.last_active_at ?? 0) >= time }
}

function byProvider(provider: string | null, ids: readonly string[] | null): UserTest | null {
  if (provider === null) return null
  const wanted = ids === null ? null : new Set<unknown>(ids)
  return {
    passes: (user) =>
      user.external_accounts.some(
        (account) =>
          account.provider === provider && (wanted === null || wanted.has(account.provider_user_id)),
      ),
  }
}
