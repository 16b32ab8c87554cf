import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import { callbackSecret, callbackUrl, clerkRepairKey, repairUrlVariable } from '../repair-targets.ts'
import { Secret } from '../secret.ts'
import type { SecretField } from './secret-field.ts'
import { repairNameOf } from './source.ts'

/** What a project is connected to, opened. */
export interface Credentials {
  readonly secretOf: (field: SecretField, name: string) => Secret | null
  /** Where an app that makes repairs itself is asked to. */
  readonly callbackUrl: string | null
}

/**
 * The environment that a project's sources are opened with: its own credentials, under the names by which they are
 * asked for, and nothing that the process was started with but the addresses of the vendors and the operator's word
 * on where connections may go. So no configuration can name a secret of the operator, or of another project.
 *
 * A service connects where its users say, so private addresses are out of reach unless the operator allows them.
 */
export function projectEnvironment(
  operator: Environment,
  { secretOf, callbackUrl: url }: Credentials,
  access: ProjectConfig['access'],
): Environment {
  const said = (name: string, otherwise: string) => operator.secretNamed(name) ?? new Secret(otherwise)
  const named = new Map<string, Secret | null>([
    ['TRUEUP_ALLOW_PRIVATE_HOSTS', said('TRUEUP_ALLOW_PRIVATE_HOSTS', 'none')],
    ['TRUEUP_ALLOW_DATABASE_PORTS', said('TRUEUP_ALLOW_DATABASE_PORTS', 'usual')],
    [clerkRepairKey, secretOf('clerk-repair-key', repairNameOf('clerk'))],
    [callbackUrl, url === null ? null : new Secret(url)],
    [callbackSecret, secretOf('callback-secret', 'callback')],
  ])
  for (const source of access) {
    if (source.kind !== 'postgres') continue
    named.set(source.urlVariable, secretOf('postgres-url', source.name))
    named.set(
      repairUrlVariable(source.urlVariable),
      secretOf('postgres-repair-url', repairNameOf(source.name)),
    )
  }
  return {
    ...operator,
    stripeApiKey: secretOf('stripe-key', 'stripe'),
    clerkSecretKey: secretOf('clerk-key', 'clerk'),
    databaseUrl: null,
    ledgerKey: null,
    encryptionKey: null,
    encryptionKeyFile: null,
    secretNamed: (name) => named.get(name) ?? null,
  }
}

/** The words by which errors speak of the connection string of a source, in place of a variable's name. */
export function connectionStringOf(source: string): string {
  return `The connection string of ${source}`
}

/** A configuration whose databases are reached by what was connected under their names. */
export function withOwnConnections(
  access: ProjectConfig['access'],
  settingsOf: (name: string) => { readonly ca: string | null; readonly allowWriteRole: boolean } | null,
): ProjectConfig['access'] {
  return access.map((source) => {
    if (source.kind !== 'postgres') return source
    const settings = settingsOf(source.name)
    return {
      ...source,
      urlVariable: connectionStringOf(source.name),
      ca: source.ca ?? settings?.ca ?? null,
      allowWriteRole: source.allowWriteRole || (settings?.allowWriteRole ?? false),
    }
  })
}
