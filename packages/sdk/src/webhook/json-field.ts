/** A field of something that came from outside; `undefined` where there is none. */
export function jsonField(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

export function jsonText(value: unknown, ...path: readonly string[]): string | null {
  const found = jsonField(value, ...path)
  return typeof found === 'string' && found !== '' ? found : null
}
