import { type Clock, systemClock } from '../server/clock.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import { ClerkBillingState } from './billing-state.ts'
import type { ClerkEvent, ClerkEventType } from './event.ts'
import { ClerkIds } from './ids.ts'
import { IndexBy } from './index-by.ts'
import {
  type ClerkInvitation,
  type ClerkMembership,
  type ClerkMembershipWire,
  type ClerkOrganization,
  type ClerkPermission,
  type ClerkRole,
  type ClerkSession,
  type ClerkUser,
  defaultOrganizationSettings,
  type JsonObject,
  makePermission,
  makeRole,
  membershipWire,
  type OrganizationSettings,
  systemPermissions,
} from './objects/index.ts'
import { Ordered } from './ordered.ts'

export interface ClerkStateOptions {
  /** Seeds the ids. Default `clerk`. */
  readonly seed?: string | number
  /** The time that changes are stamped with. Default: the machine's. */
  readonly clock?: Clock
}

/** What a world puts into a state at once. */
export interface ClerkLoad {
  readonly users?: Iterable<ClerkUser>
  readonly organizations?: Iterable<ClerkOrganization>
  readonly memberships?: Iterable<ClerkMembership>
}

/**
 * All that one Clerk instance knows. Its objects are plain and read-only; a change puts a new object in the old one's
 * place. Loading and putting tell nobody: events come from the verbs (`createUser`, `patchUserMetadata`, ...).
 *
 * @example
 * const state = new ClerkState({ seed: 7 })
 * state.load({ users: [makeUser({ id: state.ids.next('user'), created_at: Date.now() })] })
 */
export class ClerkState {
  readonly ids: ClerkIds
  readonly clock: Clock
  readonly instanceId: string
  readonly users = new Ordered<ClerkUser>()
  readonly organizations = new Ordered<ClerkOrganization>()
  readonly memberships = new Ordered<ClerkMembership>()
  readonly invitations = new Ordered<ClerkInvitation>()
  readonly sessions = new Ordered<ClerkSession>()
  readonly roles = new Ordered<ClerkRole>()
  readonly permissions = new Ordered<ClerkPermission>()
  readonly billing = new ClerkBillingState()
  settings: OrganizationSettings = defaultOrganizationSettings
  /** The claims of the instance's JWT templates, by name. */
  readonly jwtTemplates = new Map<string, JsonObject>()
  /** Whether the instance has an app at Svix, which its webhooks page makes. */
  hasSvixApp = false

  readonly usersByEmail = new IndexBy(this.users, (user) =>
    user.email_addresses.map(({ email_address }) => email_address.toLowerCase()),
  )
  readonly usersByEmailId = new IndexBy(this.users, (user) => user.email_addresses.map(({ id }) => id))
  readonly usersByExternalId = new IndexBy(this.users, ({ external_id }) => some(external_id))
  readonly usersByUsername = new IndexBy(this.users, ({ username }) => some(username))
  readonly organizationsBySlug = new IndexBy(this.organizations, ({ slug }) => [slug])
  readonly membershipsByUser = new IndexBy(this.memberships, ({ user_id }) => [user_id])
  readonly membershipsByOrganization = new IndexBy(this.memberships, ({ organization_id }) => [
    organization_id,
  ])
  readonly invitationsByOrganization = new IndexBy(this.invitations, ({ organization_id }) => [
    organization_id,
  ])
  readonly sessionsByUser = new IndexBy(this.sessions, ({ user_id }) => [user_id])
  readonly rolesByKey = new IndexBy(this.roles, ({ key }) => [key])
  readonly #listeners = new Set<(event: ClerkEvent) => void>()
  #aheadMs = 0

  constructor(options: ClerkStateOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.ids = new ClerkIds(options.seed ?? 'clerk')
    this.instanceId = this.ids.next('ins')
    this.#addSystemRoles()
  }

  now(): number {
    return this.clock.now().getTime() + this.#aheadMs
  }

  /** Moves this instance's own time on, by milliseconds. What falls due by it is for `catchUpBilling` to do. */
  advance(ms: number): void {
    this.#aheadMs += ms
  }

  /** Puts many objects in at once; sorting waits for the first read. */
  load(world: ClerkLoad): void {
    for (const user of world.users ?? []) this.putUser(user)
    for (const organization of world.organizations ?? []) this.putOrganization(organization)
    for (const membership of world.memberships ?? []) this.putMembership(membership)
  }

  putUser(user: ClerkUser): void {
    const before = this.users.get(user.id)
    this.usersByEmail.change(before, user)
    this.usersByEmailId.change(before, user)
    this.usersByExternalId.change(before, user)
    this.usersByUsername.change(before, user)
    this.users.put(user)
  }

