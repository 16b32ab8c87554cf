import type { Access, Component } from './access.ts'

/**
 * Says what a fact or a grant comes to, as one text, so that a database can compare without knowing the rules:
 * equal keys agree, everything else is for `check` to decide. Computed by `agreementKey` and its like in core.
 *
 * `''`: a fact that promises nothing. `null`: not exact, so it must be looked at.
 */
export type AgreementKey = string | null

/**
 * Says an access as one text, of the mapped components only, so that two sides can be compared without knowing the
 * rules: equal keys agree. A trial that has ended is left out, since a trial end is compared only while a trial runs.
 *
 * @example
 * agreementKey({ plan: 'pro', paid: true, trialEndsAt: null, entitlements: ['sso'], seats: null }, ['paid', 'plan'], now)
 * // 'paid=true;plan=pro'
 */
export function agreementKey(access: Access, mapped: readonly Component[], now: Date): string {
  const said: Record<Component, () => string> = {
    paid: () => String(access.paid),
    plan: () => access.plan,
    trialEndsAt: () =>
      access.trialEndsAt && access.trialEndsAt > now ? access.trialEndsAt.toISOString() : 'none',
    entitlements: () => (access.entitlements === 'every' ? '*' : JSON.stringify(access.entitlements)),
    seats: () => String(access.seats ?? 'none'),
  }
  return mapped
    .toSorted()
    .map((component) => `${component}=${said[component]()}`)
    .join(';')
}
