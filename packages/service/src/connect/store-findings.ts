import type { ConnectionFinding } from '@trueup/core'
import { systemClock } from '../adapters/system.ts'
import type { Environment } from '../environment.ts'
import { openStore } from '../store/index.ts'

/** Opens the database, which also brings its schema up to date, and says what it is. */
export async function readStoreFindings(environment: Environment): Promise<readonly ConnectionFinding[]> {
  const store = await openStore({
    databaseUrl: environment.databaseUrl,
    home: environment.home,
    clock: systemClock,
  })
  await store.close()
  if (environment.databaseUrl) {
    return [{ name: 'server', state: 'ok', found: 'PostgreSQL, by DATABASE_URL', fix: null }]
  }
  return [
    { name: 'embedded', state: 'ok', found: `in ${environment.home}`, fix: null },
    {
      name: 'durability',
      state: 'warning',
      found: 'the embedded database survives a killed process, not a loss of power',
      fix: 'Set DATABASE_URL to a PostgreSQL server where that matters.',
    },
  ]
}
