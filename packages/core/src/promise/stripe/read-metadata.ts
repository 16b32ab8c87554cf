import type { Fields } from '../../json/fields.ts'
import { isJsonObject } from '../../json/fields.ts'

/** The metadata of a Stripe object: texts by key. Stripe keeps nothing else there. */
export function readMetadata(fields: Fields): Readonly<Record<string, string>> {
  const metadata = fields.raw('metadata')
  if (!isJsonObject(metadata)) return {}
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
