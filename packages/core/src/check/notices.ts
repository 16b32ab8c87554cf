import type { Pair } from '../match/pair.ts'
import type { Money } from '../price/money.ts'
import { monthlyAmount } from '../price/monthly-amount.ts'
import type { Price } from '../price/price.ts'
import { monthlyOfFact, priceWithTiers } from '../promise/monthly-promise.ts'
import type { Promised } from '../promise/promised.ts'
import { subjectKey } from '../subject/subject.ts'
import { grantEvidence, promiseEvidence } from './evidence.ts'
import type { Drift } from './verdict.ts'

/**
 * What is filed although it is no difference of one subject's access: prices that the catalogue does not have, app
 * values that it does not know, and refunds or disputes that call for a person's look. The first two are one incident
 * for all that they touch.
 */
export function noticesOf(pair: Pair, promised: Promised, prices: readonly Price[]): readonly Drift[] {
  return [
    ...unmappedPrices(pair, promised, prices),
    ...unknownPlanValues(pair),
    ...refundReviews(pair, promised),
  ]
}

function unmappedPrices(pair: Pair, promised: Promised, prices: readonly Price[]): readonly Drift[] {
  const drifts = new Map<string, Drift>()
  for (const unknown of promised.unknown) {
    if (unknown.reason !== 'unmapped-price') continue
    const payer = pair.payers.find(({ facts }) => facts.some((fact) => fact.id === unknown.factId))
    const known = drifts.get(unknown.priceId)
    const touches = new Set([...(known?.touches ?? []), ...(payer ? [payer.customer.id] : [])])
    if (known) {
      const moneyAtRisk = sumOf(known.moneyAtRisk, monthlyOf(pair, unknown.factId, unknown.priceId, prices))
      drifts.set(unknown.priceId, { ...known, touches: [...touches], moneyAtRisk })
      continue
    }
    const sum = monthlyOf(pair, unknown.factId, unknown.priceId, prices)
    drifts.set(unknown.priceId, {
      kind: 'price-unmapped',
      component: 'price',
      hurts: 'both',
      owed: null,
      granted: null,
      allowed: null,
      on: unknown.priceId,
      subject: null,
      customerId: null,
      access: null,
      sentence: `Price ${unknown.priceId} (product ${unknown.productId}) is sold, but the catalogue does not say what it buys.`,
      touches: [...touches],
      evidence: promiseEvidence(pair.payers).filter((line) => line.value?.startsWith(unknown.priceId)),
      moneyAtRisk: sum,
      moneyNote: sum ? null : 'The price has no fixed sum.',
    })
  }
  return [...drifts.values()]
}

function monthlyOf(pair: Pair, factId: string, priceId: string, prices: readonly Price[]): Money | null {
  const facts = pair.payers.flatMap((payer) => payer.facts)
  const fact = facts.find((candidate) => candidate.id === factId)
  if (fact?.kind === 'plan-item') return monthlyOfFact(fact, prices)
  if (fact?.kind !== 'subscription') return null
  const item = fact.items.find((candidate) => candidate.price.id === priceId)
  if (!item) return null
  const amount = monthlyAmount(priceWithTiers(item.price, prices), item.quantity, [
    ...item.discounts,
    ...fact.discounts,
  ])
  return amount.kind === 'fixed' ? { currency: amount.currency, amount: amount.amount } : null
}

/** Both sums where they have one currency; else the first that there is. */
function sumOf(a: Money | null, b: Money | null): Money | null {
  if (!a || !b) return a ?? b
  return a.currency === b.currency ? { currency: a.currency, amount: a.amount + b.amount } : a
}

function unknownPlanValues(pair: Pair): readonly Drift[] {
  const drifts = new Map<string, Drift>()
  for (const reading of pair.readings) {
    const value = reading.granted.unknownPlanValue
    if (value === null) continue
    const evidence = [...(drifts.get(value)?.evidence ?? []), ...grantEvidence([reading])]
    drifts.set(value, {
      kind: 'plan-unknown',
      component: 'plan-value',
      hurts: 'both',
      owed: null,
      granted: value,
      allowed: null,
      on: value,
      subject: null,
      customerId: null,
      access: null,
      sentence: `The app grants the plan ${JSON.stringify(value)}, which the catalogue does not have.`,
      touches: [subjectKey(reading.subject)],
      evidence,
      moneyAtRisk: null,
      moneyNote: 'What this plan is worth is not known.',
    })
  }
  return [...drifts.values()]
}

function refundReviews(pair: Pair, promised: Promised): readonly Drift[] {
  const [review] = promised.reviews
  if (!review || !pair.subject) return []
  const said = {
    refunded: 'was refunded in full',
    'dispute-open': 'is disputed',
    'dispute-lost': 'was lost in a dispute',
  }[review.found]
  const what = review.invoiceId ?? review.factId
  return [
    {
      kind: 'refund-review',
      component: 'refund',
      hurts: 'both',
      owed: null,
      granted: null,
      allowed: null,
      on: subjectKey(pair.subject),
      subject: pair.subject,
      customerId: pair.payers[0]?.customer.id ?? null,
      access: null,
      sentence: `The payment of ${what} ${said}; ${pair.subject.id} may keep access or lose it, as you decide.`,
      touches: promised.reviews.map(({ factId }) => factId),
      evidence: promiseEvidence(pair.payers),
      moneyAtRisk: null,
      moneyNote: 'The money has gone back, or may go back.',
    },
  ]
}
