'use client'
import { formatMoney } from '@trueup/core'
import { type ReactNode, useId, useState } from 'react'
import type { Offer, OfferedPrice } from '../catalogue/offers.ts'
import type { Interval } from '../catalogue/plan-for-sale.ts'
import { useAccessIfKnown } from './access-provider.tsx'
import { type Act, ActButton } from './act-button.tsx'
import { Heading } from './heading.tsx'
import { type PricingLabels, pricingLabels } from './pricing-labels.ts'
import type { ShownAccess } from './shown-access.ts'

/** What was chosen, as `billing.checkout` takes it. The server looks up the price. */
export interface PlanChoice {
  readonly plan: string
  readonly interval: Interval
  readonly currency: string
  readonly seats?: number
}

/** One plan, as a slot is given it. */
export interface PlanInTable {
  readonly offer: Offer
  /** The price for the interval and the currency that are chosen; `null`: the plan is free, or not sold so. */
  readonly price: OfferedPrice | null
  readonly isCurrent: boolean
  readonly interval: Interval
}

export type PricingPart =
  | 'intervals'
  | 'currency'
  | 'plans'
  | 'plan'
  | 'title'
  | 'badge'
  | 'price'
  | 'trial'
  | 'features'
  | 'seats'
  | 'button'

export interface PricingTableProps {
  /** What `billing.offers()` gives. */
  readonly offers: readonly Offer[]
  /** What the subject has. Default: what the `AccessProvider` around it holds. */
  readonly access?: ShownAccess | null
  /** Starts the checkout: an address that a form is posted to, with `plan`, `interval`, `currency` and `seats`, or a function. */
  readonly act: Act<PlanChoice>
  /** Whether this person may manage billing. The server decides it again. Default true. */
  readonly allowed?: boolean
  /** What is shown first. Default: the first that is sold. */
  readonly interval?: Interval
  /** ISO 4217, what is shown first. Default: the first that is sold. */
  readonly currency?: string
  /** Whether a trial can be had. Default: where the subject never bought anything. */
  readonly trial?: boolean
  /** How sums are written, from minor units. Default: in English, `$29.00`. */
  readonly money?: (amount: number, currency: string) => string
  /** Texts in place of the English ones. */
  readonly labels?: Partial<PricingLabels>
  /** The names of features for people. Default: the names of the catalogue. */
  readonly featureNames?: Readonly<Record<string, string>>
  readonly classNames?: Readonly<Partial<Record<PricingPart, string>>>
  /** Parts of a plan, drawn by the app. */
  readonly slots?: {
    readonly price?: (plan: PlanInTable) => ReactNode
    readonly features?: (plan: PlanInTable) => ReactNode
    /** Stands below the features and above the button. */
    readonly footer?: (plan: PlanInTable) => ReactNode
  }
  /** The level of the plans' headings. Default 3. */
  readonly headingLevel?: 2 | 3 | 4 | 5
  readonly className?: string
}

/** Nothing was ever bought, as far as is known. */
const untried: readonly (string | undefined)[] = [undefined, 'free', 'unseen']

/**
 * The plans with their prices, monthly and yearly, in the currencies that are sold, the own plan marked.
 *
 * @example
 * <PricingTable offers={offers} act={async (choice) => location.assign((await post('/api/checkout', choice)).url)} />
 */
