import { SourceError } from '@trueup/core'
import type { Secret } from '../../secret.ts'

/**
 * Refuses what cannot be a Clerk Backend API secret key.
 *
 * @throws SourceError `key-malformed`
 */
export function acceptClerkKey(key: Secret): void {
  if (/^sk_(test|live)_\S+$/.test(key.reveal())) return
  throw new SourceError({
    source: 'clerk',
    code: 'key-malformed',
    message: 'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…)',
    fix: 'Copy it from the Clerk dashboard (API keys, secret keys). A publishable key (pk_…) cannot read users.',
    retryable: false,
  })
}

/** Whether a key belongs to a production instance. */
export function isLiveKey(key: Secret): boolean {
  return key.reveal().startsWith('sk_live_')
}
