import type { AlertMessage } from '../alert-message.ts'

/**
 * A message as a body that a program reads: `alert.opened`, `alert.resolved`, `alert.acknowledged`, `alert.test` or
 * `alert.notice`, in the form that Standard Webhooks recommends. Words of others are bounded and not escaped: JSON
 * needs none, and whoever shows them escapes them for where they go.
 */
export function renderWebhook(message: AlertMessage): string {
  const { what, at, ...data } = message
  return JSON.stringify({ type: `alert.${what}`, timestamp: at.toISOString(), data })
}
