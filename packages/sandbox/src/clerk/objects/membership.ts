import { emptyObject, type JsonObject, type Millis } from './json.ts'
import type { ClerkOrganization } from './organization.ts'
import type { ClerkRole } from './role.ts'
import { type ClerkUser, primaryEmail } from './user.ts'

/** A membership as it is kept: its organization, user and role by key, so that their changes show everywhere. */
export interface ClerkMembership {
  readonly id: string
  readonly organization_id: string
  readonly user_id: string
  /** A role's key, such as `org:admin`. */
  readonly role: string
  readonly public_metadata: JsonObject
  readonly private_metadata: JsonObject
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** A user as far as fellow members see it. */
export interface PublicUserData {
  readonly user_id: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly profile_image_url: string | null
  readonly image_url: string
  readonly has_image: boolean
  readonly identifier: string | null
  readonly username: string | null
  readonly banned: boolean
}

/** A membership as the Backend API sends it. */
export interface ClerkMembershipWire {
  readonly object: 'organization_membership'
  readonly id: string
  readonly role: string
  readonly role_name: string
  readonly permissions: readonly string[]
  readonly public_metadata: JsonObject
  readonly private_metadata: JsonObject
  readonly organization: ClerkOrganization
  readonly public_user_data: PublicUserData
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** Makes a membership, of role `org:member` unless told otherwise. */
export function makeMembership(
  fields: Pick<ClerkMembership, 'id' | 'organization_id' | 'user_id' | 'created_at'> &
    Partial<ClerkMembership>,
): ClerkMembership {
  return {
    id: fields.id,
    organization_id: fields.organization_id,
    user_id: fields.user_id,
    role: fields.role ?? 'org:member',
    public_metadata: fields.public_metadata ?? emptyObject,
    private_metadata: fields.private_metadata ?? emptyObject,
    created_at: fields.created_at,
    updated_at: fields.updated_at ?? fields.created_at,
  }
}

export function publicUserData(user: ClerkUser): PublicUserData {
  return {
    user_id: user.id,
    first_name: user.first_name,
    last_name: user.last_name,
    profile_image_url: user.profile_image_url,
    image_url: user.image_url,
    has_image: user.has_image,
    identifier: primaryEmail(user) ?? user.username,
    username: user.username,
    banned: user.banned,
  }
}

/** Joins a membership with what it names. */
export function membershipWire(
  membership: ClerkMembership,
  joined: {
    readonly organization: ClerkOrganization
    readonly user: ClerkUser
    readonly role: ClerkRole | undefined
  },
): ClerkMembershipWire {
  return {
    object: 'organization_membership',
    id: membership.id,
    role: membership.role,
    role_name: joined.role?.name ?? membership.role,
    permissions: joined.role?.permissions.map(({ key }) => key) ?? [],
    public_metadata: membership.public_metadata,
    private_metadata: membership.private_metadata,
    organization: joined.organization,
    public_user_data: publicUserData(joined.user),
    created_at: membership.created_at,
    updated_at: membership.updated_at,
  }
}
