import type { Role } from '../team/role.ts'
import type { KeyScope } from './principal.ts'

export interface PolicyRow {
  /** The least role of a person; `anybody` is signed in and needs no role here; `nobody` needs no sign-in. */
  readonly role: Role | 'anybody' | 'nobody'
  /** What an API key needs; `never`: no key will do. */
  readonly key: KeyScope | 'never'
  /** The person has to have confirmed a short time ago who they are. */
  readonly fresh?: true
}

/** Needs no sign-in. What it does need, such as a token or a secret, its handler asks for. */
const nobody = { role: 'nobody', key: 'never' } as const
/** Is about the person themselves. */
const anybody = { role: 'anybody', key: 'never' } as const
const anybodyOrKey = { role: 'anybody', key: 'read' } as const
/** Looks at things. */
const viewer = { role: 'viewer', key: 'read' } as const
/** Looks at people, whose addresses are nothing for machines. */
const viewerInPerson = { role: 'viewer', key: 'never' } as const
/** Has things checked. A check reads, and what it files is for people to decide on: any key will do. */
const checker = { role: 'member', key: 'read' } as const
/** Deals with incidents. */
const member = { role: 'member', key: 'read+repair' } as const
/** Has things repaired. */
const repairer = { role: 'admin', key: 'read+repair' } as const
/** Decides how the workspace or project works. */
const admin = { role: 'admin', key: 'never' } as const
/** Touches secrets, or what can write. */
const freshAdmin = { role: 'admin', key: 'never', fresh: true } as const
const freshOwner = { role: 'owner', key: 'never', fresh: true } as const

/**
 * Who may do what: every route of the API and the least that it asks for. There is no other list. A route that is not
 * in it cannot be made, and a request that no row allows is refused.
 */
