import type { Rng } from '@trueup/core'

/** After so many tries a delivery is set aside, where everybody can see it. */
export const mostTries = 12

const minute = 60
const hour = 60 * minute

/**
 * What Standard Webhooks recommends, with two more days at the end
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability).
 */
const webhookSeconds = [
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
  24 * hour,
  24 * hour,
]

/** An alert that comes hours late helps nobody: the tries stand closer together, and the last comes after some 3 hours. */
const alertSeconds = [
  5,
  15,
  40,
  90,
  3 * minute,
  5 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  hour,
  hour,
]

/**
 * How many seconds to wait after a failed try, with up to a fifth more or less, so that what failed together does not
 * come back together. What the receiver asked for is waited for at least. `null`: that was the last try.
 *
 * @param tries how many have failed
 *
 * @example
 * retryDelaySeconds('webhook', { tries: 1, retryAfterSeconds: null }, rng) // about 5
 */
export function retryDelaySeconds(
  audience: 'alert' | 'webhook',
  { tries, retryAfterSeconds }: { readonly tries: number; readonly retryAfterSeconds: number | null },
  rng: Rng,
): number | null {
  const schedule = audience === 'alert' ? alertSeconds : webhookSeconds
  const seconds = schedule[tries - 1]
  if (seconds === undefined) return null
  const jittered = seconds * (0.8 + 0.4 * rng.next())
  return Math.max(jittered, retryAfterSeconds ?? 0)
}
