/**
 * A share as people write it. What is not quite all is never shown as all, nor as nothing what is not nothing.
 *
 * @example
 * percentText(0.99996)   // '99.9%'
 */
export function percentText(share: number): string {
  if (share >= 1) return '100%'
  if (share <= 0) return '0%'
  const tenths = Math.min(999, Math.max(1, Math.round(share * 1_000)))
  return `${(tenths / 10).toFixed(1)}%`
}