export const policy = {
  'GET /healthz': nobody,
  'GET /readyz': nobody,
  'GET /metrics': nobody,
  // The caller shows CRON_SECRET.
  'POST /api/cron/{task}': nobody,

  'GET /api/v1/sign-in-options': nobody,
  'POST /api/v1/sign-up': nobody,
  'POST /api/v1/sign-up/link': nobody,
  'POST /api/v1/session': nobody,
  'POST /api/v1/session/code': nobody,
  'POST /api/v1/session/provider': nobody,
  'GET /api/auth/callback/oidc': nobody,
  'DELETE /api/v1/session': anybody,
  'POST /api/v1/session/confirm': anybody,
  'POST /api/v1/password-reset': nobody,
  'POST /api/v1/password-reset/finish': nobody,
  'GET /api/v1/me': anybodyOrKey,
  'PATCH /api/v1/me': anybody,
  'PUT /api/v1/me/password': anybody,
  'POST /api/v1/me/second-factor': anybody,
  'POST /api/v1/me/second-factor/confirm': anybody,
  'POST /api/v1/me/second-factor/remove': anybody,
  'POST /api/v1/me/second-factor/backup-codes': anybody,
  'GET /api/v1/me/sessions': anybody,
  'DELETE /api/v1/me/sessions': anybody,
  'DELETE /api/v1/me/sessions/{sessionId}': anybody,

  'GET /api/v1/workspaces': anybody,
  'POST /api/v1/workspaces': anybody,
  'PATCH /api/v1/workspaces/{workspaceId}': admin,
  'DELETE /api/v1/workspaces/{workspaceId}': freshOwner,
  'POST /api/v1/workspaces/{workspaceId}/restore': freshOwner,
  'GET /api/v1/workspaces/{workspaceId}/demo': viewerInPerson,
  'POST /api/v1/workspaces/{workspaceId}/demo': admin,
  'POST /api/v1/workspaces/{workspaceId}/demo/reset': admin,
  'POST /api/v1/workspaces/{workspaceId}/hand-over': freshOwner,
  'POST /api/v1/workspaces/{workspaceId}/leave': viewerInPerson,
  'GET /api/v1/workspaces/{workspaceId}/record': admin,
  'GET /api/v1/workspaces/{workspaceId}/members': viewerInPerson,
  'PATCH /api/v1/workspaces/{workspaceId}/members/{personId}': freshOwner,
  'DELETE /api/v1/workspaces/{workspaceId}/members/{personId}': admin,
  'POST /api/v1/workspaces/{workspaceId}/members/{personId}/reset-link': freshAdmin,
  'GET /api/v1/workspaces/{workspaceId}/invites': admin,
  'POST /api/v1/workspaces/{workspaceId}/invites': admin,
  'DELETE /api/v1/workspaces/{workspaceId}/invites/{inviteId}': admin,
  // Whoever holds the link shows the token.
  'POST /api/v1/invites/open': nobody,
  'POST /api/v1/invites/accept': nobody,
  'POST /api/v1/invites/join': anybody,
  'GET /api/v1/workspaces/{workspaceId}/api-keys': admin,
  'POST /api/v1/workspaces/{workspaceId}/api-keys': freshAdmin,
  'DELETE /api/v1/workspaces/{workspaceId}/api-keys/{keyId}': admin,

  'GET /api/v1/projects': anybodyOrKey,
  'GET /api/v1/projects/{projectId}': viewer,
  'POST /api/v1/workspaces/{workspaceId}/projects': admin,
  'PATCH /api/v1/projects/{projectId}': admin,
  'DELETE /api/v1/projects/{projectId}': freshOwner,
  'POST /api/v1/projects/{projectId}/restore': freshOwner,
  'GET /api/v1/projects/{projectId}/sources': viewer,
  'POST /api/v1/projects/{projectId}/sources': freshAdmin,
  'DELETE /api/v1/projects/{projectId}/sources': freshAdmin,
  'POST /api/v1/projects/{projectId}/sources/{name}/test': admin,
  'DELETE /api/v1/projects/{projectId}/sources/{name}': freshAdmin,
  'GET /api/v1/projects/{projectId}/secret-uses': admin,
  'GET /api/v1/projects/{projectId}/setup/prices': admin,
  'GET /api/v1/projects/{projectId}/setup/clerk-fields': admin,
  'POST /api/v1/projects/{projectId}/setup/databases/{name}': admin,
  'POST /api/v1/projects/{projectId}/setup/databases/{name}/repair-sql': admin,
  'POST /api/v1/projects/{projectId}/setup/config': admin,
  'GET /api/v1/projects/{projectId}/onboarding': viewer,
  'PUT /api/v1/projects/{projectId}/onboarding/answers': admin,
  'GET /api/v1/projects/{projectId}/setup/permissions': admin,
  'POST /api/v1/projects/{projectId}/setup/read-role-sql': admin,
  'POST /api/v1/projects/{projectId}/setup/try-mapping': admin,
  'GET /api/v1/projects/{projectId}/config': viewer,
  'PUT /api/v1/projects/{projectId}/config': admin,
  'POST /api/v1/projects/{projectId}/config/validate': viewer,
  'POST /api/v1/projects/{projectId}/config/what-if': viewer,
  'GET /api/v1/projects/{projectId}/config/diff': viewer,
  'GET /api/v1/projects/{projectId}/config/versions': viewer,
  'GET /api/v1/projects/{projectId}/config/versions/{version}': viewer,
  'POST /api/v1/projects/{projectId}/config/versions/{version}/revert': admin,

  // Signed by the app that pushes.
  'PUT /api/v1/projects/{projectId}/subjects': nobody,
  'GET /api/v1/projects/{projectId}/push-secrets': viewer,
  'POST /api/v1/projects/{projectId}/push-secrets': freshAdmin,
  'DELETE /api/v1/projects/{projectId}/push-secrets/{secretId}': freshAdmin,

  'GET /api/v1/projects/{projectId}/schedules': viewer,
  'PATCH /api/v1/projects/{projectId}/schedules': admin,
  'GET /api/v1/projects/{projectId}/schedules/preview': viewer,

  'GET /api/v1/projects/{projectId}/incidents': viewer,
  'GET /api/v1/projects/{projectId}/incidents/export': viewer,
  'GET /api/v1/projects/{projectId}/incidents/counts': viewer,
  'GET /api/v1/projects/{projectId}/incidents/{incidentId}': viewer,
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/acknowledge': member,
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/ignore': member,
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/reopen': member,
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/assign': member,
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/comment': member,
  'POST /api/v1/projects/{projectId}/incidents/bulk': member,
  // Looks into both sides, like a check.
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/cause': checker,
  'GET /api/v1/projects/{projectId}/causes': viewer,
  'GET /api/v1/projects/{projectId}/deploys': viewer,
  // A pipeline marks them: any key will do.
  'POST /api/v1/projects/{projectId}/deploys': checker,
  'GET /api/v1/projects/{projectId}/money': viewer,
  'GET /api/v1/projects/{projectId}/parity': viewer,

  // Each person has their own.
  'GET /api/v1/projects/{projectId}/views': viewerInPerson,
  'POST /api/v1/projects/{projectId}/views': viewerInPerson,
  'PATCH /api/v1/projects/{projectId}/views/{viewId}': viewerInPerson,
  'DELETE /api/v1/projects/{projectId}/views/{viewId}': viewerInPerson,

  'GET /api/v1/projects/{projectId}/exceptions': viewer,
  'GET /api/v1/projects/{projectId}/exceptions/{exceptionId}': viewer,
  // They give access away: a matter of the project's policy.
  'POST /api/v1/projects/{projectId}/exceptions': admin,
  'POST /api/v1/projects/{projectId}/exceptions/{exceptionId}/extend': admin,
  'POST /api/v1/projects/{projectId}/exceptions/{exceptionId}/end': admin,

  'GET /api/v1/projects/{projectId}/customers': viewer,
  'GET /api/v1/projects/{projectId}/customers/export': viewer,
  'GET /api/v1/projects/{projectId}/customers/{customerId}/state': viewer,
  'POST /api/v1/projects/{projectId}/customers/{customerId}/check': checker,
  'GET /api/v1/projects/{projectId}/customers/{customerId}/timeline': viewer,
  'GET /api/v1/projects/{projectId}/customers/{customerId}/history': viewer,
  'GET /api/v1/projects/{projectId}/customers/{customerId}/at': viewer,

  'GET /api/v1/projects/{projectId}/repairs': viewer,
  'GET /api/v1/projects/{projectId}/repairs/export': viewer,
  'GET /api/v1/projects/{projectId}/repairs/brakes': viewer,
  'GET /api/v1/projects/{projectId}/repairs/{repairId}': viewer,
  'POST /api/v1/projects/{projectId}/repairs/propose': repairer,
  'POST /api/v1/projects/{projectId}/repairs/approve': repairer,
  'POST /api/v1/projects/{projectId}/repairs/{repairId}/approve': repairer,
  'POST /api/v1/projects/{projectId}/repairs/{repairId}/reject': repairer,
  'POST /api/v1/projects/{projectId}/repairs/{repairId}/apply': repairer,
  'POST /api/v1/projects/{projectId}/repairs/{repairId}/undo': repairer,
  'POST /api/v1/projects/{projectId}/repairs/release': repairer,
  'POST /api/v1/projects/{projectId}/repairs/switch': repairer,

  'GET /api/v1/projects/{projectId}/events': viewer,
  'GET /api/v1/projects/{projectId}/events/export': viewer,
  'GET /api/v1/projects/{projectId}/events/{provider}/{eventId}': viewer,
  'POST /api/v1/projects/{projectId}/events/{provider}/{eventId}/replay': member,
  'GET /api/v1/projects/{projectId}/webhooks': viewer,
  'POST /api/v1/projects/{projectId}/webhooks/compare': member,
  'POST /api/v1/projects/{projectId}/webhooks/{provider}/test': admin,
  'POST /api/v1/projects/{projectId}/webhooks/{provider}/secrets': freshAdmin,
  'DELETE /api/v1/projects/{projectId}/webhooks/{provider}/secrets/{secretId}': freshAdmin,
  'GET /api/v1/projects/{projectId}/due-checks': viewer,
  'POST /api/v1/projects/{projectId}/due-checks/retry': member,

  'GET /api/v1/projects/{projectId}/alerts/channels': viewer,
  'POST /api/v1/projects/{projectId}/alerts/channels': freshAdmin,
  'GET /api/v1/projects/{projectId}/alerts/channels/{channelId}': viewer,
  'PATCH /api/v1/projects/{projectId}/alerts/channels/{channelId}': freshAdmin,
  'DELETE /api/v1/projects/{projectId}/alerts/channels/{channelId}': admin,
  'POST /api/v1/projects/{projectId}/alerts/channels/{channelId}/test': admin,
  'GET /api/v1/projects/{projectId}/alerts/rules': viewer,
  'POST /api/v1/projects/{projectId}/alerts/rules': admin,
  'PUT /api/v1/projects/{projectId}/alerts/rules/{ruleId}': admin,
  'DELETE /api/v1/projects/{projectId}/alerts/rules/{ruleId}': admin,
  'GET /api/v1/projects/{projectId}/alerts/deliveries': viewer,
  'GET /api/v1/projects/{projectId}/alerts/deliveries/{deliveryId}': viewer,
  'POST /api/v1/projects/{projectId}/alerts/deliveries/{deliveryId}/send-again': admin,

  'GET /api/v1/projects/{projectId}/outgoing-webhooks': viewer,
  // The answer holds the secret that signs.
  'POST /api/v1/projects/{projectId}/outgoing-webhooks': freshAdmin,
  'GET /api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}': viewer,
  'PATCH /api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}': freshAdmin,
  'DELETE /api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}': admin,
  'POST /api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}/roll-secret': freshAdmin,
  'GET /api/v1/projects/{projectId}/outgoing-deliveries': viewer,
  'GET /api/v1/projects/{projectId}/outgoing-deliveries/{deliveryId}': viewer,
  'POST /api/v1/projects/{projectId}/outgoing-deliveries/{deliveryId}/send-again': admin,

  'GET /api/v1/projects/{projectId}/ledger': viewer,
  'GET /api/v1/projects/{projectId}/ledger/checkpoint': viewer,
  'GET /api/v1/projects/{projectId}/ledger/key': viewer,
  'GET /api/v1/projects/{projectId}/ledger/export': viewer,

  'GET /api/v1/projects/{projectId}/checks': viewer,
  'GET /api/v1/projects/{projectId}/checks/export': viewer,
  'POST /api/v1/projects/{projectId}/checks': checker,
  'GET /api/v1/projects/{projectId}/checks/{checkId}': viewer,
  'GET /api/v1/projects/{projectId}/checks/{checkId}/progress': viewer,
  'GET /api/v1/projects/{projectId}/checks/{checkId}/preview': viewer,

  // Tools that read and check, with whatever key.
  'POST /api/mcp': anybodyOrKey,
  'GET /api/mcp': anybodyOrKey,
  'DELETE /api/mcp': anybodyOrKey,
} as const satisfies Readonly<Record<`${Method} /${string}`, PolicyRow>>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RouteKey = keyof typeof policy

export const policyRows: Readonly<Record<RouteKey, PolicyRow>> = policy
