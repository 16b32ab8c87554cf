import { emptyObject, type JsonObject, type Millis } from './json.ts'
import { publicUserData } from './membership.ts'
import type { ClerkRole } from './role.ts'
import type { ClerkUser } from './user.ts'

/** An invitation to an organization as it is kept. */
export interface ClerkInvitation {
  readonly id: string
  readonly organization_id: string
  readonly email_address: string
  readonly role: string
  readonly inviter_id: string | null
  readonly status: 'pending' | 'accepted' | 'revoked' | 'expired'
  readonly public_metadata: JsonObject
  readonly private_metadata: JsonObject
  readonly url: string | null
  readonly expires_at: Millis
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** An invitation as the Backend API sends it. */
export interface ClerkInvitationWire extends ClerkInvitation {
  readonly object: 'organization_invitation'
  readonly role_name: string
  readonly public_inviter_data: InviterData | null
}

/** The inviter as the invited sees it. */
export interface InviterData {
  readonly user_id: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly image_url: string
  readonly has_image: boolean
  readonly identifier: string
}

const month = 30 * 24 * 3600 * 1000

/** Makes a pending invitation that expires after 30 days, unless told otherwise. */
export function makeInvitation(
  fields: Pick<ClerkInvitation, 'id' | 'organization_id' | 'email_address' | 'created_at'> &
    Partial<ClerkInvitation>,
): ClerkInvitation {
  return {
    role: 'org:member',
    inviter_id: null,
    status: 'pending',
    public_metadata: emptyObject,
    private_metadata: emptyObject,
    url: null,
    expires_at: fields.created_at + month,
    updated_at: fields.created_at,
    ...fields,
  }
}

export function invitationWire(
  invitation: ClerkInvitation,
  joined: { readonly role: ClerkRole | undefined; readonly inviter: ClerkUser | undefined },
): ClerkInvitationWire {
  return {
    object: 'organization_invitation',
    ...invitation,
    role_name: joined.role?.name ?? invitation.role,
    public_inviter_data: joined.inviter === undefined ? null : inviterData(joined.inviter),
  }
}

function inviterData(user: ClerkUser): InviterData {
  const { user_id, first_name, last_name, image_url, has_image, identifier } = publicUserData(user)
  return { user_id, first_name, last_name, image_url, has_image, identifier: identifier ?? '' }
}
