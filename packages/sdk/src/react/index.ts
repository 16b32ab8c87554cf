'use client'
export type { Offer, OfferedPrice } from '../catalogue/offers.ts'
export {
  type AccessInPage,
  AccessProvider,
  type AccessProviderProps,
  useAccess,
} from './access-provider.tsx'
export type { Act } from './act-button.tsx'
export { BillingButton, type BillingButtonProps } from './billing-button.tsx'
export { Gate, type GateProps } from './gate.tsx'
export {
  type FailedPayment,
  PaymentFailedBanner,
  type PaymentFailedBannerProps,
} from './payment-failed-banner.tsx'
export type { PricingLabels } from './pricing-labels.ts'
export {
  type PlanChoice,
  type PlanInTable,
  type PricingPart,
  PricingTable,
  type PricingTableProps,
} from './pricing-table.tsx'
export { readShownAccess, type ShownAccess } from './shown-access.ts'
export { UpgradePrompt, type UpgradePromptProps } from './upgrade-prompt.tsx'
