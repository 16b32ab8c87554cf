const longestName = 63

/** @throws RangeError for a name that PostgreSQL would cut off or cannot hold. */
export function quoteName(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > longestName) {
    throw new RangeError(`A name of PostgreSQL has 1 to ${longestName} bytes: ${JSON.stringify(name)}.`)
  }
  return `"${name.replaceAll('"', '""')}"`
}

/** Text as a constant, whatever `standard_conforming_strings` says. */
export function quoteText(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL holds no text with a NUL character.')
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}
