const dateKey = '$date'

/** JSON in which moments stay moments. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(withDates(value))
}

/** What {@link encodeJson} wrote. */
export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(dateKey in value)) return value
    return new Date(String(value[dateKey]))
  })
}

/** `JSON.stringify` asks a date for its text before a replacer sees it, so that dates are replaced first. */
function withDates(value: unknown): unknown {
  if (value instanceof Date) return { [dateKey]: value.toISOString() }
  if (Array.isArray(value)) return value.map(withDates)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withDates(each)]))
}
