import type { Secret } from '../../../secret.ts'
import { type ConnectionTarget, placeOf } from '../connection/index.ts'

/**
 * The connection string of a new role to the place where another one connects; through a pooler the role is written
 * with its project, as the other one is.
 */
export function roleConnectionString(target: ConnectionTarget, role: string, password: Secret): string {
  const project = target.endpoint === 'direct' ? '' : (/\.[a-z0-9]+$/.exec(target.user)?.[0] ?? '')
  const mode = { 'verify-full': '', pinned: '?sslmode=require', off: '?sslmode=disable' }[target.tls.kind]
  const place = placeOf({ ...target, database: encodeURIComponent(target.database) })
  return `postgres://${encodeURIComponent(role)}${project}:${password.reveal()}@${place}${mode}`
}
