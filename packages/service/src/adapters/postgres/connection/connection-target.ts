import type { Secret } from '../../../secret.ts'

/** How the server's certificate is checked before anything else is sent. */
export type TlsMode =
  /**
   * The chain leads to a trusted root and the certificate names the host (`sslmode=verify-full`, and what holds when
   * nothing is said). `authority` is the pinned one (PEM); `null` means the roots that Node trusts.
   */
  | { readonly kind: 'verify-full'; readonly authority: string | null }
  /** The chain leads to the pinned authority; the name is not looked at (`sslmode=require` with a pinned authority). */
  | { readonly kind: 'pinned'; readonly authority: string }
  /** No encryption (`sslmode=disable`): only to private addresses that the operator allows. */
  | { readonly kind: 'off' }

/** A connection string, read: all that Trueup takes from it. */
export interface ConnectionTarget {
  readonly user: string
  /** `null` where the string has none; then only a server that asks for none can be reached. */
  readonly password: Secret | null
  /** A name in lower case, or an address (IPv6 without its brackets). */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly tls: TlsMode
  /** What answers there, as far as host and port tell. Nothing that Trueup sends needs a session of its own. */
  readonly endpoint: 'direct' | 'session-pooler' | 'transaction-pooler'
}

/** Host, port and database, as messages name the server; never the user or the password. */
export function placeOf({ host, port, database }: ConnectionTarget): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
}
