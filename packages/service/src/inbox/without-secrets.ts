import { withoutKeys } from '../secret.ts'

const hidden = '[secret]'
/** Fields that open something for whoever reads them: a payment, a session, an account. */
const secretField =
  /^(?:client_secret|.*_secret|secret|password|.*_password|otp_code|code|token|.*_token|ticket|jwt)$/i
const mayHoldSecret = /secret|password|token|ticket|jwt|otp|code|[sr]k_(?:test|live)_|whsec_|eyJ|__clerk_/i
/** Links that open an invoice, a checkout or a sign-in for whoever has them. */
const secretLink =
  /^https?:\/\/\S*(?:invoice\.stripe\.com|checkout\.stripe\.com|pay\.stripe\.com|__clerk_|token=|ticket=)/i

/**
 * A payload as it may be kept and shown: on one line, with everything that is a secret or opens something replaced. `raw`
 * is the text that `json` was parsed from.
 */
export function withoutSecrets(json: unknown, raw: string): string {
  if (!mayHoldSecret.test(raw) && !/https?:/.test(raw)) return JSON.stringify(json)
  return JSON.stringify(json, (name, value: unknown) => {
    if (typeof value !== 'string') return value
    if (secretField.test(name) || secretLink.test(value)) return hidden
    return withoutKeys(value)
  })
}
