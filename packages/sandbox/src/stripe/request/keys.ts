import { StripeError } from '../stripe-error.ts'

/** An API key of the sandbox's account. */
export interface StripeKey {
  /** `sk_test_...` for all that the account can do, `rk_test_...` for what `permissions` names. */
  readonly value: string
  /** Names such as `rak_customer_read`; a `_write` one includes its `_read`. Secret keys have all. */
  readonly permissions: 'all' | ReadonlySet<string>
}

/**
 * The API keys that the sandbox knows. They can change while it runs, as keys are rolled and revoked.
 *
 * @example
 * const keys = new StripeKeys()
 * keys.add('sk_test_sandbox')
 * keys.add('rk_test_monitor', ['rak_customer_read', 'rak_subscription_read'])
 */
export class StripeKeys {
  readonly #keys = new Map<string, StripeKey>()
  readonly #expired = new Set<string>()

  /** @param permissions what a restricted key may do; default: everything for `sk_` keys, nothing for `rk_` keys. */
  add(value: string, permissions?: Iterable<string>): void {
    const all = permissions === undefined && value.startsWith('sk_')
    this.#keys.set(value, { value, permissions: all ? 'all' : new Set(permissions ?? []) })
    this.#expired.delete(value)
  }

  /** From now on the key is answered as one that never was. Tells whether it was known. */
  revoke(value: string): boolean {
    return this.#keys.delete(value)
  }

  /** From now on the key is answered as expired. */
  expire(value: string): void {
    this.#keys.delete(value)
    this.#expired.add(value)
  }

  /** The keys that work. */
  list(): StripeKey[] {
    return [...this.#keys.values()]
  }

  /**
   * The key of an `Authorization` header: `Bearer <key>`, or Basic with the key as the user.
   *
   * @throws StripeError 401 when there is none, it is not known, or it has expired.
   */
  authenticate(header: string | undefined): StripeKey {
    const value = keyIn(header)
    if (value === null) {
      throw new StripeError(
        401,
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
      )
    }
    const key = this.#keys.get(value)
    if (key !== undefined) return key
    if (this.#expired.has(value)) {
      throw new StripeError(401, `Expired API Key provided: ${maskedKey(value)}`, { code: 'api_key_expired' })
    }
    throw new StripeError(401, `Invalid API Key provided: ${maskedKey(value)}`)
  }
}

/**
 * @throws StripeError 403 in Stripe's words, naming the permission that would help.
 */
export function requirePermission(key: StripeKey, permission: string | null, account: string): void {
  if (permission === null || key.permissions === 'all' || key.permissions.has(permission)) return
  if (permission.endsWith('_read') && key.permissions.has(`${permission.slice(0, -'read'.length)}write`))
    return
  throw new StripeError(
    403,
    `The provided key '${maskedKey(key.value)}' does not have the required permissions for this endpoint on account '${account}'. Having the '${permission}' permission would allow this request to continue.`,
  )
}

/** A key as Stripe's messages show it: what kind it is, stars, and the last four (six for restricted keys) characters. */
export function maskedKey(value: string): string {
  const kind = /^[a-z]+_(?:test|live)_/.exec(value)?.[0] ?? ''
  const shown = value.startsWith('rk_') ? 6 : 4
  const rest = value.slice(kind.length)
  if (rest.length <= shown) return kind + '*'.repeat(rest.length)
  return `${kind}${'*'.repeat(rest.length - shown)}${rest.slice(-shown)}`
}

function keyIn(header: string | undefined): string | null {
  if (header === undefined) return null
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2)
  if (value === '') return null
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return null
  const user = Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? ''
  return user === '' ? null : user
}
