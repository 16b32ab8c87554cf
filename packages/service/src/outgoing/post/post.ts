import type { Timer } from '@trueup/core'
import { NoAnswer, type PostedAnswer, postToAddress } from '../../adapters/post-to-address.ts'
import { OutgoingError } from '../outgoing-error.ts'
import type { Reach, ReachableAddress } from './reachable-address.ts'
import { reachableAddress } from './reachable-address.ts'
import { withoutTold } from './without-told.ts'

/** What a receiver answered. Headers by lower-case name; the body without the address, where the receiver repeats it. */
export type PostAnswer = Pick<PostedAnswer, 'status' | 'headers' | 'body'>

export interface PostPorts extends Reach {
  readonly timer: Timer
}

/**
 * Standard Webhooks asks senders to wait between 15 and 30 seconds. What an endpoint says beyond so many bytes is not
 * read; that it took the message, or did not, its status says.
 */
const limits = { withinMs: 15_000, mostBytes: 16 * 1024 }

/**
 * Reads an address that somebody gave for messages: `https`, or `http` to an address that is not public; without a
 * user or password, which would stand in logs.
 *
 * @throws OutgoingError `address-malformed`
 */
export function parsePostUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw new OutgoingError({
    code: 'address-malformed',
    message: 'The address is no URL that messages can be posted to.',
    fix: 'Write it as https://app.example.com/hooks/trueup, without a user and password.',
  })
}

/**
 * Posts JSON once. The connection goes to the address that was looked at; no redirect is followed, and neither a slow
 * answer nor a long one is waited for: it has 15 s and 16 KiB, all in all.
 *
 * @throws OutgoingError
 *
 * @example
 * const { status } = await post('https://hooks.example.com/x', { headers, body }, { addresses, lookup, timer })
 */
export async function post(
  text: string,
  message: {
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
    /** What stands in the body and nobody else may read. */
    readonly secrets?: readonly string[]
  },
  { timer, ...reach }: PostPorts,
): Promise<PostAnswer> {
  const url = parsePostUrl(text)
  const look = async () => {
    const to = await reachableAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'), reach)
    refuseUnsafe(url, to, reach)
    return to
  }
  const { status, headers, body } = await postToAddress(url, look, message, limits, timer).catch(
    (error: unknown) => {
      throw error instanceof NoAnswer ? unreachable(reasonOf(error)) : error
    },
  )
  return { status, headers, body: withoutTold(body, url, message.secrets) }
}

function reasonOf({ why, failure }: NoAnswer): string {
  switch (why) {
    case 'late':
      return `There was no answer within ${limits.withinMs / 1000} s.`
    case 'breaks-off':
      return 'The answer breaks off.'
    case 'unreachable':
      return `It cannot be reached, or breaks off${failure ? ` (${failure})` : ''}.`
  }
}

function refuseUnsafe(url: URL, to: ReachableAddress, { addresses }: Reach): void {
  if (!to.isPublic) return
  if (url.protocol === 'http:') {
    throw new OutgoingError({
      code: 'address-refused',
      message: 'The address is public and not encrypted; messages name customers.',
      fix: 'Use https.',
    })
  }
  if (addresses.ports !== 'all' && url.port !== '') {
    throw new OutgoingError({
      code: 'address-refused',
      message: `Messages do not go to port ${url.port} of a public address.`,
      fix: 'Use the port of https, 443.',
    })
  }
}

function unreachable(message: string): OutgoingError {
  return new OutgoingError({
    code: 'unreachable',
    message,
    fix: 'Check that the address is right and that the receiver is up.',
    retryable: true,
  })
}
