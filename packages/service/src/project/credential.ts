import type { Secret } from '../secret.ts'

/** What a person enters to connect a project. */
export type Credential =
  | { readonly kind: 'stripe'; readonly key: Secret }
  | { readonly kind: 'clerk'; readonly key: Secret }
  | {
      readonly kind: 'postgres'
      /** As the configuration names the database. */
      readonly source: string
      readonly url: Secret
      /** Certificates of the authority to pin, as PEM text; `null`: those that the system trusts. */
      readonly ca: string | null
      /** Read also with a role that can write. */
      readonly allowWriteRole: boolean
    }
  | { readonly kind: 'clerk-repairs'; readonly key: Secret }
  /** Reached with the same certificates as for reading. */
  | { readonly kind: 'postgres-repairs'; readonly source: string; readonly url: Secret }
  | { readonly kind: 'callback'; readonly url: string; readonly secret: Secret }
