export type { AddressPolicy, AddressPolicyCode, AddressRange } from './address-policy.ts'
export { hostedPolicy, ownMachinePolicy, parseAddressPolicy } from './address-policy.ts'
export type { ConnectionTarget, TlsMode } from './connection-target.ts'
export { placeOf } from './connection-target.ts'
export { type AddressKind, isPortAllowed, type JudgedAddress, judgeAddress } from './judge-address.ts'
export { openPostgres, openPostgresForRepairs } from './open-postgres.ts'
export type { ConnectionStringCode, ParsedConnectionString } from './parse-connection-string.ts'
export { parseConnectionString } from './parse-connection-string.ts'
export type {
  Answer,
  Lookup,
  Parameter,
  PostgresConnection,
  PostgresOptions,
  PostgresReader,
  PostgresRepairConnection,
  PostgresWriter,
  ReadLimits,
  TextRow,
} from './postgres-connection.ts'
export { PostgresError, type PostgresReason } from './postgres-error.ts'
export { systemLookup } from './reach.ts'
