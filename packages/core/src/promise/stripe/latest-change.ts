/** The latest of the moments that is not after the reading; the beginning of time when there is none. */
export function latestChange(moments: readonly (Date | null | undefined)[], readAt: Date): Date {
  const past = moments.flatMap((moment) => (moment && moment <= readAt ? [moment.getTime()] : []))
  return new Date(Math.max(0, ...past))
}
