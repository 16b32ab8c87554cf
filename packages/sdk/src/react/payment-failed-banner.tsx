'use client'
import { formatMoney } from '@trueup/core'
import type { ReactNode } from 'react'
import { useAccessIfKnown } from './access-provider.tsx'
import { type Act, ActButton } from './act-button.tsx'
import { day } from './day.ts'

/** What the app kept of `onPaymentFailed`, where it did. */
export interface FailedPayment {
  /** Minor units. */
  readonly amountDue: number
  readonly currency: string
  /** ISO 8601; `null`: Stripe gave up. */
  readonly nextAttemptAt: string | null
}

export interface PaymentFailedBannerProps {
  /** Opens the portal where a card is changed; best with `flow: 'payment-method'`. */
  readonly act: Act<Record<string, never>>
  /** More about the payment. Default: said without sum and date. */
  readonly payment?: FailedPayment | null
  /** Whether this person may manage billing. Default true. */
  readonly allowed?: boolean
  readonly title?: ReactNode
  readonly label?: ReactNode
  readonly failed?: string
  /** The last sentence: what becomes of it. Default: that access ends unless it is paid, and on which day. */
  readonly ending?: ReactNode
  /** In place of all sentences. */
  readonly children?: ReactNode
  /** A BCP 47 tag. The same on server and page, or hydration differs. Default `en`. */
  readonly locale?: string
  readonly className?: string
}

/**
 * Says that a payment failed while access lasts, and leads to where a card is changed. Shows nothing otherwise.
 *
 * @example
 * <PaymentFailedBanner act="/billing/payment-method" />
 */
export function PaymentFailedBanner({
  act,
  payment = null,
  allowed = true,
  title = 'The last payment failed',
  label = 'Update the payment method',
  failed = 'Billing could not be opened. Try again.',
  ending,
  children,
  locale = 'en',
  className,
}: PaymentFailedBannerProps) {
  const access = useAccessIfKnown()
  if (access?.reason !== 'grace') return null
  const on = access.endsAt ? `on ${day(access.endsAt, locale)} ` : ''
  return (
    <section data-trueup="payment-failed" role="alert" className={className}>
      <p data-part="title">
        <strong>{title}</strong>
      </p>
      <div data-part="body">
        {children ?? (
          <p>
            {payment
              ? `${formatMoney({ amount: payment.amountDue, currency: payment.currency })} is due. `
              : ''}
            {payment?.nextAttemptAt ? `It is tried again on ${day(payment.nextAttemptAt, locale)}. ` : ''}
            {ending ?? `Access ends ${on}unless it is paid.`}
          </p>
        )}
      </div>
      {allowed ? (
        <ActButton act={act} input={{}} failed={failed} part="button">
          {label}
        </ActButton>
      ) : null}
    </section>
  )
}
