import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import type { SealedText } from '../vault/sealed-text.ts'
import type { Provider } from './event.ts'
import { RateBucket } from './rate-bucket.ts'
import type { SigningKey } from './signature.ts'
import { signingKey } from './signature.ts'
import type { InboxTables, ProjectTenant } from './tables.ts'

/** An endpoint as requests are held against it. */
export interface LiveEndpoint {
  readonly tenant: ProjectTenant
  readonly provider: Provider
  readonly isLive: boolean | null
  readonly account: string | null
  readonly revision: number
  /** Of all secrets that sign now. */
  readonly keys: readonly SigningKey[]
}

/** Endpoints by the project that stands in their address, held in memory for a short time. */
export interface EndpointDirectory {
  /** `null`: no project takes webhooks of that provider there. `busy`: too many unknown ones are asked for. */
  find(provider: Provider, projectId: string): Promise<LiveEndpoint | null | 'busy'>
  /** The same, read anew where what is held is not of this moment: for a signature that fits no secret that is held. */
  findAgain(provider: Provider, projectId: string): Promise<LiveEndpoint | null | 'busy'>
  /** To be called when secrets or sources of a project change in this process. */
  forget(projectId: string): void
}

export interface EndpointDirectoryOptions {
  readonly database: Database
  readonly vault: SealedText
  readonly clock: Clock
  /** How long an endpoint is held, in milliseconds; for so long a secret that another process took away still signs. Default 10,000. */
  readonly heldMs?: number
}

/** After a signature that fits nothing, an endpoint is not read more often than this. */
const leastAgeMs = 2_000
/** Addresses that lead nowhere cost a look at the database each; what is asked for above this is told to come back. */
const lookups = { perSecond: 200, burst: 400 }
const mostHeld = 10_000

interface Held {
  readonly endpoint: LiveEndpoint | null
  readonly readAt: number
}

export function createEndpointDirectory(options: EndpointDirectoryOptions): EndpointDirectory {
  const { clock, heldMs = 10_000 } = options
  const known = new Map<string, Held>()
  // Apart, so that addresses that lead nowhere, however many, push no endpoint out.
  const unknown = new Map<string, Held>()
  const reading = new Map<string, Promise<LiveEndpoint | null>>()
  const bucket = new RateBucket(lookups)
  /** Goes up with every `forget`, so that what was read before it is not held after it. */
  let forgotten = 0

  const hold = (map: Map<string, Held>, key: string, endpoint: LiveEndpoint | null) => {
    known.delete(key)
    unknown.delete(key)
    const oldest = map.size >= mostHeld ? map.keys().next().value : undefined
    if (oldest !== undefined) map.delete(oldest)
    map.set(key, { endpoint, readAt: clock.now().getTime() })
  }

  const read = (key: string, provider: Provider, projectId: string) => {
    const begun = reading.get(key)
    if (begun) return begun
    const asOf = forgotten
    const promise = readEndpoint(options, provider, projectId)
      .then((endpoint) => {
        if (asOf === forgotten) hold(endpoint ? known : unknown, key, endpoint)
        return endpoint
      })
      .finally(() => reading.delete(key))
    reading.set(key, promise)
    return promise
  }

  const find = async (provider: Provider, projectId: string, maxAgeMs: number) => {
    const key = `${provider}:${projectId}`
    const found = known.get(key) ?? unknown.get(key)
    const now = clock.now().getTime()
    if (found && Math.abs(now - found.readAt) < maxAgeMs) return found.endpoint
    // One that is known may always be read again; there are only so many of them.
    if (!found?.endpoint && !reading.has(key) && !bucket.take(now)) return 'busy'
    return await read(key, provider, projectId)
  }

  return {
    find: (provider, projectId) => find(provider, projectId, heldMs),
    findAgain: (provider, projectId) => find(provider, projectId, leastAgeMs),
    forget(projectId) {
      forgotten++
      for (const map of [known, unknown]) {
        for (const key of map.keys()) if (key.endsWith(`:${projectId}`)) map.delete(key)
      }
    },
  }
}

async function readEndpoint(
  { database, vault, clock }: EndpointDirectoryOptions,
  provider: Provider,
  projectId: string,
): Promise<LiveEndpoint | null> {
  const { rows } =
    await sql<EndpointRow>`select endpoint.workspace_id, endpoint.project_id, endpoint.revision,
      coalesce(endpoint.is_live, source.is_live) as is_live, endpoint.account, source.place
    from trueup.webhook_endpoint endpoint
    left join trueup.project_source source on source.workspace_id = endpoint.workspace_id
      and source.project_id = endpoint.project_id and source.kind = endpoint.provider
    where endpoint.project_id = ${columnText(projectId)} and endpoint.provider = ${provider}`.execute(
      database.system,
    )
  const [endpoint] = rows
  if (!endpoint) return null
  const tenant = { workspaceId: endpoint.workspace_id, projectId: endpoint.project_id }
  const secrets = await database
    .scoped(tenant)
    .withTables<InboxTables>()
    .selectFrom('trueup.webhook_secret')
    .select(['secret_id', 'sealed'])
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('provider', '=', provider)
    .where(sql<boolean>`coalesce(expires_at > ${clock.now()}, true)`)
    .orderBy('added_at', 'desc')
    .execute()
  const keys: SigningKey[] = []
  for (const { secret_id: secretId, sealed } of secrets) {
    const place = { ...tenant, field: 'webhook-secret', row: [provider, secretId] }
    keys.push(signingKey(provider, await vault.open(sealed, place)))
  }
  const { is_live: isLive, revision, place } = endpoint
  const account = endpoint.account ?? /^acct_\w+$/.exec(place ?? '')?.[0] ?? null
  return { tenant, provider, isLive, account, revision, keys }
}

interface EndpointRow {
  readonly workspace_id: string
  readonly project_id: string
  readonly revision: number
  readonly is_live: boolean | null
  readonly account: string | null
  /** What the key of the source opens: for Stripe its account, where the key may ask for it. */
  readonly place: string | null
}
