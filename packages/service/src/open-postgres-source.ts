import type { AccessPart, Catalogue } from '@trueup/core'
import { createPostgresSource } from './adapters/postgres/source.ts'
import { systemClock, systemTimer } from './adapters/system.ts'
import type { PostgresSourceConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import type { OpenedAccess } from './main.ts'
import { requireConnectionString } from './missing-keys.ts'
import { openAppDatabase } from './open-app-database.ts'

/**
 * Opens the app's own database as an access source, with the connection string that the environment has under the
 * name that the configuration says. Nothing is sent yet.
 *
 * @param knownShapes What the tables were at the last check; a part that is not what it was is not read.
 * @throws UsageError when the connection string is missing or cannot be read
 */
export function openPostgresSource(
  environment: Environment,
  config: PostgresSourceConfig,
  catalogue: Catalogue,
  knownShapes: Readonly<Partial<Record<AccessPart, string>>> = {},
): OpenedAccess {
  const { name, mappings, urlVariable, ca } = config
  const url = requireConnectionString(environment, config)
  const { connection } = openAppDatabase(environment, { name, urlVariable, url, ca })
  const source = createPostgresSource({
    connection,
    clock: systemClock,
    timer: systemTimer,
    name,
    mappings,
    catalogue,
    allowWriteRole: config.allowWriteRole,
    knownShapes,
  })
  return { source, close: () => connection.close() }
}
