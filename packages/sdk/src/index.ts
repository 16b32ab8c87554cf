export type { AccessAnswer, AccessReason } from './access/access-answer.ts'
export { accessReasons } from './access/access-answer.ts'
export type { GrantedAccess } from './access/granted-access.ts'
export type { Billing } from './billing.ts'
export { BillingError, type BillingErrorCode } from './billing-error.ts'
export type { Choice } from './catalogue/choose-price.ts'
export type { Offer, OfferedPrice } from './catalogue/offers.ts'
export type {
  AddOnForSale,
  CatalogueForSale,
  Interval,
  PlanForSale,
  PriceSelectors,
  SeatPackForSale,
} from './catalogue/plan-for-sale.ts'
export { ruleCatalogue } from './catalogue/rule-catalogue.ts'
export type { CheckoutRequest, CheckoutStart } from './checkout/checkout.ts'
export type { CheckoutOutcome } from './checkout/confirm.ts'
export type { PortalFlow, PortalRequest } from './checkout/portal.ts'
export type { ClerkCatalogue, ClerkPlanForSale } from './clerk-billing/catalogue.ts'
export type { ClerkBackfillReport } from './clerk-billing/clerk-backfill.ts'
export type { ClerkBilling } from './clerk-billing/clerk-billing.ts'
export type {
  ClerkCanceled,
  ClerkNotice,
  ClerkNoticeContext,
  ClerkNoticeHooks,
  ClerkPaymentFailed,
  ClerkRecovered,
  ClerkTrialEnding,
} from './clerk-billing/clerk-notice.ts'
export type { ClerkOffer } from './clerk-billing/clerk-offers.ts'
export { createClerkBilling } from './clerk-billing/create-clerk-billing.ts'
export type { ClerkBillingOptions } from './clerk-billing/options.ts'
export { createBilling } from './create-billing.ts'
export type {
  Canceled,
  Notice,
  NoticeContext,
  NoticeHooks,
  PaymentFailed,
  Recovered,
  SubscriptionMemory,
  TrialEnding,
} from './dunning/notice.ts'
export type { Email, PaymentFailedEmailOptions } from './dunning/payment-failed-email.ts'
export { paymentFailedEmail } from './dunning/payment-failed-email.ts'
export type { MirroredAccess } from './mirror/mirror-access.ts'
export type {
  AccessChange,
  BillingOptions,
  CheckoutOptions,
  Clerk,
  MirrorOptions,
  Problem,
  SharedOptions,
  WebhookOptions,
} from './options.ts'
export { memoryStore } from './store/memory/memory-store.ts'
export type {
  AppRow,
  BillingStore,
  CustomerRequest,
  InboxEvent,
  LeasedWork,
  Postponement,
  StoreUnit,
  SubjectRecord,
  Work,
  WorkDraft,
  WorkKind,
} from './store/store.ts'
export type { Actor, MayManage, SessionAuth, TrustedActor } from './subject/actor.ts'
export type { BackfillReport } from './work/backfill.ts'
export type { RoundReport, WorkReport } from './work/do-work.ts'
