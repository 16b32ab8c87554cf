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

const longestId = 255

/** The id in a field, or in the object that the field was expanded to; `null` where there is none of an id's length. */
export function idAt(value: unknown, field: string): string | null {
  const id = textAt(value, field) ?? textAt(objectAt(value, field), 'id')
  return id !== null && id.length <= longestId ? id : null
}
