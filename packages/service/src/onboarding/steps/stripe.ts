import type { OnboardingFacts } from '../facts.ts'
import { connected, failing, warningsOf } from './source-lines.ts'
import { payerOf } from './stack.ts'
import type { Judged } from './step.ts'
import { line, vendorNames } from './step.ts'

export function judgeStripe({ kept, sources, config, webhooks }: OnboardingFacts): Judged {
  const isClerk = (kept.answers.billing ?? payerOf(sources, config)) === 'clerk-billing'
  const provider = isClerk ? 'clerk' : 'stripe'
  const vendor = vendorNames[provider]
  const source = sources.find(({ kind }) => kind === provider) ?? null
  const health = webhooks.find((endpoint) => endpoint.provider === provider)?.health ?? null
  const hasSecret = health !== null && !health.alarms.includes('no-secret')
  const missing = isClerk
    ? line(
        'source-missing',
        'Clerk is not connected, whose billing sells your plans.',
        'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…).',
      )
    : line(
        'source-missing',
        'Stripe is not connected.',
        'Make a restricted key with the permissions below, and enter it.',
      )
  const unsigned = line(
    'signing-secret',
    'No signing secret for webhooks: changes are seen by the hour instead of in seconds.',
    `Add the address as an endpoint in ${vendor}, and enter its signing secret.`,
  )
  return {
    isUntouched: source === null,
    hint: source
      ? source.label
      : isClerk
        ? 'Plans sold through Clerk Billing'
        : 'A restricted key that only reads',
    found: [
      ...(source ? [connected(source)] : []),
      ...(hasSecret ? [line('signing-secret', 'Webhooks are signed with a secret that is kept here')] : []),
    ],
    needed: source ? failing(source) : [missing],
    warnings: source ? [...warningsOf(source), ...(hasSecret ? [] : [unsigned])] : [],
  }
}
