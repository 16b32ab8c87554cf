export type { CheckDependencies } from './check/check-dependencies.ts'
export type { CheckProgress } from './check/progress.ts'
export type { CheckOptions, CheckOutcome } from './check/run-check.ts'
export { runCheck } from './check/run-check.ts'
export type {
  AddOnConfig,
  CatalogueConfig,
  ClerkAccessConfig,
  ClerkOrganizationsConfig,
  ClerkUsersConfig,
  ExceptionConfig,
  PlanConfig,
  PolicyConfig,
  SeatPackConfig,
  TrueupConfig,
} from './config/define-config.ts'
export { defineConfig } from './config/define-config.ts'
