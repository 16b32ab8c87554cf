import { createHmac } from 'node:crypto'
import type { Clock, Http } from '@trueup/core'
import { sql } from 'kysely'
import type { EndpointDirectory, LiveEndpoint } from '../inbox/endpoints.ts'
import type { Provider } from '../inbox/event.ts'
import { InboxError } from '../inbox/inbox-error.ts'
import type { SigningKey } from '../inbox/signature.ts'
import { newId } from '../new-id.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import type { Database } from '../store/index.ts'
import type { RandomBytes } from '../vault/sealed-form.ts'

const testEventType = 'trueup.test'
/** Types of events that no provider sent. */
export const testEventTypes: readonly string[] = [testEventType]

const withinMs = 10_000

/** What became of a test event. */
export interface SentTestEvent {
  readonly provider: Provider
  readonly eventId: string
  readonly url: string
  /** Who made and signed it: no provider sends an event on demand to one endpoint alone. */
  readonly signedBy: 'trueup'
  readonly sentAt: Date
  /** `null`: nothing answered at that address. */
  readonly status: number | null
  /** When it was stored; `null`: it did not arrive. */
  readonly arrivedAt: Date | null
  /** What it shows, and what it does not. */
  readonly message: string
  readonly fix: string | null
}

export interface TestEventReach {
  readonly database: Database
  readonly endpoints: EndpointDirectory
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly http: Http
  /** Where providers reach the service. */
  readonly publicUrl: string
}

/**
 * Sends an event that Trueup made, signed with the newest signing secret of the project, to the address that the
 * provider sends to, and looks whether it was stored. So it is seen that the address answers, that nothing between
 * changes the body, and that the secret is in use here; that the provider has the same secret only its own first event
 * shows. Nothing follows from a test event.
 *
 * @throws InboxError `endpoint-unknown` where the project takes no webhooks of that provider, or has no secret for them
 */
export async function sendTestEvent(
  reach: TestEventReach,
  tenant: ProjectTenant,
  provider: Provider,
): Promise<SentTestEvent> {
  const endpoint = await reach.endpoints.findAgain(provider, tenant.projectId)
  const key = endpoint && endpoint !== 'busy' ? endpoint.keys[0] : undefined
  if (!endpoint || endpoint === 'busy' || !key) throw noSecret(provider)
  const sentAt = reach.clock.now()
  const url = `${reach.publicUrl}/api/webhooks/${provider}/${tenant.projectId}`
  const eventId = newId(provider === 'stripe' ? 'evt' : 'msg', reach.randomBytes)
  const status = await post(reach.http, url, signedEvent(endpoint, key, eventId, sentAt))
  const arrivedAt = await arrivalOf(reach.database, tenant, { provider, eventId })
  return {
    ...{ provider, eventId, url, signedBy: 'trueup', sentAt, status, arrivedAt },
    ...told(provider, url, status, arrivedAt !== null),
  }
}

interface SignedEvent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An event in the form of its provider, so that it takes the whole way that real ones take. */
function signedEvent(
  { provider, isLive, account }: LiveEndpoint,
  key: SigningKey,
  eventId: string,
  at: Date,
): SignedEvent {
  const seconds = Math.floor(at.getTime() / 1000)
  const data = { id: 'trueup_test' }
  if (provider === 'stripe') {
    const body = JSON.stringify({
      id: eventId,
      object: 'event',
      type: testEventType,
      created: seconds,
      livemode: isLive ?? false,
      data: { object: data },
    })
    const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
    return { headers: { 'stripe-signature': `t=${seconds},v1=${signature}` }, body }
  }
  const instance = account === null ? {} : { instance_id: account }
  const body = JSON.stringify({
    object: 'event',
    type: testEventType,
    timestamp: at.getTime(),
    ...instance,
    data,
  })
  const signature = createHmac('sha256', key).update(`${eventId}.${seconds}.${body}`).digest('base64')
  return {
    headers: {
      'svix-id': eventId,
      'svix-timestamp': String(seconds),
      'svix-signature': `v1,${signature}`,
    },
    body,
  }
}

async function post(http: Http, url: string, { headers, body }: SignedEvent): Promise<number | null> {
  try {
    const response = await http(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(withinMs),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}

async function arrivalOf(
  database: Database,
  tenant: ProjectTenant,
  event: { readonly provider: Provider; readonly eventId: string },
): Promise<Date | null> {
  const { rows } = await sql<{ readonly at: Date }>`select received_at as at from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and provider = ${event.provider} and event_id = ${event.eventId}`.execute(database.scoped(tenant))
  return rows[0]?.at ?? null
}

function told(
  provider: Provider,
  url: string,
  status: number | null,
  hasArrived: boolean,
): Pick<SentTestEvent, 'message' | 'fix'> {
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  if (hasArrived) {
    const local = isOnlyHere(url)
      ? ` ${vendor} cannot reach this address: it is of this machine. Set TRUEUP_PUBLIC_URL to one that it can.`
      : ''
    return {
      message: `The test event arrived and was stored. Trueup signed it itself: that ${vendor} signs with the same secret, its first own event shows.${local}`,
      fix: null,
    }
  }
  if (status === null) {
    return {
      message: `Nothing answered at ${url}.`,
      fix: 'Check that TRUEUP_PUBLIC_URL is the address at which this service is reached, also from itself.',
    }
  }
  return {
    message: `${url} answered ${status}, and the test event was not stored.`,
    fix: 'Check that the address leads to this service, and that nothing before it changes or blocks requests.',
  }
}

/** Whether an address means this machine, and so leads anybody else nowhere. */
export function isOnlyHere(url: string): boolean {
  const { hostname } = new URL(url)
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\./.test(hostname)
  )
}

function noSecret(provider: Provider): InboxError {
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  return new InboxError({
    code: 'endpoint-unknown',
    message: `The project has no signing secret for webhooks of ${vendor}, so that nothing can be signed.`,
    fix: `Make an endpoint in the dashboard of ${vendor}, and enter its signing secret here.`,
  })
}
