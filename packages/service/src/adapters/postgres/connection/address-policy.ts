import { isIP } from 'node:net'
import type { Parsed, Refusal } from '@trueup/core'

/** A range of addresses such as `10.0.0.0/8`. */
export interface AddressRange {
  readonly family: 4 | 6
  readonly address: string
  readonly prefix: number
}

/** Where connections may go. Public addresses are always allowed. */
export interface AddressPolicy {
  /** `none`: public addresses only. `all`: also private, loopback, link-local and shared ones. Or these ranges. */
  readonly privateHosts: 'none' | 'all' | readonly AddressRange[]
  /** `usual`: 5432, 5433, 6432 and 6543. Addresses in allowed private ranges may be reached at any port. */
  readonly ports: 'usual' | 'all' | readonly number[]
}

/** For a program that its own user runs: every unicast address, every port. */
export const ownMachinePolicy: AddressPolicy = { privateHosts: 'all', ports: 'all' }

/** For a service that connects where strangers say: public addresses at the usual ports. */
export const hostedPolicy: AddressPolicy = { privateHosts: 'none', ports: 'usual' }

export type AddressPolicyCode = 'range-malformed' | 'port-malformed'

/**
 * Reads the operator's word on where connections may go: `TRUEUP_ALLOW_PRIVATE_HOSTS` (`none`, `all`, or ranges and
 * addresses separated by commas) and `TRUEUP_ALLOW_DATABASE_PORTS` (`usual`, `all`, or numbers separated by commas).
 * What is not said (`null` or empty) is as in `otherwise`.
 *
 * @example
 * parseAddressPolicy({ privateHosts: '10.0.0.0/8, 127.0.0.1', ports: null }, hostedPolicy)
 */
export function parseAddressPolicy(
  said: { readonly privateHosts: string | null; readonly ports: string | null },
  otherwise: AddressPolicy,
): Parsed<AddressPolicy, AddressPolicyCode> {
  const hosts = wordsOf(said.privateHosts)
  const ports = wordsOf(said.ports)
  const privateHosts = hosts.length === 0 ? otherwise.privateHosts : hostsOf(hosts)
  if (privateHosts === null) return refused(rangeRefusal)
  const allowedPorts = ports.length === 0 ? otherwise.ports : portsOf(ports)
  if (allowedPorts === null) return refused(portRefusal)
  return { ok: true, value: { privateHosts, ports: allowedPorts } }
}

const rangeRefusal: Refusal<AddressPolicyCode> = {
  code: 'range-malformed',
  found: 'TRUEUP_ALLOW_PRIVATE_HOSTS holds something that is no range of addresses',
  needed: 'none, all, or ranges separated by commas',
  fix: 'Write it as 10.0.0.0/8, 192.168.1.7, fd00::/8.',
}
const portRefusal: Refusal<AddressPolicyCode> = {
  code: 'port-malformed',
  found: 'TRUEUP_ALLOW_DATABASE_PORTS holds something that is no port',
  needed: 'usual, all, or numbers from 1 to 65535 separated by commas',
  fix: 'Write it as 5432, 6543.',
}

function refused(refusal: Refusal<AddressPolicyCode>): {
  readonly ok: false
  readonly refusal: typeof refusal
} {
  return { ok: false, refusal }
}

function wordsOf(text: string | null): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '')
}

function hostsOf(words: readonly string[]): AddressPolicy['privateHosts'] | null {
  if (words.length === 1 && (words[0] === 'none' || words[0] === 'all')) return words[0]
  const ranges = words.map(rangeOf)
  return ranges.every((range) => range !== null) ? ranges : null
}

function rangeOf(word: string): AddressRange | null {
  const [address = '', prefixText, ...rest] = word.split('/')
  const family = isIP(address)
  if ((family !== 4 && family !== 6) || address.includes('%') || rest.length > 0) return null
  const longest = family === 4 ? 32 : 128
  if (prefixText === undefined) return { family, address, prefix: longest }
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : Number.NaN
  return prefix <= longest ? { family, address, prefix } : null
}

function portsOf(words: readonly string[]): AddressPolicy['ports'] | null {
  if (words.length === 1 && (words[0] === 'usual' || words[0] === 'all')) return words[0]
  const ports = words.map((word) => (/^\d{1,5}$/.test(word) ? Number(word) : 0))
  return ports.every((port) => port >= 1 && port <= 65535) ? ports : null
}
