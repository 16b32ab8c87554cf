/**
 * Orders texts by code point, as a database does that compares UTF-8 bytes (`collate "C"`). JavaScript's own order
 * compares UTF-16 units and puts characters beyond the basic plane in another place, so that a page would end
 * elsewhere.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let place = 0; place < length; place++) {
    const left = a.charCodeAt(place)
    const right = b.charCodeAt(place)
    if (left !== right) return rankOfUnit(left) - rankOfUnit(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others. */
function rankOfUnit(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** The next `limit` keys behind `after`; `next` is the last of them while there are more. `keys` are in order. */
export function pageOfKeys(
  keys: readonly string[],
  after: string | null,
  limit: number,
): { readonly keys: readonly string[]; readonly next: string | null } {
  const start = after === null ? 0 : placeBehind(keys, after)
  const page = keys.slice(start, start + limit)
  const isLast = start + limit >= keys.length
  return { keys: page, next: isLast ? null : (page.at(-1) ?? null) }
}

function placeBehind(keys: readonly string[], after: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareText(keys[middle] ?? '', after) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
