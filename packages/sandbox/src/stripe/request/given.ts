import type { Address } from '../objects/wire.ts'
import type { Parameters } from './parameters.ts'

/**
 * The parameters given, for fields that have the parameter's own name and shape on the wire; unset ones are null. It
 * relies on the operation's parameter table for the shapes.
 */
export function given<T>(parameters: Parameters, names: readonly (keyof T & string)[]): Partial<T> {
  const fields: Partial<T> = {}
  for (const name of names) {
    const value = parameters.values[name]
    if (value !== undefined) fields[name] = value as T[typeof name]
  }
  return fields
}

/** An address with all its lines; null when it was unset. */
export function addressOf(parameters: Parameters | undefined): Address | null {
  if (parameters === undefined) return null
  const line = (name: string) => parameters.text(name) ?? null
  return {
    city: line('city'),
    country: line('country'),
    line1: line('line1'),
    line2: line('line2'),
    postal_code: line('postal_code'),
    state: line('state'),
  }
}
