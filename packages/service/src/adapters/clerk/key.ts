import { SourceError } from '@trueup/core'
import type { Secret } from '../../secret.ts'

/** What to do about each thing that may be pasted in place of a secret key. The first that fits is told. */
const mistakes: readonly { readonly fits: RegExp; readonly fix: string }[] = [
  {
    fits: /^sk_(test|live)_.*[…*•]/,
    fix: 'This is a key as it is shown, with its middle left out. Copy the whole key from the Clerk dashboard (API keys).',
  },
  { fits: /\S\s+\S/, fix: 'This holds white space. Copy the key once more, without spaces or line breaks.' },
  {
    fits: /^pk_/,
    fix: 'This is a publishable key, which cannot read users. The secret keys stand below it in the Clerk dashboard (API keys).',
  },
  {
    fits: /^rk_/,
    fix: 'This is a restricted key of Stripe. Copy the secret key from the Clerk dashboard (API keys, secret keys).',
  },
  {
    fits: /^whsec_/,
    fix: 'This is a webhook signing secret. Copy the secret key from the Clerk dashboard (API keys, secret keys).',
  },
]

/**
 * Refuses what cannot be a Clerk Backend API secret key. A Stripe secret key looks the same; only Clerk can tell.
 *
 * @throws SourceError `key-malformed`
 */
export function acceptClerkKey(key: Secret): void {
  const text = key.reveal()
  if (/^sk_(test|live)_[A-Za-z0-9_-]+$/.test(text)) return
  throw new SourceError({
    source: 'clerk',
    code: 'key-malformed',
    message: 'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…)',
    fix:
      mistakes.find(({ fits }) => fits.test(text))?.fix ??
      'Copy it from the Clerk dashboard (API keys, secret keys).',
    retryable: false,
  })
}

/** Whether a key belongs to a production instance. */
export function isLiveKey(key: Secret): boolean {
  return key.reveal().startsWith('sk_live_')
}