export function PricingTable(props: PricingTableProps) {
  const { offers, act, allowed = true, money = inEnglish, classNames = {}, headingLevel = 3 } = props
  const known = useAccessIfKnown()
  const access = props.access === undefined ? known : props.access
  const labels = { ...pricingLabels, ...props.labels }
  const prices = offers.flatMap((offer) => offer.prices)
  const intervals = (['month', 'year', 'once'] as const).filter((each) =>
    prices.some((price) => price.interval === each),
  )
  const currencies = [...new Set(prices.map((price) => price.currency))]
  const [interval, setInterval] = useState<Interval>(props.interval ?? intervals[0] ?? 'month')
  const [currency, setCurrency] = useState(props.currency ?? currencies[0] ?? 'usd')
  const name = useId()
  const mayTry = props.trial ?? untried.includes(access?.reason)

  return (
    <section data-trueup="pricing-table" aria-label={labels.plans} className={props.className}>
      <div data-part="choices">
        {intervals.length > 1 ? (
          <div
            role="radiogroup"
            aria-label={labels.intervals}
            data-part="intervals"
            className={classNames.intervals}
          >
            {intervals.map((each) => (
              <label key={each}>
                <input
                  type="radio"
                  name={name}
                  value={each}
                  checked={each === interval}
                  onChange={() => setInterval(each)}
                />
                <span>{labels.interval[each]}</span>
              </label>
            ))}
          </div>
        ) : null}
        {currencies.length > 1 ? (
          <label data-part="currency" className={classNames.currency}>
            <span>{labels.currency}</span>
            <select value={currency} onChange={(event) => setCurrency(event.target.value)}>
              {currencies.map((each) => (
                <option key={each} value={each}>
                  {each.toUpperCase()}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
      {allowed ? null : <p data-part="note">{labels.notAllowed}</p>}
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without markers is none to Safari's screen reader */}
      <ul role="list" data-part="plans" className={classNames.plans}>
        {offers.map((offer) => (
          <Plan
            key={offer.plan}
            table={{ ...props, act, allowed, money, classNames, headingLevel }}
            labels={labels}
            mayTry={mayTry}
            access={access}
            plan={{
              offer,
              price:
                offer.prices.find((each) => each.interval === interval && each.currency === currency) ?? null,
              isCurrent: access?.plan === offer.plan,
              interval,
            }}
          />
        ))}
      </ul>
    </section>
  )
}

interface PlanProps {
  readonly plan: PlanInTable
  readonly access: ShownAccess | null
  readonly labels: PricingLabels
  readonly mayTry: boolean
  readonly table: PricingTableProps &
    Required<Pick<PricingTableProps, 'allowed' | 'money' | 'classNames' | 'headingLevel'>>
}

function Plan({ plan, access, labels, mayTry, table }: PlanProps) {
  const { offer, price, isCurrent, interval } = plan
  const { classNames, slots = {}, featureNames = {} } = table
  const titleId = useId()
  const [seats, setSeats] = useState(1)
  const isFree = offer.prices.length === 0
  const hasTrial = mayTry && offer.trialDays !== null && interval !== 'once' && price !== null
  const choice: PlanChoice | null = price && {
    plan: offer.plan,
    interval,
    currency: price.currency,
    ...(offer.seats === 'quantity' ? { seats } : {}),
  }
  return (
    <li
      data-part="plan"
      data-plan={offer.plan}
      data-current={isCurrent || undefined}
      aria-labelledby={titleId}
      className={classNames.plan}
    >
      <Heading level={table.headingLevel} id={titleId} className={classNames.title}>
        {offer.name}
      </Heading>
      {isCurrent ? (
        <p data-part="badge" className={classNames.badge}>
          {currentOf(access, labels)}
        </p>
      ) : null}
      <div data-part="price" className={classNames.price}>
        {slots.price ? slots.price(plan) : <Price plan={plan} labels={labels} money={table.money} />}
      </div>
      {hasTrial && offer.trialDays !== null ? (
        <p data-part="trial" className={classNames.trial}>
          {labels.trial(offer.trialDays)}
        </p>
      ) : null}
      {slots.features ? (
        slots.features(plan)
      ) : (
        // biome-ignore lint/a11y/noRedundantRoles: a list without markers is none to Safari's screen reader
        <ul role="list" data-part="features" className={classNames.features}>
          {typeof offer.seats === 'number' ? <li>{labels.seatsIncluded(offer.seats)}</li> : null}
          {offer.features.map((feature) => (
            <li key={feature}>{featureNames[feature] ?? feature}</li>
          ))}
        </ul>
      )}
      {slots.footer?.(plan)}
      {choice && offer.seats === 'quantity' && !isCurrent ? (
        <label data-part="seats" className={classNames.seats}>
          <span>{labels.seats}</span>
          <input
            type="number"
            min={1}
            max={999_999}
            step={1}
            value={seats}
            onChange={(event) => setSeats(Math.max(1, Math.trunc(event.target.valueAsNumber) || 1))}
          />
        </label>
      ) : null}
      {choice && !isFree && !isCurrent ? (
        <ActButton
          act={table.act}
          input={choice}
          failed={labels.failed}
          disabled={!table.allowed}
          part="button"
          className={classNames.button}
        >
          {hasTrial ? labels.startTrial(offer.name) : labels.choose(offer.name)}
        </ActButton>
      ) : null}
    </li>
  )
}

/** What is said of the own plan. A trial that was canceled ends, and becomes nothing else. */
function currentOf(access: ShownAccess | null, labels: PricingLabels): string {
  if (access?.endsAt) return labels.currentEnding(access.endsAt)
  if (access?.reason === 'trial' && access.trialEndsAt) return labels.currentTrial(access.trialEndsAt)
  return labels.current
}

function Price({
  plan: { offer, price, interval },
  labels,
  money,
}: {
  readonly plan: PlanInTable
  readonly labels: PricingLabels
  readonly money: (amount: number, currency: string) => string
}) {
  if (offer.prices.length === 0) return <strong>{labels.free}</strong>
  if (price === null) return <span>{labels.notSold(interval)}</span>
  if (price.amount === null) return <span>{labels.byUse}</span>
  const saved = interval === 'year' ? savedPercent(offer, price) : 0
  return (
    <>
      <strong>{money(price.amount, price.currency)}</strong>{' '}
      <span>{labels.per(interval, offer.seats === 'quantity')}</span>
      {saved > 0 ? <em data-part="saving">{labels.saves(saved)}</em> : null}
    </>
  )
}

/** How much less a year costs than twelve months, in whole per cent. */
function savedPercent(offer: Offer, { amount, currency }: OfferedPrice): number {
  const month = offer.prices.find((each) => each.interval === 'month' && each.currency === currency)?.amount
  if (!month || amount === null) return 0
  return Math.floor((1 - amount / (month * 12)) * 100)
}

function inEnglish(amount: number, currency: string): string {
  return formatMoney({ amount, currency })
}
