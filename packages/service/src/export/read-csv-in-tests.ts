/** A reader of RFC 4180, written for tests: what they export is read back by other code than what wrote it. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false]
  for (let place = 0; place < text.length; place++) {
    const letter = text.charAt(place)
    if (isQuoted && letter === '"' && text.charAt(place + 1) === '"') {
      cell += '"'
      place += 1
    } else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === ',' || letter === '\r')) {
      row.push(cell)
      cell = ''
      if (letter === ',') continue
      rows.push(row)
      row = []
      place += 1
    } else cell += letter
  }
  return rows
}
