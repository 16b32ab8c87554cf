import { BillingError } from './billing-error.ts'
import type { BillingOptions, SharedOptions } from './options.ts'

/** @throws BillingError `options-invalid`, which names the option */
export function checkOptions(options: BillingOptions): void {
  for (const origin of options.origins) checkOrigin(origin)
  checkNumber('checkout.expiresMinutes', options.checkout?.expiresMinutes, 30, 1440)
  checkHours(options)
}

/** Checks the spans of time that both ways of selling have. */
export function checkHours(
  options: Pick<SharedOptions, 'maxAgeHours' | 'sweepHours' | 'trialEndingDays'>,
): void {
  checkNumber('maxAgeHours', options.maxAgeHours, 1, 8760)
  checkNumber('sweepHours', options.sweepHours, 1, 8760)
  checkNumber('trialEndingDays', options.trialEndingDays, 1, 60)
  const { maxAgeHours = 72, sweepHours = 24 } = options
  if (sweepHours > maxAgeHours) {
    throw invalid(
      `sweepHours is ${sweepHours} and maxAgeHours ${maxAgeHours}: access would be closed before billing is read again.`,
      'Make sweepHours the smaller of the two.',
    )
  }
}

function checkOrigin(origin: string): void {
  const url = URL.canParse(origin) ? new URL(origin) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === origin) return
  throw invalid(
    `${JSON.stringify(origin)} is no origin; an origin is a scheme, a host and at most a port.`,
    'Write it as https://app.example, without a path and without a slash at the end.',
  )
}

function checkNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isFinite(value) && value >= least && value <= most)) return
  throw invalid(`${name} is ${value}; it takes ${least} to ${most}.`, `Give a number in these bounds.`)
}

function invalid(message: string, fix: string): BillingError {
  return new BillingError({ code: 'options-invalid', message, fix })
}
