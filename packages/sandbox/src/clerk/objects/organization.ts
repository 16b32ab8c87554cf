import { emptyObject, type JsonObject, type Millis } from './json.ts'

/** An organization as the Backend API sends it; the member count is added where it is asked for. */
export interface ClerkOrganization {
  readonly object: 'organization'
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly image_url: string
  readonly has_image: boolean
  /** 0: without limit. */
  readonly max_allowed_memberships: number
  readonly admin_delete_enabled: boolean
  readonly public_metadata: JsonObject
  readonly private_metadata: JsonObject
  readonly created_by?: string
  readonly created_at: Millis
  readonly updated_at: Millis
  readonly role_set_key: string | null
}

const defaultImage = 'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsIm8iOjF9'

/** Makes an organization: all that is not given has Clerk's default; the slug comes from the name. */
export function makeOrganization(
  fields: Pick<ClerkOrganization, 'id' | 'name' | 'created_at'> & Partial<ClerkOrganization>,
): ClerkOrganization {
  return {
    object: 'organization',
    id: fields.id,
    name: fields.name,
    slug: fields.slug ?? slugOf(fields.name),
    image_url: fields.image_url ?? defaultImage,
    has_image: fields.has_image ?? false,
    max_allowed_memberships: fields.max_allowed_memberships ?? 5,
    admin_delete_enabled: fields.admin_delete_enabled ?? true,
    public_metadata: fields.public_metadata ?? emptyObject,
    private_metadata: fields.private_metadata ?? emptyObject,
    ...(fields.created_by !== undefined && { created_by: fields.created_by }),
    created_at: fields.created_at,
    updated_at: fields.updated_at ?? fields.created_at,
    role_set_key: fields.role_set_key ?? 'role_set:default',
  }
}

/** The slug that Clerk makes of a name: lower case, words joined by hyphens. */
export function slugOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'organization'
  )
}
