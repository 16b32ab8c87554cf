'use client'
import type { ReactNode } from 'react'
import { type Act, ActButton } from './act-button.tsx'

export interface BillingButtonProps {
  /** Opens the billing portal: an address that answers a POST by leading there, or a function that goes there. */
  readonly act: Act<Record<string, never>>
  /** Whether this person may manage billing. The server decides it again. Default true. */
  readonly allowed?: boolean
  readonly children?: ReactNode
  /** Said beside the button where it is not allowed. Default: that an administrator can. */
  readonly notAllowed?: ReactNode
  /** Said where the function failed. */
  readonly failed?: string
  readonly className?: string
}

/**
 * Leads to the billing portal: invoices, payment methods, cancellation.
 *
 * @example
 * <BillingButton act="/billing/portal" />
 */
export function BillingButton({
  act,
  allowed = true,
  children = 'Manage billing',
  notAllowed = 'An administrator of the organization manages billing.',
  failed = 'Billing could not be opened. Try again.',
  className,
}: BillingButtonProps) {
  return (
    <div data-trueup="billing-button" className={className}>
      <ActButton act={act} input={{}} failed={failed} disabled={!allowed} part="button">
        {children}
      </ActButton>
      {allowed ? null : <p data-part="note">{notAllowed}</p>}
    </div>
  )
}
