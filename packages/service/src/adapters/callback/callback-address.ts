import { isIP } from 'node:net'
import { SourceError } from '@trueup/core'
import type { AddressPolicy, Lookup } from '../postgres/connection/index.ts'
import { judgeAddress } from '../postgres/connection/judge-address.ts'

/** Where a callback goes: the name for its certificate, and the one address that was looked at. */
export interface CallbackAddress {
  readonly url: URL
  readonly address: string
  readonly family: 4 | 6
}

/**
 * Reads the address of an app's endpoint: `https`, or `http` to an address that is not public; without a user or
 * password, which would stand in logs.
 *
 * @throws SourceError `unreachable`
 */
export function parseCallbackUrl(source: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw refusedAddress(
    source,
    'The callback of repairs has no address that can be used.',
    'Write it as https://app.example.com/hooks/repairs, without a user and password.',
  )
}

/**
 * Resolves the name once and looks at every answer, so that no name leads where callbacks must not go, and no second
 * answer can lead elsewhere.
 *
 * @throws SourceError `unreachable`
 */
export async function resolveCallback(
  source: string,
  url: URL,
  { addresses, lookup }: { readonly addresses: AddressPolicy; readonly lookup: Lookup },
): Promise<CallbackAddress> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const found = isIP(host) ? [host] : await lookup(host).catch(() => [])
  const [first, ...others] = found.map((answer) => judgeAddress(answer, addresses))
  if (!first) {
    throw refusedAddress(
      source,
      `The name ${host} leads nowhere.`,
      'Check the address of the callback.',
      true,
    )
  }
  if ([first, ...others].some(({ isAllowed }) => !isAllowed)) {
    throw refusedAddress(
      source,
      `The name ${host} leads to an address that callbacks must not go to.`,
      'Use a public address, or allow the range in TRUEUP_ALLOW_PRIVATE_HOSTS where you run Trueup yourself.',
    )
  }
  if (url.protocol === 'http:' && [first, ...others].some(({ kind }) => kind === 'public')) {
    throw refusedAddress(source, 'The callback is not encrypted.', 'Use https.')
  }
  if (first.kind === 'public' && addresses.ports !== 'all' && url.port !== '') {
    throw refusedAddress(source, `Callbacks do not go to port ${url.port}.`, 'Use the port of https, 443.')
  }
  return { url, address: first.address, family: first.family }
}

function refusedAddress(source: string, message: string, fix: string, retryable = false): SourceError {
  return new SourceError({ source, code: 'unreachable', message, fix, retryable })
}
