import { type ClerkClient, createClerkClient } from '@clerk/backend'
import type { Clock, Rng, Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { clerkDefaultApiUrl } from '../../environment.ts'
import type { Secret } from '../../secret.ts'
import { Pacer } from '../pace/pacer.ts'
import { clerkSourceError, judgeClerkError } from './errors.ts'
import { isLiveKey } from './key.ts'

/** What the adapter talks to Clerk through: the official client, paced and counted. */
export interface ClerkConnection {
  readonly pacer: Pacer
  readonly clock: Clock
  /**
   * Sends a request and turns what goes wrong into a `SourceError`.
   *
   * @param cost Requests that the client sends for one call: a list of users also asks for their number.
   */
  request<T>(part: string, cost: 1 | 2, send: (clerk: ClerkClient) => Promise<T>): Promise<T>
}

export interface ClerkConnectionOptions {
  readonly key: Secret
  readonly apiUrl: string
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
}

/** Clerk allows 1,000 requests in 10 s to a production instance and 100 to another; a fifth is left to the app. */
const liveRequestsPerSecond = 80
const testRequestsPerSecond = 8
const mostAtOnce = 8

export function connectClerk({ key, apiUrl, clock, timer, rng }: ClerkConnectionOptions): ClerkConnection {
  if (!URL.canParse(apiUrl)) {
    throw new SourceError({
      source: 'clerk',
      code: 'unreachable',
      message: `CLERK_API_URL is not an address: ${apiUrl}`,
      fix: 'Write it as http://127.0.0.1:12112, or leave it out to reach Clerk.',
      retryable: false,
    })
  }
  const clerk = createClerkClient({ secretKey: key.reveal(), apiUrl, telemetry: { disabled: true } })
  const ceiling = isLiveKey(key) ? liveRequestsPerSecond : testRequestsPerSecond
  const perSecond = apiUrl === clerkDefaultApiUrl ? ceiling : null
  const pacer = new Pacer({ clock, timer, rng, perSecond, mostAtOnce })
  return {
    pacer,
    clock,
    async request(part, cost, send) {
      try {
        return await pacer.run(() => send(clerk), judgeClerkError, { cost })
      } catch (error) {
        throw clerkSourceError(error, part)
      }
    },
  }
}
