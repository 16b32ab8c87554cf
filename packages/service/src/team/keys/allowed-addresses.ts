import { BlockList, isIP } from 'node:net'
import { TeamError } from '../team-error.ts'

/**
 * Addresses and ranges from which a key may be used, as they are kept.
 *
 * @throws TeamError `address-range-malformed`
 * @example
 * parseAddressRanges(['203.0.113.7', '2001:db8::/32'])
 */
export function parseAddressRanges(ranges: readonly string[]): readonly string[] {
  return ranges.map((text) => {
    const range = text.trim()
    partsOf(range)
    return range
  })
}

/** Whether an address is in one of these ranges. An address that is not known is in none. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const plain = /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address
  const family = familyOf(plain)
  if (!family) return false
  const list = new BlockList()
  for (const range of ranges) {
    const { network, bits, family } = partsOf(range)
    list.addSubnet(network, bits, family)
  }
  return list.check(plain, family)
}

function partsOf(range: string): {
  readonly network: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
} {
  const [network = '', bits, ...rest] = range.split('/')
  const family = familyOf(network)
  const most = family === 'ipv4' ? 32 : 128
  const count = bits === undefined ? most : Number(bits)
  if (family && rest.length === 0 && /^\d*$/.test(bits ?? '') && bits !== '' && count <= most) {
    return { network, bits: count, family }
  }
  throw new TeamError({
    code: 'address-range-malformed',
    message: `${JSON.stringify(range)} is neither an address nor a range.`,
    fix: 'Write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.',
  })
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : null
}
