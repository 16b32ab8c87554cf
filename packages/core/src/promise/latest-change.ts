/**
 * The latest of the moments that is not after the reading; the beginning of time when there is none. A loop, since a
 * full check asks it of some twenty moments for each subscription.
 */
export function latestChange(moments: readonly (Date | null | undefined)[], readAt: Date): Date {
  const readTime = readAt.getTime()
  let latest = 0
  for (const moment of moments) {
    const time = moment?.getTime() ?? 0
    if (time > latest && time <= readTime) latest = time
  }
  return new Date(latest)
}
