import type { Millis } from './json.ts'

/** A signed-in session as the Backend API sends it. */
export interface ClerkSession {
  readonly object: 'session'
  readonly id: string
  readonly user_id: string
  readonly client_id: string
  readonly actor: null
  readonly status:
    | 'active'
    | 'revoked'
    | 'ended'
    | 'expired'
    | 'removed'
    | 'abandoned'
    | 'replaced'
    | 'pending'
  readonly last_active_organization_id: string | null
  readonly last_active_at: Millis
  readonly expire_at: Millis
  readonly abandon_at: Millis
  readonly created_at: Millis
  readonly updated_at: Millis
}

const day = 24 * 3600 * 1000

/** Makes an active session that expires after seven days, unless told otherwise. */
export function makeSession(
  fields: Pick<ClerkSession, 'id' | 'user_id' | 'client_id' | 'created_at'> & Partial<ClerkSession>,
): ClerkSession {
  return {
    object: 'session',
    actor: null,
    status: 'active',
    last_active_organization_id: null,
    last_active_at: fields.created_at,
    expire_at: fields.created_at + 7 * day,
    abandon_at: fields.created_at + 30 * day,
    updated_at: fields.created_at,
    ...fields,
  }
}
