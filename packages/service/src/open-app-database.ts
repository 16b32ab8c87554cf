import {
  type ConnectionTarget,
  openPostgres,
  ownMachinePolicy,
  type PostgresConnection,
  parseAddressPolicy,
  parseConnectionString,
} from './adapters/postgres/connection/index.ts'
import { systemRng, systemTimer } from './adapters/system.ts'
import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'
import { UsageError } from './usage-error.ts'

/** Which database, and under which names errors speak of it. */
export interface AppDatabase {
  /** The name of the access source. */
  readonly name: string
  readonly urlVariable: string
  readonly url: Secret
  /** The certificate of the authority to pin, as PEM text; `null`: those that the system trusts. */
  readonly ca: string | null
}

/**
 * Sets up reading from an app's own database, with the operator's word on where connections may go. Nothing is sent
 * yet: the first read connects.
 *
 * @throws UsageError `option-invalid` when the connection string or that word cannot be read
 */
export function openAppDatabase(
  environment: Environment,
  { name, urlVariable, url, ca }: AppDatabase,
): { readonly connection: PostgresConnection; readonly target: ConnectionTarget } {
  const parsed = parseConnectionString(url.reveal(), ca)
  if (!parsed.ok) throw refusedIn(urlVariable, parsed.refusal)
  const said = (variable: string) => environment.secretNamed(variable)?.reveal() ?? null
  const addresses = parseAddressPolicy(
    { privateHosts: said('TRUEUP_ALLOW_PRIVATE_HOSTS'), ports: said('TRUEUP_ALLOW_DATABASE_PORTS') },
    ownMachinePolicy,
  )
  if (!addresses.ok) throw refusedIn('TRUEUP_ALLOW_PRIVATE_HOSTS', addresses.refusal)
  const options = { source: name, timer: systemTimer, rng: systemRng, addresses: addresses.value }
  return { connection: openPostgres(parsed.value, options), target: parsed.value }
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
