'use client'
import type { ReactNode } from 'react'
import { type Act, ActButton } from './act-button.tsx'
import { Heading, type HeadingLevel } from './heading.tsx'

export interface UpgradePromptProps {
  /** What the plan is called that opens it: `Pro`. */
  readonly plan: string
  /** What is closed, in the words of the app: `Reports`. Default: "This". */
  readonly what?: string
  /** Where the button leads: the page with the plans, or a checkout. A page is a link, see `href`. */
  readonly act?: Act<{ readonly plan: string }>
  /** An address to look at, in place of `act`. */
  readonly href?: string
  readonly title?: ReactNode
  /** What the button or link says. */
  readonly label?: ReactNode
  /** Said where the function failed. */
  readonly failed?: string
  /** More about it: what the plan brings. */
  readonly children?: ReactNode
  readonly headingLevel?: HeadingLevel
  readonly className?: string
}

/**
 * Says what is closed and which plan opens it.
 *
 * @example
 * <UpgradePrompt what="Reports" plan="Pro" href="/billing">See where the week went.</UpgradePrompt>
 */
export function UpgradePrompt({
  plan,
  what = 'This',
  act,
  href,
  title = `${what} ${what.endsWith('s') && what !== 'This' ? 'are' : 'is'} part of ${plan}`,
  label = `Upgrade to ${plan}`,
  failed = 'That did not work. Try again.',
  children,
  headingLevel = 2,
  className,
}: UpgradePromptProps) {
  return (
    <section data-trueup="upgrade-prompt" className={className}>
      <Heading level={headingLevel}>{title}</Heading>
      {children === undefined ? null : <div data-part="body">{children}</div>}
      {href === undefined ? null : (
        <a data-part="button" href={href}>
          {label}
        </a>
      )}
      {act === undefined ? null : (
        <ActButton act={act} input={{ plan }} failed={failed} part="button">
          {label}
        </ActButton>
      )}
    </section>
  )
}
