import type { Catalogue } from '@trueup/core'
import {
  openPostgres,
  ownMachinePolicy,
  parseAddressPolicy,
  parseConnectionString,
} from './adapters/postgres/connection/index.ts'
import { createPostgresSource } from './adapters/postgres/source.ts'
import { systemClock, systemRng, systemTimer } from './adapters/system.ts'
import type { PostgresSourceConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import type { OpenedAccess } from './main.ts'
import { requireConnectionString } from './missing-keys.ts'
import { UsageError } from './usage-error.ts'

/**
 * Opens the app's own database as an access source, with the connection string that the environment has under the
 * name that the configuration says. Nothing is sent yet.
 *
 * @throws UsageError when the connection string is missing or cannot be read
 */
export function openPostgresSource(
  environment: Environment,
  config: PostgresSourceConfig,
  catalogue: Catalogue,
): OpenedAccess {
  const { name, mappings, urlVariable, ca } = config
  const parsed = parseConnectionString(requireConnectionString(environment, config).reveal(), ca)
  if (!parsed.ok) throw refusedIn(urlVariable, parsed.refusal)
  const said = (variable: string) => environment.secretNamed(variable)?.reveal() ?? null
  const addresses = parseAddressPolicy(
    { privateHosts: said('TRUEUP_ALLOW_PRIVATE_HOSTS'), ports: said('TRUEUP_ALLOW_DATABASE_PORTS') },
    ownMachinePolicy,
  )
  if (!addresses.ok) throw refusedIn('TRUEUP_ALLOW_PRIVATE_HOSTS', addresses.refusal)
  const connection = openPostgres(parsed.value, {
    source: name,
    timer: systemTimer,
    rng: systemRng,
    addresses: addresses.value,
  })
  const source = createPostgresSource({
    connection,
    clock: systemClock,
    timer: systemTimer,
    name,
    mappings,
    catalogue,
    allowWriteRole: false,
  })
  return { source, close: () => connection.close() }
}

function refusedIn(
  variable: string,
  { found, needed, fix }: { readonly found: string; readonly needed: string; readonly fix: string },
): UsageError {
  return new UsageError({
    code: 'option-invalid',
    message: `${variable} cannot be used: ${found}, needed is ${needed}.`,
    fix,
  })
}
