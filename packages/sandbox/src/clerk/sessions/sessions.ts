import { ClerkRefusal } from '../clerk-error.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound, paramMissing } from '../http/param-error.ts'
import type { Query } from '../http/query.ts'
import { type ClerkSession, makeSession } from '../objects/index.ts'
import { findMembership, findOrganization } from '../organizations/find-organization.ts'
import { pageInOrder } from '../sort-by.ts'
import type { ClerkState } from '../state.ts'
import { findUser } from '../users/find-user.ts'

/** @throws ClerkRefusal 404 when there is no such session. */
export function findSession(state: ClerkState, id: string): ClerkSession {
  const session = state.sessions.get(id)
  if (session === undefined) throw notFound('session', id)
  return session
}

/** Signs a user in, in an organization where one is named, and tells `session.created`. */
export function createSession(
  state: ClerkState,
  fields: { readonly user_id: string; readonly active_organization_id?: string | null },
  http: HttpOrigin = null,
): ClerkSession {
  const user = findUser(state, fields.user_id)
  const organization =
    fields.active_organization_id == null ? null : findOrganization(state, fields.active_organization_id)
  if (organization !== null) findMembership(state, organization.id, user.id)
  const session = makeSession({
    id: state.ids.next('sess'),
    user_id: user.id,
    client_id: state.ids.next('client'),
    last_active_organization_id: organization?.id ?? null,
    created_at: state.now(),
  })
  state.putSession(session)
  state.emit('session.created', { ...session, user }, http)
  return session
}

/** Ends a session and tells `session.revoked`. */
export function revokeSession(state: ClerkState, id: string, http: HttpOrigin = null): ClerkSession {
  const session: ClerkSession = { ...findSession(state, id), status: 'revoked', updated_at: state.now() }
  state.putSession(session)
  const user = state.users.get(session.user_id)
  if (user !== undefined) state.emit('session.revoked', { ...session, user }, http)
  return session
}

/** @throws ClerkRefusal 404 when there is no such session, or it has ended. */
export function findLiveSession(state: ClerkState, id: string): ClerkSession {
  const session = findSession(state, id)
  const isLive = session.status === 'active' || session.status === 'pending'
  if (!isLive || session.expire_at <= state.now()) {
    throw new ClerkRefusal(
      404,
      'resource_not_found',
      'not found',
      `Session ${id} is ${isLive ? 'expired' : session.status}; no token can be made for it.`,
    )
  }
  return session
}

const statuses = [
  'abandoned',
  'active',
  'ended',
  'expired',
  'removed',
  'replaced',
  'revoked',
  'pending',
] as const

/** A page of sessions, as `GET /v1/sessions`: of a user or a client. */
export function listSessions(query: Query, state: ClerkState) {
  const page = query.page()
  const userId = query.text('user_id')
  const clientId = query.text('client_id')
  const status = query.oneOf('status', statuses)
  query.end()
  if (userId === null && clientId === null) throw paramMissing('user_id or client_id')
  const candidates = userId === null ? state.sessions.all() : state.sessionsByUser.find(userId)
  const sessions = candidates.filter(
    (each) =>
      (clientId === null || each.client_id === clientId) && (status === null || each.status === status),
  )
  const data = pageInOrder(sessions, page, true)
  return page.paginated ? { data, total_count: sessions.length } : data
}
