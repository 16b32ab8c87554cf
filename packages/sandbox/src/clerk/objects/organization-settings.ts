/** An instance's settings for organizations. */
export interface OrganizationSettings {
  readonly object: 'organization_settings'
  readonly enabled: boolean
  /** 0: without limit. */
  readonly max_allowed_memberships: number
  readonly max_allowed_roles: number
  readonly max_allowed_domains: number
  readonly max_allowed_permissions: number
  readonly creator_role: string
  readonly admin_delete_enabled: boolean
  readonly domains_enabled: boolean
  readonly slug_disabled: boolean
  readonly domains_enrollment_modes: readonly string[]
  readonly domains_default_role: string
  readonly initial_role_set_key: string | null
}

/** A new instance's settings. */
export const defaultOrganizationSettings: OrganizationSettings = {
  object: 'organization_settings',
  enabled: true,
  max_allowed_memberships: 5,
  max_allowed_roles: 10,
  max_allowed_domains: 10,
  max_allowed_permissions: 50,
  creator_role: 'org:admin',
  admin_delete_enabled: true,
  domains_enabled: false,
  slug_disabled: false,
  domains_enrollment_modes: [],
  domains_default_role: 'org:member',
  initial_role_set_key: 'role_set:default',
}
