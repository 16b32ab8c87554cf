import { signPush } from '../push/signature.ts'
import type { Secret } from '../secret.ts'

/**
 * The headers that sign a body as Standard Webhooks has it: one signature a secret, newest first, so that a receiver
 * who still checks with the one before takes it too.
 */
export function signedHeaders(
  secrets: readonly Secret[],
  { id, body, now }: { readonly id: string; readonly body: string; readonly now: Date },
): Readonly<Record<string, string>> {
  const signed = secrets.map((secret) => signPush({ secret: secret.reveal(), id, body, now }))
  const [first] = signed
  if (!first) throw new Error('There is no secret to sign with.')
  return {
    'webhook-id': first['webhook-id'],
    'webhook-timestamp': first['webhook-timestamp'],
    'webhook-signature': signed.map((headers) => headers['webhook-signature']).join(' '),
  }
}
