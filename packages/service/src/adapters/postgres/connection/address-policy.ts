import type { Parsed } from '@trueup/core'

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

export type ParsedAddressPolicy = Parsed<AddressPolicy, AddressPolicyCode>
