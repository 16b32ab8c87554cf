import type { Money } from '../price/money.ts'
import type { BillingFact } from '../promise/billing.ts'
import { cataloguePrice, monthlyPromised } from '../promise/monthly-promise.ts'
import type { Promised } from '../promise/promised.ts'
import type { Difference } from './compare-access.ts'
import type { Rules } from './rules.ts'

/** A sum a month, or the reason why none can be named. */
export interface MoneyAtRisk {
  readonly money: Money | null
  readonly note: string | null
}

/**
 * What a difference costs a month: the promised price, after discounts, for what is missing; the catalogue price for
 * what is open unpaid. A sum that billing does not fix is named in the note and never guessed.
 */
export function moneyAtRiskOf(
  difference: Difference,
  sides: { readonly promised: Promised; readonly grantedPlan: string },
  facts: readonly BillingFact[],
  rules: Rules,
): MoneyAtRisk {
  switch (difference.kind) {
    case 'paid-without-access':
      return promisedSum(facts, rules)
    case 'plan-too-low': {
      const promised = promisedSum(facts, rules)
      const granted = cataloguePrice({ plan: sides.grantedPlan }, rules.prices, rules.catalogue)
      return less(promised, granted)
    }
    case 'access-without-payment':
      return sides.grantedPlan === rules.catalogue.plans[0].id
        ? { money: null, note: 'Which of the paid plans is open is not known.' }
        : catalogueSum({ plan: sides.grantedPlan }, rules)
    case 'plan-too-high': {
      const granted = catalogueSum({ plan: sides.grantedPlan }, rules)
      return less(
        granted,
        cataloguePrice({ plan: sides.promised.allowed.plan }, rules.prices, rules.catalogue),
      )
    }
    case 'entitlement-missing':
    case 'entitlement-extra': {
      const feature = String(difference.component).slice('entitlement:'.length)
      return catalogueSum({ feature }, rules)
    }
    case 'trial-cut-short':
      return { money: null, note: 'Nothing is paid during a trial.' }
    case 'trial-overstayed':
      return catalogueSum({ plan: sides.grantedPlan }, rules)
    case 'seats-short':
    case 'seats-over':
      return { money: null, note: 'What a seat costs is not worked out.' }
    default:
      return { money: null, note: null }
  }
}

function promisedSum(facts: readonly BillingFact[], rules: Rules): MoneyAtRisk {
  const { sums, notes } = monthlyPromised(facts, rules)
  const [money, ...others] = sums
  const otherNotes = others.map((sum) => `Beside it ${sum.amount} minor units of ${sum.currency}.`)
  return { money: money ?? null, note: noteOf([...notes, ...otherNotes]) }
}

function catalogueSum(
  of: { readonly plan: string } | { readonly feature: string },
  rules: Rules,
): MoneyAtRisk {
  const { money, note } = cataloguePrice(of, rules.prices, rules.catalogue)
  return { money, note }
}

/** The first less the second, where both are known in one currency; else the first. */
function less(first: MoneyAtRisk, second: MoneyAtRisk): MoneyAtRisk {
  if (!first.money || !second.money || first.money.currency !== second.money.currency) return first
  return {
    money: { currency: first.money.currency, amount: Math.max(0, first.money.amount - second.money.amount) },
    note: first.note,
  }
}

function noteOf(notes: readonly string[]): string | null {
  return notes.length > 0 ? notes.join(' ') : null
}
