import type { JsonObject } from './objects/json.ts'

/** The events that the sandbox's Clerk sends, by what causes them. */
export const clerkEventTypes = [
  'user.created',
  'user.updated',
  'user.deleted',
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organizationMembership.created',
  'organizationMembership.updated',
  'organizationMembership.deleted',
  'organizationInvitation.created',
  'organizationInvitation.accepted',
  'organizationInvitation.revoked',
  'session.created',
  'session.revoked',
  'role.created',
  'role.updated',
  'role.deleted',
  'permission.created',
  'subscription.created',
  'subscription.updated',
  'subscription.active',
  'subscription.pastDue',
  'subscriptionItem.updated',
  'subscriptionItem.active',
  'subscriptionItem.canceled',
  'subscriptionItem.upcoming',
  'subscriptionItem.ended',
  'subscriptionItem.abandoned',
  'subscriptionItem.incomplete',
  'subscriptionItem.pastDue',
  'subscriptionItem.freeTrialEnding',
  'paymentAttempt.created',
  'paymentAttempt.updated',
] as const

export type ClerkEventType = (typeof clerkEventTypes)[number]

/** A change as it is told to whoever listens: the webhooks, for one. */
export interface ClerkEvent {
  readonly type: ClerkEventType
  readonly data: object
  /** Milliseconds. */
  readonly timestamp: number
  readonly http_request: { readonly client_ip: string; readonly user_agent: string } | null
}

/** What stays of a deleted object: no metadata, so that whoever maps it must have kept the mapping. */
export interface DeletedObject extends JsonObject {
  readonly object: string
  readonly id: string
  readonly deleted: true
  readonly slug?: string
  readonly external_id?: string
}
