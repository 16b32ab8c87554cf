import { examplePrice } from '../example-facts.ts'
import type { PlanItem } from './plan-item.ts'

/** A whole item for tests, in the middle of a paid month; a test names only the field it is about. */
export const examplePlanItem: PlanItem = {
  kind: 'plan-item',
  id: 'csubitem_1',
  customerId: 'user_1',
  livemode: false,
  status: 'active',
  price: { ...examplePrice, id: 'cplan_pro', productId: 'cplan_pro', lookupKey: 'pro' },
  isDefaultPlan: false,
  isFreeTrial: false,
  features: [],
  seats: null,
  createdAt: new Date('2026-03-01T00:00:00Z'),
  periodStart: new Date('2026-09-01T00:00:00Z'),
  periodEnd: new Date('2026-10-01T00:00:00Z'),
  canceledAt: null,
  pastDueAt: null,
  endedAt: null,
  lifetimePaid: 12_000,
  changedAt: new Date('2026-09-01T00:00:00Z'),
  readAt: new Date('2026-09-15T00:00:00Z'),
  problems: [],
}
