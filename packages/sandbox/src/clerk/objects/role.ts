import type { Millis } from './json.ts'

/** A permission of organization members. */
export interface ClerkPermission {
  readonly object: 'permission'
  readonly id: string
  readonly name: string
  readonly key: string
  readonly description: string
  readonly type: 'system' | 'user'
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** A role of organization members, with its permissions. */
export interface ClerkRole {
  readonly object: 'role'
  readonly id: string
  readonly name: string
  readonly key: string
  readonly description: string | null
  readonly is_creator_eligible: boolean
  readonly permissions: readonly ClerkPermission[]
  readonly created_at: Millis
  readonly updated_at: Millis
}

export function makePermission(
  fields: Pick<ClerkPermission, 'id' | 'key' | 'created_at'> & Partial<ClerkPermission>,
): ClerkPermission {
  return {
    object: 'permission',
    name: fields.key,
    description: '',
    type: 'user',
    updated_at: fields.created_at,
    ...fields,
  }
}

export function makeRole(
  fields: Pick<ClerkRole, 'id' | 'key' | 'created_at'> & Partial<ClerkRole>,
): ClerkRole {
  const permissions = fields.permissions ?? []
  return {
    object: 'role',
    name: fields.key,
    description: null,
    is_creator_eligible: isCreatorEligible(permissions),
    updated_at: fields.created_at,
    ...fields,
    permissions,
  }
}

/** A creator's role must be able to run the organization. */
export function isCreatorEligible(permissions: readonly ClerkPermission[]): boolean {
  return ['org:sys_profile:manage', 'org:sys_memberships:manage', 'org:sys_memberships:read'].every(
    (needed) => permissions.some(({ key }) => key === needed),
  )
}

/** The system permissions of every instance, and whether a plain member has them. */
export const systemPermissions: readonly {
  readonly key: string
  readonly name: string
  readonly member: boolean
}[] = [
  { key: 'org:sys_profile:manage', name: 'Manage organization', member: false },
  { key: 'org:sys_profile:delete', name: 'Delete organization', member: false },
  { key: 'org:sys_memberships:read', name: 'Read members', member: true },
  { key: 'org:sys_memberships:manage', name: 'Manage members', member: false },
  { key: 'org:sys_domains:read', name: 'Read domains', member: false },
  { key: 'org:sys_domains:manage', name: 'Manage domains', member: false },
  { key: 'org:sys_billing:read', name: 'Read billing', member: true },
  { key: 'org:sys_billing:manage', name: 'Manage billing', member: false },
]
