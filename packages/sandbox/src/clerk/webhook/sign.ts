import { createHmac } from 'node:crypto'

/**
 * The headers of a Svix delivery: id, time in seconds, and one `v1,` signature a secret. The key is the decoded part
 * of `whsec_...` (https://docs.svix.com/receiving/verifying-payloads/how-manual). While a secret is rolled, both sign.
 *
 * @example
 * svixHeaders({ id: 'msg_1', body, secrets: ['whsec_c2VjcmV0'], time: new Date() })
 */
export function svixHeaders(message: {
  readonly id: string
  readonly body: string
  readonly secrets: readonly string[]
  readonly time: Date
}): Record<string, string> {
  const { id, body, secrets } = message
  const seconds = Math.floor(message.time.getTime() / 1000)
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'svix-id': id, 'svix-timestamp': String(seconds), 'svix-signature': signatures.join(' ') }
}
