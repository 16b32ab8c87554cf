import { SourceError } from '@trueup/core'
import type { Secret } from '../../secret.ts'

const needed = 'A restricted key starts with rk_test_ or rk_live_.'
/** What to do in place of pasting any other key. */
export const createRestrictedKey =
  'Create a restricted key in the Stripe dashboard (Developers, API keys) with Read on Customers, Subscriptions, Invoices, Prices and Products.'

/** What may be pasted in place of a restricted key, each with what it is and what to do. The first that fits is told. */
const mistakes: readonly {
  readonly fits: RegExp
  readonly code: 'key-malformed' | 'key-too-powerful'
  readonly found: string
  readonly fix: string
}[] = [
  {
    fits: /^\s*$/,
    code: 'key-malformed',
    found: `The Stripe key is empty. ${needed}`,
    fix: createRestrictedKey,
  },
  {
    fits: /\s/,
    code: 'key-malformed',
    found: 'The Stripe key holds white space.',
    fix: 'Copy it once more, without spaces or line breaks.',
  },
  {
    fits: /^(rk|sk)_(test|live)_.*[…*•]/,
    code: 'key-malformed',
    found: 'This is a Stripe key as it is shown, with its middle left out.',
    fix: 'Reveal the key in the Stripe dashboard and copy it whole; where it can no longer be shown, make another.',
  },
  {
    fits: /^pk_/,
    code: 'key-malformed',
    found: `This is a publishable key, which can read nothing. ${needed}`,
    fix: createRestrictedKey,
  },
  {
    fits: /^whsec_/,
    code: 'key-malformed',
    found: `This is a webhook signing secret, not an API key. ${needed}`,
    fix: createRestrictedKey,
  },
  {
    fits: /^sk_(test|live)_/,
    code: 'key-too-powerful',
    found:
      'This is a full Stripe secret key (sk_…), or a key of another vendor. Trueup only reads, and asks for no more.',
    fix: `${createRestrictedKey} To use this key all the same, say --allow-secret-key.`,
  },
]

/**
 * Refuses what cannot be, or should not be, the key that reads a Stripe account.
 *
 * @throws SourceError `key-malformed` or `key-too-powerful`
 */
export function acceptStripeKey(key: Secret, options: { readonly allowSecretKey: boolean }): void {
  const text = key.reveal()
  if (/^rk_(test|live)_[A-Za-z0-9_]{4,}$/.test(text)) return
  if (options.allowSecretKey && /^sk_(test|live)_[A-Za-z0-9_]{4,}$/.test(text)) return
  const { code, found, fix } = mistakes.find(({ fits }) => fits.test(text)) ?? {
    code: 'key-malformed' as const,
    found: `This does not look like a Stripe key. ${needed}`,
    fix: createRestrictedKey,
  }
  throw new SourceError({ source: 'stripe', code, message: found, fix, retryable: false })
}

/** Whether a key belongs to live mode. */
export function isLiveKey(key: Secret): boolean {
  return /^[rs]k_live_/.test(key.reveal())
}
