import { ClerkRefusal } from '../clerk-error.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound } from '../http/param-error.ts'
import type { Query } from '../http/query.ts'
import {
  type ClerkInvitation,
  type ClerkInvitationWire,
  invitationWire,
  makeInvitation,
} from '../objects/index.ts'
import { pageInOrder, sortBy } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'
import { createMembership } from './create-membership.ts'
import { findOrganization, findRole } from './find-organization.ts'

/** An invitation joined with its role and inviter. */
export function shownInvitation(state: ClerkState, invitation: ClerkInvitation): ClerkInvitationWire {
  const inviter = invitation.inviter_id === null ? undefined : state.users.get(invitation.inviter_id)
  return invitationWire(invitation, { role: state.role(invitation.role), inviter })
}

/** @throws ClerkRefusal 404 when the organization has no such invitation. */
export function findInvitation(state: ClerkState, organizationId: string, id: string): ClerkInvitation {
  const organization = findOrganization(state, organizationId)
  const invitation = state.invitations.get(id)
  if (invitation === undefined || invitation.organization_id !== organization.id) {
    throw notFound('organization invitation', id)
  }
  return invitation
}

/**
 * Invites an address and tells `organizationInvitation.created`. No mail is sent.
 *
 * @throws ClerkRefusal 400 when the address has a pending invitation already.
 */
export function createInvitation(
  state: ClerkState,
  organizationId: string,
  fields: Pick<ClerkInvitation, 'email_address' | 'role'> & Partial<ClerkInvitation>,
  http: HttpOrigin = null,
): ClerkInvitationWire {
  const organization = findOrganization(state, organizationId)
  const role = findRole(state, fields.role)
  const isSame = ({ status, email_address }: ClerkInvitation) =>
    status === 'pending' && email_address.toLowerCase() === fields.email_address.toLowerCase()
  if (state.invitationsByOrganization.find(organization.id).some(isSame)) {
    throw new ClerkRefusal(
      400,
      'duplicate_record',
      'duplicate invitation',
      `There are already pending invitations for the following email addresses: ${fields.email_address}`,
      { email_addresses: [fields.email_address] },
    )
  }
  const invitation = makeInvitation({
    ...fields,
    id: state.ids.next('orginv'),
    organization_id: organization.id,
    role: role.key,
    created_at: state.now(),
  })
  state.putInvitation(invitation)
  const wire = shownInvitation(state, invitation)
  state.emit('organizationInvitation.created', wire, http)
  return wire
}

/** @throws ClerkRefusal 400 when the invitation is not pending. */
export function revokeInvitation(
  state: ClerkState,
  organizationId: string,
  id: string,
  http: HttpOrigin = null,
): ClerkInvitationWire {
  const invitation = close(state, findInvitation(state, organizationId, id), 'revoked')
  const wire = shownInvitation(state, invitation)
  state.emit('organizationInvitation.revoked', wire, http)
  return wire
}

/** Accepts an invitation for a user: makes the membership and tells of both. Not a Backend API call; for stories. */
export function acceptInvitation(
  state: ClerkState,
  organizationId: string,
  id: string,
  userId: string,
): void {
  const pending = findInvitation(state, organizationId, id)
  const { public_metadata, private_metadata, role } = pending
  createMembership(state, organizationId, { user_id: userId, role, public_metadata, private_metadata })
  const invitation = close(state, pending, 'accepted')
  const organization = findOrganization(state, organizationId)
  state.emit('organizationInvitation.accepted', {
    ...shownInvitation(state, invitation),
    user_id: userId,
    data: {
      public_organization_data: {
        id: organization.id,
        name: organization.name,
        slug: organization.slug,
        image_url: organization.image_url,
        has_image: organization.has_image,
      },
    },
  })
}

function close(
  state: ClerkState,
  invitation: ClerkInvitation,
  status: 'accepted' | 'revoked',
): ClerkInvitation {
  if (invitation.status !== 'pending') {
    throw new ClerkRefusal(
      400,
      'organization_invitation_not_pending',
      'Cannot perform this operation',
      `The organization invitation is ${invitation.status}, not pending.`,
    )
  }
  const closed: ClerkInvitation = { ...invitation, status, updated_at: state.now() }
  state.putInvitation(closed)
  return closed
}

const statuses = ['pending', 'accepted', 'revoked', 'expired'] as const

/** A page of an organization's invitations. */
export function listInvitations(query: Query, state: ClerkState, organizationId: string) {
  const page = query.page()
  const order = query.orderBy(['created_at', 'email_address'], { field: 'created_at', descending: true })
  const emails = query.list('email_address')?.map((email) => email.toLowerCase())
  const status = query.list('status')
  query.end()
  const invitations = state.invitationsByOrganization
    .find(organizationId)
    .filter((each) => status === null || status.includes(each.status))
    .filter((each) => emails === undefined || emails.includes(each.email_address.toLowerCase()))
  const data =
    order.field === 'created_at'
      ? pageInOrder(invitations, page, order.descending)
      : sortBy(invitations, order, {
          created_at: ({ created_at }) => created_at,
          email_address: ({ email_address }) => email_address,
        }).slice(page.offset, page.offset + page.limit)
  return { data: data.map((each) => shownInvitation(state, each)), total_count: invitations.length }
}

/** A page of the invitations to a user's addresses, each with its organization. */
export function listUserInvitations(query: Query, state: ClerkState, emails: readonly string[]) {
  const page = query.page()
  const status = query.oneOf('status', statuses)
  query.end()
  const wanted = new Set(emails.map((email) => email.toLowerCase()))
  const invitations = state.invitations
    .all()
    .filter(({ email_address }) => wanted.has(email_address.toLowerCase()))
    .filter((each) => status === null || each.status === status)
  const data = pageInOrder(invitations, page, true).map((invitation) => {
    const { id, name, slug, image_url, has_image } = findOrganization(state, invitation.organization_id)
    return {
      ...shownInvitation(state, invitation),
      public_organization_data: { id, name, slug, image_url, has_image },
    }
  })
  return { data, total_count: invitations.length }
}
