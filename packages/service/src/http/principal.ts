import type { Role } from '../team/role.ts'

/** What a key may do: read, or also decide on repairs. */
export type KeyScope = 'read' | 'read+repair'

/** Who asks. */
export type Principal =
  | {
      readonly kind: 'person'
      readonly personId: string
      readonly email: string
      /** The workspaces that they belong to, and as what. */
      readonly roles: ReadonlyMap<string, Role>
      /** Signed in, or confirmed who they are, a short time ago. */
      readonly sessionFresh: boolean
    }
  | {
      readonly kind: 'key'
      readonly keyId: string
      readonly workspaceId: string
      /** The one project that the key is for; `null`: every project of the workspace. */
      readonly projectId: string | null
      readonly scope: KeyScope
    }
  | { readonly kind: 'nobody' }

export const nobody: Principal = { kind: 'nobody' }

/** The principal as the ledger names it, which keeps what it holds for good: by an id, never by an address. */
export function actorOf(principal: Exclude<Principal, { kind: 'nobody' }>): string {
  return principal.kind === 'person' ? `person:${principal.personId}` : `key:${principal.keyId}`
}
