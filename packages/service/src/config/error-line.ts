/** The line of `file`, from 1, at which it failed to run, as the error's stack tells it; `null` when it does not. */
export function lineOfError(error: unknown, file: string): number | null {
  const stack = error instanceof Error ? (error.stack ?? error.message) : ''
  const at = stack.indexOf(`${file}:`)
  const line = at < 0 ? null : /^\d+/.exec(stack.slice(at + file.length + 1))
  return line ? Number(line[0]) : null
}

/** The line, from 1, at which a text is no JSON. Node names a position, or nothing when the text ends too early. */
export function lineOfJsonError(error: unknown, text: string): number {
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message) : null
  const at = position ? Number(position[1]) : text.length
  const isAtEnd = text.slice(at).trim() === ''
  const before = isAtEnd ? text.trimEnd() : text.slice(0, at)
  return before.split('\n').length
}
