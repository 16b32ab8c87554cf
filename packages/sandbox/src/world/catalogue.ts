/** The plans of the world's app, lowest first. */
export const planIds = ['free', 'pro', 'team', 'enterprise'] as const
export type PlanId = (typeof planIds)[number]

/** What a price buys; `unmapped` ones stand in Stripe and not in the app's catalogue. */
export type Buys =
  | { readonly kind: 'plan'; readonly plan: PlanId }
  | { readonly kind: 'add-on'; readonly addOn: string }
  | { readonly kind: 'seats'; readonly seatsEach: number }
  | { readonly kind: 'unmapped' }

export interface SoldPrice {
  readonly id: string
  readonly product: string
  readonly nickname: string
  readonly buys: Buys
  /** Minor units; `null` where tiers or a decimal say it. */
  readonly amount: number | null
  readonly amountDecimal?: string
  readonly currency: string
  /** `null`: paid once. */
  readonly every: 'month' | 'year' | null
  readonly metered?: true
  readonly lookupKey?: string
  readonly tiers?: readonly { readonly upTo: number | null; readonly amount: number }[]
  /** No longer sold; old subscriptions may still be on it. */
  readonly archived?: true
}

export const products = [
  { id: 'prod_1Pro', name: 'Pro' },
  { id: 'prod_1Team', name: 'Team' },
  { id: 'prod_1Enterprise', name: 'Enterprise' },
  { id: 'prod_1ReportsPlus', name: 'Extra reports' },
  { id: 'prod_1ApiCalls', name: 'API calls' },
  { id: 'prod_1Seats', name: 'Five more seats' },
  { id: 'prod_1Starter', name: 'Starter' },
] as const

const pro = { kind: 'plan', plan: 'pro' } as const
const team = { kind: 'plan', plan: 'team' } as const
const enterprise = { kind: 'plan', plan: 'enterprise' } as const

/** All that the world sells, by a short name. Yen have no minor unit, Kuwaiti dinars have three decimals. */
export const prices = {
  pro_monthly: price('ProMonthly', 'Pro', 'Pro, monthly', pro, 2900, 'usd', 'month'),
  pro_yearly: {
    ...price('ProYearly', 'Pro', 'Pro, yearly', pro, 29_000, 'usd', 'year'),
    lookupKey: 'pro_yearly',
  },
  pro_yearly_eur: price('ProYearlyEur', 'Pro', 'Pro, yearly, euro', pro, 27_000, 'eur', 'year'),
  pro_monthly_jpy: price('ProMonthlyJpy', 'Pro', 'Pro, monthly, yen', pro, 4400, 'jpy', 'month'),
  pro_monthly_kwd: price('ProMonthlyKwd', 'Pro', 'Pro, monthly, dinar', pro, 9000, 'kwd', 'month'),
  pro_lifetime: price('ProLifetime', 'Pro', 'Pro, for good', pro, 49_900, 'usd', null),
  team_monthly: price('TeamMonthly', 'Team', 'Team, a seat, monthly', team, 1200, 'usd', 'month'),
  team_yearly: {
    ...price('TeamYearly', 'Team', 'Team, a seat, yearly', team, 12_000, 'usd', 'year'),
    lookupKey: 'team_yearly',
  },
  team_tiered: {
    ...price('TeamTiered', 'Team', 'Team, cheaper by the dozen', team, null, 'usd', 'month'),
    tiers: [
      { upTo: 12, amount: 1200 },
      { upTo: 50, amount: 1000 },
      { upTo: null, amount: 800 },
    ],
  },
  enterprise_monthly: price(
    'EnterpriseMonthly',
    'Enterprise',
    'Enterprise, monthly',
    enterprise,
    120_000,
    'usd',
    'month',
  ),
  enterprise_yearly: price(
    'EnterpriseYearly',
    'Enterprise',
    'Enterprise, yearly',
    enterprise,
    1_200_000,
    'usd',
    'year',
  ),
  reports_plus: price(
    'ReportsPlus',
    'ReportsPlus',
    'Extra reports',
    { kind: 'add-on', addOn: 'extra-reports' },
    900,
    'usd',
    'month',
  ),
  api_calls: {
    ...price(
      'ApiCalls',
      'ApiCalls',
      'API calls, by use',
      { kind: 'add-on', addOn: 'api-calls' },
      null,
      'usd',
      'month',
    ),
    amountDecimal: '0.4',
    metered: true,
  },
  seat_pack: price(
    'SeatPack',
    'Seats',
    'Five more seats',
    { kind: 'seats', seatsEach: 5 },
    5000,
    'usd',
    'month',
  ),
  pro_monthly_new: price(
    'ProMonthlyNew',
    'Pro',
    'Pro, monthly, new price',
    { kind: 'unmapped' },
    3400,
    'usd',
    'month',
  ),
  starter_monthly: price(
    'StarterMonthly',
    'Starter',
    'Starter, monthly',
    { kind: 'unmapped' },
    900,
    'usd',
    'month',
  ),
  pro_monthly_old: {
    ...price('ProMonthlyOld', 'Pro', 'Pro, monthly, until 2021', { kind: 'unmapped' }, 1900, 'usd', 'month'),
    archived: true,
  },
} as const satisfies Record<string, SoldPrice>

