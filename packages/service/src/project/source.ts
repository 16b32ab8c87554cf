import type { ConnectionFinding } from '@trueup/core'
import type { SecretField } from './secret-field.ts'
import type { SourceFailure } from './tables.ts'

/** What a project is connected to. Repairs have credentials of their own, which checks never use. */
export type SourceKind =
  | 'stripe'
  | 'clerk'
  | 'postgres'
  | 'clerk-repairs'
  | 'postgres-repairs'
  /** An app that makes repairs itself when it is asked to. */
  | 'callback'

/** What of a connection is not secret. */
export interface SourceSettings {
  /** Certificates of the authority that the server's is checked against, as PEM text; `null`: those of the system. */
  readonly ca: string | null
  /** A database is read also with a role that can write. */
  readonly allowWriteRole: boolean
  /** Where an app that makes repairs itself is asked to. */
  readonly url: string | null
}

/** A connection as it may be shown. */
export interface ConnectedSource {
  /** `stripe`, `clerk`, the name of a database in the configuration, `repair:<name>` for repairs of one, `callback`. */
  readonly name: string
  readonly kind: SourceKind
  /** The credential's prefix and last four characters, or role and place of a database. */
  readonly label: string
  /** Account, instance, or host and database, as the last test found it. */
  readonly place: string
  /** Live mode, or a production instance; `null` where there is no such thing. */
  readonly isLive: boolean | null
  readonly settings: SourceSettings
  readonly connectedAt: Date
  readonly connectedBy: string
  readonly testedAt: Date
  readonly findings: readonly ConnectionFinding[]
  /** `null`: the last test passed. */
  readonly failure: SourceFailure | null
  readonly lastUsedAt: Date | null
  readonly lastUsedFor: string | null
  /** How often the credential was taken out since it was entered. */
  readonly uses: number
}

/** The name under which the credentials for repairs of a source stand. */
export function repairNameOf(source: string): string {
  return `repair:${source}`
}

export const noSettings: SourceSettings = { ca: null, allowWriteRole: false, url: null }

/** What the credential of each kind is kept as. */
export const fieldOf: Readonly<Record<SourceKind, SecretField>> = {
  stripe: 'stripe-key',
  clerk: 'clerk-key',
  'clerk-repairs': 'clerk-repair-key',
  postgres: 'postgres-url',
  'postgres-repairs': 'postgres-repair-url',
  callback: 'callback-secret',
}

export const credentialFields: readonly SecretField[] = Object.values(fieldOf)
