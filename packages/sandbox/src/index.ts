export { cancelItem } from './clerk/billing/cancel-item.ts'
export { useBillingCard } from './clerk/billing/cards.ts'
export { catchUpBilling } from './clerk/billing/catch-up.ts'
export { type BillingCheckout, checkOut } from './clerk/billing/check-out.ts'
export { changeItem, subscribe } from './clerk/billing/subscribe.ts'
export { type ClerkAppOptions, createClerkApp } from './clerk/create-clerk-app.ts'
export { type ClerkPlan, makeFeature, makeMoney, makePlan } from './clerk/objects/index.ts'
export { createOrganization } from './clerk/organizations/create-organization.ts'
export { SigningKey } from './clerk/sessions/signing-key.ts'
export { ClerkState } from './clerk/state.ts'
export { createUser } from './clerk/users/create-user.ts'
export { type ClerkWebhookEndpoint, ClerkWebhooks } from './clerk/webhook/webhooks.ts'
export { type FaultInput, Faults } from './faults/faults.ts'
export { clerkRateLimits, RateLimits, stripeRateLimits } from './faults/rate-limit.ts'
export { type WithFaultsOptions, withFaults } from './faults/with-faults.ts'
export { type Sandbox, type SandboxOptions, startSandbox, type WebhookAddresses } from './sandbox.ts'
export { type Clock, ManualClock, systemClock } from './server/clock.ts'
export { Deliverer } from './server/deliver.ts'
export { type Listening, type ListenOptions, listen } from './server/listen.ts'
export { type Rng, seededRng } from './server/rng.ts'
export { SandboxError, type SandboxErrorCode } from './server/sandbox-error.ts'
export { VirtualTime } from './server/virtual-time.ts'
export { createStripeApp, type StripeAppOptions } from './stripe/app.ts'
export type { BillingSettings } from './stripe/engine/billing.ts'
export { type BillingControls, billingControlRoutes } from './stripe/engine/control-routes.ts'
export { Engine } from './stripe/engine/engine.ts'
export { StripeKeys } from './stripe/request/keys.ts'
export { API_VERSION, StripeState } from './stripe/state.ts'
export type { TwinFault } from './stripe/webhook/twins.ts'
export { stripeRetriesMs, Webhooks, type WebhooksOptions } from './stripe/webhook/webhooks.ts'
export type {
  AccessKeeping,
  AppDatabase,
  AppEntitlementRow,
  AppMemberRow,
  AppOrganizationRow,
  AppUserRow,
} from './world/app-database.ts'
export { appSql } from './world/app-sql.ts'
export type { ConfigAccess, ConfigClerk, ConfigPlan, ConfigPostgres, WorldConfig } from './world/config.ts'
export { type DriftShares, driftKindsOf, generateWorld, type WorldOptions } from './world/generate-world.ts'
export {
  type CannotTellLabel,
  driftKinds,
  type Label,
  type LabelComponent,
  type LabelKind,
  type LabelSubject,
  type Labels,
  type PlantedKind,
  type SettlingLabel,
} from './world/label.ts'
export { makeWorld, type WorldName, type WorldSize } from './world/make-world.ts'
export { buildWorld, readWorldFile } from './world/read-world-file.ts'
export { emptyWorld, type World, type WorldFrame } from './world/world.ts'
