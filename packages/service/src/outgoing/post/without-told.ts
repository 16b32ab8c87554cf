const hidden = '[secret]'
/** Shorter parts of an address are words such as `services`, which say nothing. */
const shortestPart = 12

/**
 * The words of a receiver without what it was told: whoever knows the address of a chat's webhook can post there, and
 * an error may repeat it, or a key that stood in the message.
 *
 * @param secrets what else it was told that nobody may read
 * @example
 * withoutTold('no route /services/T0/B0/x1y2', new URL('https://hooks.example.com/services/T0/B0/x1y2'))
 * // 'no route [secret]'
 */
export function withoutTold(text: string, url: URL | null, secrets: readonly string[] = []): string {
  const told = [...(url ? partsOf(url) : []), ...secrets.flatMap(codedForms)]
  return told
    .filter((part) => part !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((words, part) => words.replaceAll(part, hidden), text)
}

function partsOf({ pathname, search, searchParams }: URL): readonly string[] {
  const parts = [
    pathname + search,
    pathname,
    search.slice(1),
    ...pathname.split('/'),
    ...searchParams.values(),
  ]
  return parts.flatMap(codedForms).filter((part) => part.length >= shortestPart)
}

/** As programs commonly write it. */
function codedForms(text: string): readonly string[] {
  return [text, encodeURIComponent(text), decoded(text), Buffer.from(text).toString('base64')]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
