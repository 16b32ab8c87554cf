import type { Access, Component } from './access.ts'
import { components } from './access.ts'

/**
 * Says what a fact or a grant comes to, as one text, so that a database can compare without knowing the rules:
 * equal keys agree, everything else is for `check` to decide. Computed by `agreementKey` and its like in core.
 *
 * `''`: a fact that promises nothing. `null`: not exact, so it must be looked at.
 */
export type AgreementKey = string | null

/**
 * Says an access as one text, of the mapped components only, so that two sides can be compared without knowing the
 * rules: equal keys agree. A trial that has ended is left out, since a trial end is compared only while a trial runs;
 * so is the number of seats where nothing is paid, since a limit left standing for whoever has nothing opens nothing.
 *
 * @example
 * agreementKey({ plan: 'pro', paid: true, trialEndsAt: null, entitlements: ['sso'], seats: null }, ['paid', 'plan'], now)
 * // 'paid=true;plan=pro'
 */
export function agreementKey(access: Access, mapped: readonly Component[], now: Date): string {
  let key = ''
  for (const component of inKeys) {
    if (!mapped.includes(component)) continue
    key += `${key === '' ? '' : ';'}${component}=${saidOf(component, access, now)}`
  }
  return key
}

/** What an agreement key says; a component that it does not say is not mapped, or, of seats, is not paid for. */
export type SaidAccess = Partial<Access>

const said =
  /^(?:entitlements=(\*|\[.*\])(?:;|$))?(?:paid=(true|false)(?:;|$))?(?:plan=(.*?)(?:;(?=seats=|trialEndsAt=)|$))?(?:seats=([^;]*)(?:;|$))?(?:trialEndsAt=([^;]*))?$/s

/**
 * Reads back what {@link agreementKey} wrote; `null`: it is none. A trial that had ended is none.
 *
 * @example
 * readAgreementKey('paid=true;plan=pro') // { paid: true, plan: 'pro' }
 */
export function readAgreementKey(key: string): SaidAccess | null {
  const found = said.exec(key)
  if (!found) return null
  const [, entitlements, paid, plan, seats, trialEndsAt] = found
  return {
    ...(entitlements === undefined
      ? {}
      : { entitlements: entitlements === '*' ? 'every' : (JSON.parse(entitlements) as readonly string[]) }),
    ...(paid === undefined ? {} : { paid: paid === 'true' }),
    ...(plan === undefined ? {} : { plan }),
    ...(seats === undefined || seats === 'unpaid' ? {} : { seats: seatsSaid(seats) }),
    ...(trialEndsAt === undefined
      ? {}
      : { trialEndsAt: trialEndsAt === 'none' ? null : new Date(trialEndsAt) }),
  }
}

function seatsSaid(text: string): Access['seats'] {
  if (text === 'none') return null
  return text === 'unlimited' ? text : Number(text)
}

/** The order in which keys say components. */
const inKeys = components.toSorted()

function saidOf(component: Component, access: Access, now: Date): string {
  switch (component) {
    case 'paid':
      return String(access.paid)
    case 'plan':
      return access.plan
    case 'trialEndsAt':
      return access.trialEndsAt && access.trialEndsAt > now ? access.trialEndsAt.toISOString() : 'none'
    case 'entitlements':
      return access.entitlements === 'every' ? '*' : JSON.stringify(access.entitlements)
    case 'seats':
      return access.paid ? String(access.seats ?? 'none') : 'unpaid'
  }
}

/** Stands between keys that are held side by side; no key holds it, since ids and features are printable. */
export const keySeparator = '\u0001'

/**
 * The keys of one access under several views of it, as one text; under one view alone it is that key. Sources that
 * map different components see the same access differently, and each is compared under its own view.
 *
 * @example
 * joinKeys([{ view: 'paid', key: 'paid=true' }, { view: 'plan', key: 'plan=pro' }])
 */
export function joinKeys(keys: readonly { readonly view: string; readonly key: string }[]): string {
  return keys.map(({ view, key }) => keyUnder(view, key, keys.length)).join(keySeparator)
}

/** A key as it stands among those of {@link joinKeys}: by itself where there is one view, else with its name. */
export function keyUnder(view: string, key: string, views: number): string {
  return views > 1 ? `${view}:${key}` : key
}

/** The keys that a text of {@link joinKeys} holds. */
export function keysIn(joined: string): readonly string[] {
  return joined.split(keySeparator)
}