  dropUser(id: string): void {
    const before = this.users.get(id)
    this.usersByEmail.change(before, undefined)
    this.usersByEmailId.change(before, undefined)
    this.usersByExternalId.change(before, undefined)
    this.usersByUsername.change(before, undefined)
    this.users.delete(id)
  }

  putOrganization(organization: ClerkOrganization): void {
    this.organizationsBySlug.change(this.organizations.get(organization.id), organization)
    this.organizations.put(organization)
  }

  dropOrganization(id: string): void {
    this.organizationsBySlug.change(this.organizations.get(id), undefined)
    this.organizations.delete(id)
  }

  putMembership(membership: ClerkMembership): void {
    const before = this.memberships.get(membership.id)
    this.membershipsByUser.change(before, membership)
    this.membershipsByOrganization.change(before, membership)
    this.memberships.put(membership)
  }

  dropMembership(id: string): void {
    const before = this.memberships.get(id)
    this.membershipsByUser.change(before, undefined)
    this.membershipsByOrganization.change(before, undefined)
    this.memberships.delete(id)
  }

  putInvitation(invitation: ClerkInvitation): void {
    this.invitationsByOrganization.change(this.invitations.get(invitation.id), invitation)
    this.invitations.put(invitation)
  }

  dropInvitation(id: string): void {
    this.invitationsByOrganization.change(this.invitations.get(id), undefined)
    this.invitations.delete(id)
  }

  putSession(session: ClerkSession): void {
    this.sessionsByUser.change(this.sessions.get(session.id), session)
    this.sessions.put(session)
  }

  putRole(role: ClerkRole): void {
    this.rolesByKey.change(this.roles.get(role.id), role)
    this.roles.put(role)
  }

  dropRole(id: string): void {
    this.rolesByKey.change(this.roles.get(id), undefined)
    this.roles.delete(id)
  }

  role(key: string): ClerkRole | undefined {
    return this.rolesByKey.find(key)[0]
  }

  /** An organization by its id or slug. */
  organization(idOrSlug: string): ClerkOrganization | undefined {
    return this.organizations.get(idOrSlug) ?? this.organizationsBySlug.find(idOrSlug)[0]
  }

  membership(organizationId: string, userId: string): ClerkMembership | undefined {
    return this.membershipsByUser
      .find(userId)
      .find(({ organization_id }) => organization_id === organizationId)
  }

  /**
   * A membership joined with what it names.
   *
   * @throws SandboxError `unknown-id` when its user or organization was never loaded.
   */
  membershipWire(membership: ClerkMembership): ClerkMembershipWire {
    const organization = this.organizations.get(membership.organization_id)
    const user = this.users.get(membership.user_id)
    if (organization === undefined || user === undefined) {
      throw new SandboxError(
        'unknown-id',
        `membership ${membership.id} names ${organization === undefined ? membership.organization_id : membership.user_id}, which the state does not have`,
        'Load the users and organizations of all memberships.',
      )
    }
    return membershipWire(membership, { organization, user, role: this.role(membership.role) })
  }

  /** Hands every later event to a listener. Gives back the function that ends it. */
  onEvent(listener: (event: ClerkEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the listeners of a change. `http` is the request that caused it, where one did. */
  emit(type: ClerkEventType, data: object, http: ClerkEvent['http_request'] = null): void {
    const event: ClerkEvent = { type, data, timestamp: this.now(), http_request: http }
    for (const listener of this.#listeners) listener(event)
  }

  #addSystemRoles(): void {
    const created_at = this.now()
    const permissions = systemPermissions.map(({ key, name, member }) => ({
      member,
      permission: makePermission({ id: this.ids.next('perm'), key, name, type: 'system', created_at }),
    }))
    for (const { permission } of permissions) this.permissions.put(permission)
    const of = (which: typeof permissions) => which.map(({ permission }) => permission)
    this.putRole(
      makeRole({
        id: this.ids.next('role'),
        key: 'org:admin',
        name: 'Admin',
        description: 'Role with elevated permissions',
        permissions: of(permissions),
        created_at,
      }),
    )
    this.putRole(
      makeRole({
        id: this.ids.next('role'),
        key: 'org:member',
        name: 'Member',
        description: 'Role with non-privileged permissions',
        permissions: of(permissions.filter(({ member }) => member)),
        created_at,
      }),
    )
  }
}

function some(value: string | null): readonly string[] {
  return value === null ? [] : [value]
}
