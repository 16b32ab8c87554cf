import type { Metadata } from '../objects/wire.ts'
import { StripeError } from '../stripe-error.ts'
import type { Parameters } from './parameters.ts'

const MOST_KEYS = 50
const LONGEST_KEY = 40
const LONGEST_VALUE = 500

/**
 * Metadata after a request: keys are merged, an empty value removes its key, an empty string for the whole clears it.
 *
 * @returns the old one itself when the request does not speak of metadata.
 * @throws StripeError 400 beyond 50 keys, 40 characters a key, or 500 characters a value.
 */
export function mergeMetadata(old: Metadata, parameters: Parameters): Metadata {
  if (!parameters.has('metadata')) return old
  const given = parameters.objectOrNull('metadata')?.values
  if (given === null || given === undefined) return {}
  const merged: Metadata = { ...old }
  for (const [key, value] of Object.entries(given)) {
    if (value === '' || value === null) delete merged[key]
    else merged[key] = checked(key, String(value))
  }
  const count = Object.keys(merged).length
  if (count > MOST_KEYS) {
    throw new StripeError(
      400,
      `You cannot have more than ${MOST_KEYS} keys in metadata, but the object would have ${count}.`,
      { param: 'metadata' },
    )
  }
  return merged
}

function checked(key: string, value: string): string {
  if (key.length > LONGEST_KEY) {
    throw new StripeError(
      400,
      `Metadata keys must be at most ${LONGEST_KEY} characters long, but you passed in a key that is ${key.length} characters. Invalid key: ${key}`,
      { param: 'metadata' },
    )
  }
  if (value.length > LONGEST_VALUE) {
    throw new StripeError(
      400,
      `Metadata values must have at most ${LONGEST_VALUE} characters, but you passed in a value that is ${value.length} characters. Invalid value: ${value.slice(0, 40)}`,
      { param: `metadata[${key}]` },
    )
  }
  return value
}
