import type { Interval } from '../catalogue/plan-for-sale.ts'
import { day } from './day.ts'

/** The texts of a pricing table. */
export interface PricingLabels {
  readonly plans: string
  readonly intervals: string
  readonly interval: Readonly<Record<Interval, string>>
  readonly currency: string
  readonly current: string
  /** Given the trial's end, ISO 8601. */
  readonly currentTrial: (endsAt: string) => string
  /** Of a plan that was canceled, or whose payment failed: given its end, ISO 8601. */
  readonly currentEnding: (endsAt: string) => string
  readonly free: string
  readonly byUse: string
  readonly notSold: (interval: Interval) => string
  readonly per: (interval: Interval, bySeat: boolean) => string
  readonly saves: (percent: number) => string
  readonly trial: (days: number) => string
  readonly startTrial: (plan: string) => string
  readonly choose: (plan: string) => string
  readonly seats: string
  readonly seatsIncluded: (seats: number) => string
  readonly notAllowed: string
  readonly failed: string
}

const per: Readonly<Record<Interval, string>> = { month: 'a month', year: 'a year', once: 'once, for good' }
const sold: Readonly<Record<Interval, string>> = {
  month: 'Not sold by the month',
  year: 'Not sold by the year',
  once: 'Not sold for good',
}

export const pricingLabels: PricingLabels = {
  plans: 'Plans',
  intervals: 'How often it is paid for',
  interval: { month: 'Monthly', year: 'Yearly', once: 'Once' },
  currency: 'Currency',
  current: 'Current plan',
  currentTrial: (endsAt) => `Current plan, on trial until ${day(endsAt, 'en')}`,
  currentEnding: (endsAt) => `Current plan, ends on ${day(endsAt, 'en')}`,
  free: 'Free',
  byUse: 'By use',
  notSold: (interval) => sold[interval],
  per: (interval, bySeat) => (bySeat ? `a seat, ${per[interval]}` : per[interval]),
  saves: (percent) => `Save ${percent} %`,
  trial: (days) => `${days} days free`,
  startTrial: (plan) => `Try ${plan}`,
  choose: (plan) => `Choose ${plan}`,
  seats: 'Seats',
  seatsIncluded: (seats) => (seats === 1 ? '1 seat' : `${seats} seats`),
  notAllowed: 'An administrator of the organization manages billing.',
  failed: 'The checkout could not be opened. Try again.',
}
