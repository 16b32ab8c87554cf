import type { SubjectId } from '@trueup/core'

/**
 * Who asks: what Clerk's `auth()`, `getAuth(request)` or `authenticateRequest().toAuth()` gives. Only the fields named
 * here are read, and only from a session that Clerk's own SDK authenticated.
 */
export interface SessionAuth {
  readonly userId: string | null
  readonly orgId?: string | null | undefined
  readonly orgRole?: string | null | undefined
  has?(asked: { readonly role: string } | { readonly permission: string }): boolean
}

/** The app's own server acting for a subject, where no person asks: a script, a support tool, a job. */
export interface TrustedActor {
  readonly trusted: SubjectId
}

export type Actor = SessionAuth | TrustedActor

/**
 * Who may manage an organization's billing.
 *
 * `role`: one of these roles (`org:admin`). `permission`: a custom permission, asked of the session token.
 * `system-permission`: Clerk's own `org:sys_billing:manage`, which is not in the token and costs one call.
 */
export type MayManage =
  | { readonly role: string | readonly string[] }
  | { readonly permission: string }
  | 'system-permission'
