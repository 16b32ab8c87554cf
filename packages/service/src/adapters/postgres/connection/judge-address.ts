import { BlockList, isIP, SocketAddress } from 'node:net'
import type { AddressPolicy, AddressRange } from './address-policy.ts'

/** What an address is for. Only `public` ones are reachable for everybody. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  /** Carrier-grade NAT, which clouds also use within. */
  | 'shared'
  /** An IPv4 address in other clothes: NAT64, 6to4. */
  | 'translated'
  | 'multicast'
  | 'unspecified'
  /** Documentation, benchmarks, protocol assignments, and what nobody was given. */
  | 'reserved'
  /** No address at all. */
  | 'unreadable'

/** An address as it was looked at: an IPv4 address mapped into IPv6 has become the IPv4 address that it stands for. */
export interface JudgedAddress {
  readonly address: string
  readonly family: 4 | 6
  readonly kind: AddressKind
  readonly isAllowed: boolean
}

/**
 * Special ranges, from the registries of IANA (https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry). The first that holds the address decides.
 */
const specialRanges: readonly (readonly [AddressKind, readonly string[]])[] = [
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['shared', ['100.64.0.0/10']],
  ['multicast', ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']],
  ['translated', ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '192.88.99.0/24']],
  [
    'reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      '2001::/23',
      '2001:db8::/32',
      '3fff::/20',
    ],
  ],
]
const specials = specialRanges.map(([kind, ranges]) => ({ kind, list: blockList(ranges.map(rangeOf)) }))
/** Of IPv6 only this part was ever given out (https://www.iana.org/assignments/ipv6-address-space). */
const globalUnicast = blockList([rangeOf('2000::/3')])

const neverAllowed: readonly AddressKind[] = ['multicast', 'unspecified', 'unreadable']
const allowedOnOwnMachine: readonly AddressKind[] = [
  'private',
  'loopback',
  'link-local',
  'shared',
  'translated',
]

/**
 * Says what an address is and whether the policy lets a connection go there. It takes what a resolver answers, in any
 * spelling; a zone (`fe80::1%eth0`) is no address.
 *
 * @example
 * judgeAddress('::ffff:10.0.0.1', hostedPolicy) // { address: '10.0.0.1', family: 4, kind: 'private', isAllowed: false }
 */
export function judgeAddress(text: string, policy: AddressPolicy): JudgedAddress {
  const plain = plainAddress(text)
  if (plain === null) return { address: text, family: 4, kind: 'unreadable', isAllowed: false }
  const kind = kindOf(plain)
  return { ...plain, kind, isAllowed: isAllowed(plain, kind, policy) }
}

/** Whether a port may be reached at an address that is allowed. */
export function isPortAllowed(port: number, judged: JudgedAddress, { ports }: AddressPolicy): boolean {
  if (ports === 'all' || judged.kind !== 'public') return true
  return (ports === 'usual' ? usualPorts : ports).includes(port)
}

/** Where PostgreSQL and its poolers usually answer. */
export const usualPorts: readonly number[] = [5432, 5433, 6432, 6543]

interface PlainAddress {
  readonly address: string
  readonly family: 4 | 6
}

function plainAddress(text: string): PlainAddress | null {
  const family = isIP(text)
  if (family === 0 || text.includes('%')) return null
  if (family === 4) return { address: text, family: 4 }
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  return mapped ? { address: mapped, family: 4 } : { address, family: 6 }
}

function kindOf({ address, family }: PlainAddress): AddressKind {
  const special = specials.find(({ list }) => list.check(address, family === 4 ? 'ipv4' : 'ipv6'))
  if (special) return special.kind
  return family === 4 || globalUnicast.check(address, 'ipv6') ? 'public' : 'reserved'
}

function isAllowed(plain: PlainAddress, kind: AddressKind, { privateHosts }: AddressPolicy): boolean {
  if (kind === 'public') return true
  if (neverAllowed.includes(kind) || privateHosts === 'none') return false
  if (privateHosts === 'all') return allowedOnOwnMachine.includes(kind)
  return blockList(privateHosts).check(plain.address, plain.family === 4 ? 'ipv4' : 'ipv6')
}

function blockList(ranges: readonly AddressRange[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix, family } of ranges) {
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

function rangeOf(text: string): AddressRange {
  const [address = '', prefix] = text.split('/')
  return { address, prefix: Number(prefix), family: address.includes(':') ? 6 : 4 }
}
