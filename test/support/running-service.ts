import pg from 'pg'
import { readEnvironment } from '../../packages/service/src/environment.ts'
import { createServiceLog } from '../../packages/service/src/serve/service-log.ts'
import { readServiceSettings } from '../../packages/service/src/serve/service-settings.ts'
import { startService } from '../../packages/service/src/serve/start-service.ts'
import { readTeamSettings } from '../../packages/service/src/team/team-settings.ts'
import { createTestDatabase } from './database.ts'
import { ApiClient, emptyHome } from './service.ts'

/** A service in this process, on a database of its own. */
export interface RunningTestService {
  readonly url: string
  /** What it logged so far, a JSON document a line. */
  readonly log: readonly string[]
  /** Its database, past every rule of it. */
  readonly database: pg.Client
  readonly databaseUrl: string
  person(): ApiClient
  /** Stops the process and starts it again at the same address, on the same database, with these variables besides. */
  restart(more?: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

/** Starts the service with these variables in its environment. It trusts one proxy, so that a test chooses addresses. */
export async function startTestService(
  variables: Readonly<Record<string, string>> = {},
  /** Where the built dashboard lies. Default: none is served. */
  dashboard: string | null = null,
): Promise<RunningTestService> {
  const home = await emptyHome()
  const place = await createTestDatabase()
  const log: string[] = []
  const given = {
    TRUEUP_HOME: home.path,
    TRUEUP_PORT: '0',
    TRUEUP_PROXIES: '1',
    TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
    DATABASE_URL: place.url,
    ...variables,
  }
  const start = async (said: Readonly<Record<string, string>>) =>
    await startService({
      environment: readEnvironment(said),
      settings: readServiceSettings(said),
      team: readTeamSettings(said, 'http://localhost:7310'),
      log: createServiceLog('debug', (line) => void log.push(line)),
      version: '0.0.0',
      limits: { ofAddress: 100_000, ofPrincipal: 100_000 },
      dashboard,
    })
  let running = await start(given)
  const database = new pg.Client({ connectionString: place.url })
  await database.connect()
  const url = running.url ?? ''
  return {
    url,
    log,
    database,
    databaseUrl: place.url,
    person: () => new ApiClient(url, { 'x-forwarded-for': anAddress() }),
    async restart(more = {}) {
      await running.stop()
      running = await start({ ...given, TRUEUP_PORT: new URL(url).port, ...more })
    },
    async stop() {
      await running.stop()
      await database.end()
      await place.drop()
      await home.remove()
    },
  }
}

let addresses = 0

/** An address that nobody had before, so that limits of addresses do not meet. */
export function anAddress(): string {
  addresses += 1
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}
