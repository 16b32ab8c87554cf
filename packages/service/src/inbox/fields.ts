/** The object itself, or the object in one of its fields; `null` where there is none. */
export function objectAt(value: unknown, field?: string): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  if (field === undefined) return value as Readonly<Record<string, unknown>>
  return objectAt((value as Readonly<Record<string, unknown>>)[field])
}

/** The text in a field; `null` where it is empty, missing or something else. */
export function textAt(value: unknown, field: string): string | null {
  const text = objectAt(value)?.[field]
  return typeof text === 'string' && text !== '' ? text : null
}