/** The short name of a price: `pro_monthly`. */
export type PriceName = keyof typeof prices

/** A price by its short name, in the general shape. */
export function soldPrice(name: PriceName): SoldPrice {
  return prices[name]
}

/** What a plan lets its subject do. */
export const planFeatures: Readonly<Record<PlanId, readonly string[]>> = {
  free: [],
  pro: ['reports'],
  team: ['reports', 'shared-spaces'],
  enterprise: ['audit-log', 'reports', 'shared-spaces', 'sso'],
}

/** What is sold beside a plan. */
export const addOnFeatures: Readonly<Record<string, readonly string[]>> = {
  'extra-reports': ['reports-plus'],
  'api-calls': ['api'],
}

/** Seats that come with enterprise, whatever is paid for it. */
export const enterpriseSeats = 250

/** How the app writes its plans, beside their ids; all mean the same, whatever their case. */
export const planSpellings: Readonly<Record<PlanId, readonly [string, ...string[]]>> = {
  free: ['free', 'free', 'Free', 'none'],
  pro: ['pro', 'pro', 'Pro', 'premium', 'PRO'],
  team: ['team', 'team', 'Team', 'business'],
  enterprise: ['enterprise', 'Enterprise', 'ent'],
}

/** Words that the app wrote as a plan once and that its catalogue does not have. */
export const strayPlanWords = ['growth', 'startup-2024', 'vip'] as const

export const coupons = [
  { id: 'LAUNCH20', name: 'Launch, 20 % for good', percent_off: 20, duration: 'forever' },
  { id: 'WELCOME10', name: 'Welcome, 10 dollars once', amount_off: 1000, currency: 'usd', duration: 'once' },
  {
    id: 'PARTNER25',
    name: 'Partner, 25 % for a year',
    percent_off: 25,
    duration: 'repeating',
    duration_in_months: 12,
  },
] as const
export type CouponId = (typeof coupons)[number]['id']

function price(
  id: string,
  product: string,
  nickname: string,
  buys: Buys,
  amount: number | null,
  currency: string,
  every: SoldPrice['every'],
): SoldPrice {
  return { id: `price_1${id}`, product: `prod_1${product}`, nickname, buys, amount, currency, every }
}

/** The billing rhythm of a price. */
export function intervalOf(name: PriceName): {
  readonly interval: 'month' | 'year'
  readonly interval_count: 1
} {
  return { interval: soldPrice(name).every ?? 'month', interval_count: 1 }
}
