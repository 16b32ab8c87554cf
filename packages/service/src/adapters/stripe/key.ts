import { SourceError } from '@trueup/core'
import type { Secret } from '../../secret.ts'

/**
 * Refuses what cannot be, or should not be, the key that reads a Stripe account.
 *
 * @throws SourceError `key-malformed` or `key-too-powerful`
 */
export function acceptStripeKey(key: Secret, options: { readonly allowSecretKey: boolean }): void {
  const text = key.reveal()
  const needed = 'A restricted key starts with rk_test_ or rk_live_.'
  const refuse = (code: 'key-malformed' | 'key-too-powerful', message: string, fix: string): never => {
    throw new SourceError({ source: 'stripe', code, message, fix, retryable: false })
  }
  const create =
    'Create a restricted key in the Stripe dashboard (Developers, API keys) with Read on Customers, Subscriptions, Invoices, Prices and Products.'
  if (text.trim() === '') refuse('key-malformed', `The Stripe key is empty. ${needed}`, create)
  if (/\s/.test(text))
    refuse(
      'key-malformed',
      'The Stripe key holds white space.',
      'Copy it once more, without spaces or line breaks.',
    )
  if (/^pk_/.test(text)) {
    refuse('key-malformed', `This is a publishable key, which can read nothing. ${needed}`, create)
  }
  if (/^whsec_/.test(text)) {
    refuse('key-malformed', `This is a webhook signing secret, not an API key. ${needed}`, create)
  }
  if (/^sk_(test|live)_/.test(text)) {
    if (options.allowSecretKey) return
    refuse(
      'key-too-powerful',
      'This is a full Stripe secret key (sk_…), or a key of another vendor. Trueup only reads, and asks for no more.',
      `${create} To use this key all the same, say --allow-secret-key.`,
    )
  }
  if (!/^rk_(test|live)_\S{4,}$/.test(text)) {
    refuse('key-malformed', `This does not look like a Stripe key. ${needed}`, create)
  }
}

/** Whether a key belongs to live mode. */
export function isLiveKey(key: Secret): boolean {
  return /^[rs]k_live_/.test(key.reveal())
}
