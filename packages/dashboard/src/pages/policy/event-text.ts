export interface TextEvent {
  readonly name: string
  readonly data: string
}

/** The whole events in a part of a text stream (server-sent events), and what is left of one that has not ended. */
export function eventsIn(text: string): { readonly events: readonly TextEvent[]; readonly rest: string } {
  const parts = text.split(/\r?\n\r?\n/)
  const rest = parts.pop() ?? ''
  const events = parts.flatMap((part) => {
    const lines = part.split(/\r?\n/)
    const data = valuesOf(lines, 'data')
    return data.length > 0 ? [{ name: valuesOf(lines, 'event')[0] ?? 'message', data: data.join('\n') }] : []
  })
  return { events, rest }
}

function valuesOf(lines: readonly string[], field: string): readonly string[] {
  return lines
    .filter((line) => line.startsWith(`${field}:`))
    .map((line) => line.slice(field.length + 1).replace(/^ /, ''))
}
