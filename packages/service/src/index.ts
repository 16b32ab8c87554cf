export type { CheckDependencies } from './check/check-dependencies.ts'
export type { CheckProgress } from './check/progress.ts'
export type { CheckOptions, CheckOutcome, WholeCheckOutcome } from './check/run-check.ts'
export { runCheck } from './check/run-check.ts'
export type {
  AccessConfig,
  AddOnConfig,
  CatalogueConfig,
  ClerkAccessConfig,
  ClerkOrganizationsConfig,
  ClerkUsersConfig,
  EntitlementRowsConfig,
  ExceptionConfig,
  PlanConfig,
  PolicyConfig,
  PostgresAccessConfig,
  PostgresOrganizationsConfig,
  PostgresUsersConfig,
  PushedAccessConfig,
  PushedField,
  SeatPackConfig,
  TrueupConfig,
} from './config/define-config.ts'
export { defineConfig } from './config/define-config.ts'
export type { SignedHeaders, SignPushOptions } from './push/signature.ts'
export { signPush } from './push/signature.ts'
