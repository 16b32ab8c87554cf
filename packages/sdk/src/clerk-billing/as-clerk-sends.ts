/**
 * An object of the official client as Clerk's API sent it. The client renames fields (`period_end` to `periodEnd`) and
 * has no way to what was sent, which is what the rule of Clerk Billing reads.
 */
export function asClerkSends(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asClerkSends)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      asClerkSends(each),
    ]),
  )
}
