/* The table stands once, in the service; the dashboard only reads it, to say beforehand what a role may not do. */
export { policy, type RouteKey } from '../../../service/src/http/policy.ts'
export { isAtLeast, type Role } from '../../../service/src/team/role.ts'
