import { isIP } from 'node:net'
import type { AddressPolicy, JudgedAddress, Lookup } from '../../adapters/postgres/connection/index.ts'
import { judgeAddress } from '../../adapters/postgres/connection/index.ts'
import { OutgoingError } from '../outgoing-error.ts'

/** What decides where messages may go. */
export interface Reach {
  readonly addresses: AddressPolicy
  readonly lookup: Lookup
}

/** The one address of a host that was looked at, for the connection to go to. */
export interface ReachableAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly isPublic: boolean
}

/**
 * Resolves a host once and looks at every answer, so that no name leads to where messages must not go, and no second
 * answer can lead elsewhere.
 *
 * @throws OutgoingError `address-unresolved` (retryable), `address-refused`
 */
export async function reachableAddress(
  host: string,
  { addresses, lookup }: Reach,
): Promise<ReachableAddress> {
  const found = isIP(host) ? [host] : await lookup(host).catch(() => [])
  const judged = found.map((answer) => judgeAddress(answer, addresses))
  const [first] = judged
  if (!first) {
    throw new OutgoingError({
      code: 'address-unresolved',
      message: `The name ${host} leads nowhere.`,
      fix: 'Check the address for a slip.',
      retryable: true,
    })
  }
  const refused = judged.find(({ isAllowed }) => !isAllowed)
  if (refused) throw refusedAddress(host, refused)
  return {
    address: first.address,
    family: first.family,
    isPublic: judged.some(({ kind }) => kind === 'public'),
  }
}

function refusedAddress(host: string, { kind }: JudgedAddress): OutgoingError {
  return new OutgoingError({
    code: 'address-refused',
    message: `The name ${host} leads to an address that is not public (${kind}); messages do not go there.`,
    fix: 'Use a public address, or allow the range in TRUEUP_ALLOW_PRIVATE_HOSTS where you run Trueup yourself.',
  })
}
