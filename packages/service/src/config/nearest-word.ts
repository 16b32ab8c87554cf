/**
 * The word that was probably meant: the nearest in spelling, or `null` where none is near. Case, blanks and dashes
 * play no part.
 *
 * @example
 * nearestWord('customer_id', ['customerId', 'plan']) // 'customerId'
 */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const plain = plainOf(word)
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(plain, plainOf(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  if (!best) return null
  return best.distance <= Math.max(1, Math.floor(plain.length / 3)) ? best.candidate : null
}

function plainOf(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, '')
}

/** A word that is the beginning of the other is as near as one with a single wrong letter. */
function distanceOf(a: string, b: string): number {
  const isBeginning = Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a))
  const distance = editDistance(a, b)
  return isBeginning ? Math.min(distance, 1) : distance
}

/** How many letters must be put in, left out or changed to make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[j], row[j + 1], row[j]]
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
