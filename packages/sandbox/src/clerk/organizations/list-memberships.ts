import type { Query } from '../http/query.ts'
import { type ClerkMembership, type ClerkMembershipWire, primaryEmail } from '../objects/index.ts'
import { pageInOrder, sortBy } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'
import { readUserTests } from '../users/user-filter.ts'

export interface MembershipPage {
  readonly data: readonly ClerkMembershipWire[]
  readonly total_count: number
}

/** A page of all memberships of the instance, as `GET /v1/organization_memberships`. */
export function listInstanceMemberships(query: Query, state: ClerkState): MembershipPage {
  return pageOf(state.memberships.all(), query, state)
}

/** A page of a user's memberships. */
export function listUserMemberships(query: Query, state: ClerkState, userId: string): MembershipPage {
  return pageOf(state.membershipsByUser.find(userId), query, state)
}

/** A page of an organization's members, with the filters of the user list and `role`. */
export function listOrganizationMemberships(
  query: Query,
  state: ClerkState,
  organizationId: string,
): MembershipPage {
  const roles = query.list('role')
  const after = query.whole('created_at_after', 0)
  const before = query.whole('created_at_before', 0)
  const tests = readUserTests(query, state)
  const members = state.membershipsByOrganization.find(organizationId).filter((membership) => {
    if (roles !== null && !roles.includes(membership.role)) return false
    if (after !== null && membership.created_at <= after) return false
    if (before !== null && membership.created_at >= before) return false
    if (tests.length === 0) return true
    const user = state.users.get(membership.user_id)
    return user !== undefined && tests.every((test) => test.passes(user))
  })
  return pageOf(members, query, state)
}

const orderFields = [
  'created_at',
  'phone_number',
  'email_address',
  'first_name',
  'last_name',
  'username',
] as const

/** A page of memberships that are given oldest first. */
function pageOf(memberships: readonly ClerkMembership[], query: Query, state: ClerkState): MembershipPage {
  const page = query.page()
  const order = query.orderBy(orderFields, { field: 'created_at', descending: true })
  query.end()
  const userOf = ({ user_id }: ClerkMembership) => state.users.get(user_id)
  const data =
    order.field === 'created_at'
      ? pageInOrder(memberships, page, order.descending)
      : sortBy(memberships, order, {
          created_at: ({ created_at }) => created_at,
          phone_number: (each) => userOf(each)?.phone_numbers[0]?.phone_number ?? null,
          email_address: (each) => {
            const user = userOf(each)
            return user === undefined ? null : primaryEmail(user)
          },
          first_name: (each) => userOf(each)?.first_name ?? null,
          last_name: (each) => userOf(each)?.last_name ?? null,
          username: (each) => userOf(each)?.username ?? null,
        }).slice(page.offset, page.offset + page.limit)
  return { data: data.map((each) => state.membershipWire(each)), total_count: memberships.length }
}
