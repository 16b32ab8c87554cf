import type { Query, Selection } from '../http/query.ts'
import type { ClerkOrganization } from '../objects/index.ts'
import { pageInOrder, sortBy } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'

/** An organization with what its list can be asked to add. */
export interface CountedOrganization extends ClerkOrganization {
  readonly members_count?: number
  readonly missing_member_with_elevated_permissions?: boolean
}

/** A page of organizations, as `GET /v1/organizations`. */
export function listOrganizations(
  query: Query,
  state: ClerkState,
): { readonly data: readonly CountedOrganization[]; readonly total_count: number } {
  const page = query.page()
  const membersOf = ({ id }: ClerkOrganization) => state.membershipsByOrganization.count(id)
  const orders = {
    name: ({ name }: ClerkOrganization) => name,
    created_at: ({ created_at }: ClerkOrganization) => created_at,
    members_count: membersOf,
  }
  const order = query.orderBy(['name', 'created_at', 'members_count'], {
    field: 'created_at',
    descending: true,
  })
  const extras = readExtras(query)
  const text = query.text('query')?.toLowerCase() ?? ''
  const ids = query.selection('organization_id')
  const members = query.selection('user_id')
  query.end()
  const isAll = text === '' && ids === null && members === null
  const selected = isAll
    ? state.organizations.all()
    : state.organizations
        .all()
        .filter(
          (organization) =>
            isSelected(ids, [organization.id]) &&
            isSelected(members, members === null ? [] : memberIds(state, organization.id)) &&
            (text === '' || matches(organization, text)),
        )
  const data =
    order.field === 'created_at'
      ? pageInOrder(selected, page, order.descending)
      : sortBy(selected, order, orders).slice(page.offset, page.offset + page.limit)
  return { data: data.map((each) => withExtras(state, each, extras)), total_count: selected.length }
}

/** What a read of organizations can be asked to add. */
export interface OrganizationExtras {
  readonly members: boolean
  readonly missing: boolean
}

export function readExtras(query: Query): OrganizationExtras {
  return {
    members: query.flag('include_members_count') ?? false,
    missing: query.flag('include_missing_member_with_elevated_permissions') ?? false,
  }
}

export function withExtras(
  state: ClerkState,
  organization: ClerkOrganization,
  { members, missing }: OrganizationExtras,
): CountedOrganization {
  if (!members && !missing) return organization
  return {
    ...organization,
    ...(members && { members_count: state.membershipsByOrganization.count(organization.id) }),
    ...(missing && { missing_member_with_elevated_permissions: !hasManager(state, organization.id) }),
  }
}

function hasManager(state: ClerkState, organizationId: string): boolean {
  return state.membershipsByOrganization
    .find(organizationId)
    .some(({ role }) => state.role(role)?.is_creator_eligible === true)
}

function memberIds(state: ClerkState, organizationId: string): readonly string[] {
  return state.membershipsByOrganization.find(organizationId).map(({ user_id }) => user_id)
}

function isSelected(selection: Selection | null, values: readonly string[]): boolean {
  if (selection === null) return true
  if (values.some((value) => selection.excluded.has(value))) return false
  return selection.included.size === 0 || values.some((value) => selection.included.has(value))
}

function matches({ id, name, slug }: ClerkOrganization, text: string): boolean {
  return id.toLowerCase() === text || name.toLowerCase().includes(text) || slug.toLowerCase().includes(text)
}
