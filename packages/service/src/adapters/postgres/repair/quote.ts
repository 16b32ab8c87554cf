const longestName = 63

/**
 * A name as SQL writes it. Control characters are refused: PostgreSQL would take some, but a line break in a printed
 * comment would end it.
 *
 * @throws RangeError for a name that PostgreSQL would cut off or cannot hold.
 */
export function quoteName(name: string): string {
  if (name === '' || /\p{Cc}/u.test(name) || Buffer.byteLength(name) > longestName) {
    throw new RangeError(
      `A name of PostgreSQL has 1 to ${longestName} bytes and no control characters: ${JSON.stringify(name)}.`,
    )
  }
  return `"${name.replaceAll('"', '""')}"`
}

/** Text as a constant, whatever `standard_conforming_strings` says. */
export function quoteText(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL holds no text with a NUL character.')
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** Data as a constant that may stand in a block between dollar signs: no text of it can end the block. */
export function quoteJson(data: unknown): string {
  return quoteText(JSON.stringify(data).replaceAll('$', '\\u0024'))
}

/** The name of a role that is made: letters, digits, `_` and `-`, with room for the name of its owner. */
export function isRoleName(role: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,56}$/.test(role)
}

/** @throws RangeError */
export function assertRoleName(role: string): void {
  if (isRoleName(role)) return
  throw new RangeError(
    `The name of the role takes letters, digits, _ and -, at most 57 in all: ${JSON.stringify(role)}.`,
  )
}

/**
 * A password as PostgreSQL stores it.
 *
 * @throws RangeError
 */
export function quoteVerifier(verifier: string): string {
  const base64 = '[A-Za-z0-9+/]+=*'
  if (new RegExp(`^SCRAM-SHA-256\\$\\d+:${base64}\\$${base64}:${base64}$`).test(verifier))
    return quoteText(verifier)
  throw new RangeError('The verifier of the password is not in the form of SCRAM-SHA-256.')
}
