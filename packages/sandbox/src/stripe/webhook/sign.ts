import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header for a body: `t=<seconds>` and one `v1=` a secret, the newest secret first. While a
 * secret is being rolled both are given, and a receiver that knows either accepts the body.
 *
 * @example
 * signatureHeader(body, ['whsec_new', 'whsec_old'], 1760000000) // 't=1760000000,v1=5f…,v1=c0…'
 */
export function signatureHeader(body: string, secrets: readonly string[], seconds: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
  )
  return [`t=${seconds}`, ...signatures].join(',')
}
