import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/**
 * Reads a host as it stands in an address: a name in ASCII, an IPv4 address as four plain numbers, or an IPv6 address
 * in brackets. `null` for anything else, above all the odd spellings of IPv4 that resolvers also take (`0x7f.1`,
 * `2130706433`, `0177.0.0.1`) and IPv6 with a zone.
 *
 * @example
 * parseHost('DB.Example.com') // 'db.example.com'
 * parseHost('[::1]')          // '::1'
 * parseHost('127.1')          // null
 */
export function parseHost(text: string): string | null {
  if (text.startsWith('[') && text.endsWith(']')) {
    const address = text.slice(1, -1)
    if (!isIPv6(address) || address.includes('%')) return null
    return new SocketAddress({ address, family: 'ipv6' }).address
  }
  const name = text.toLowerCase()
  const labels = name.split('.')
  const looksLikeNumber = /^(\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '')
  if (looksLikeNumber) return isIPv4(name) ? name : null
  return name.length <= 253 && labels.every((label) => labelPattern.test(label)) ? name : null
}

/** Names of the web have no underscore; those of containers often do. */
const labelPattern = /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?$/
