import { BillingError, type CheckoutRequest, type PortalFlow } from '@trueup/sdk'

/** What a browser may say of a purchase. The price is looked up by the SDK, never taken from here. */
export function readCheckout(
  body: unknown,
): Pick<CheckoutRequest, 'plan' | 'interval'> & { readonly currency?: string; readonly seats?: number } {
  const { plan, interval, currency, seats } = Object(body)
  const known = (['month', 'year', 'once'] as const).find((each) => each === interval)
  if (typeof plan !== 'string' || !known) throw refused('A checkout needs a plan and an interval.')
  return {
    plan,
    interval: known,
    ...(typeof currency === 'string' ? { currency } : {}),
    ...(typeof seats === 'number' ? { seats } : {}),
  }
}

export function readPortal(body: unknown): PortalFlow | null {
  const { flow } = Object(body)
  return (['payment-method', 'cancel', 'update'] as const).find((each) => each === flow) ?? null
}

export function readNote(body: unknown): string {
  const { text } = Object(body)
  if (typeof text === 'string' && text.trim() !== '' && text.length <= 1_000) return text.trim()
  throw refused('A note has between 1 and 1,000 characters.')
}

function refused(message: string): BillingError {
  return new BillingError({ code: 'options-invalid', message, fix: 'Send what the page sends.' })
}
