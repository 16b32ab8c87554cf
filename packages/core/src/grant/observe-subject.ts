import type { AgreementKey } from '../access/agreement-key.ts'
import { agreementKey, keyUnder } from '../access/agreement-key.ts'
import type { Catalogue } from '../access/catalogue.ts'
import type { SourceComponents } from '../subject/source-components.ts'
import { componentsIn, viewName, viewsOf } from '../subject/source-components.ts'
import type { SubjectReading } from './granted.ts'
import { grantedBounds } from './granted-bounds.ts'

/**
 * What a subject's grant comes to, as one text to be compared by a database. `null` sends the subject to the full
 * check: something could not be read, the subject was deleted, or members have to be counted against seats.
 *
 * @param rules.mapped The components that each source maps; those of the reading's own source are compared.
 */
export function subjectAgreementKey(
  reading: SubjectReading,
  rules: {
    readonly catalogue: Catalogue
    readonly mapped: readonly SourceComponents[]
    readonly now: Date
  },
): AgreementKey {
  if (reading.deleted || reading.customerId.state === 'unreadable') return null
  if (reading.granted.members.state !== 'unmapped') return null
  const { type } = reading.subject
  const mapped = componentsIn(rules.mapped, reading.source, type)
  const { least, most, unknown } = grantedBounds(reading.granted, mapped, rules.catalogue)
  if (unknown.length > 0) return null
  const key = agreementKey(least, mapped, rules.now)
  if (key !== agreementKey(most, mapped, rules.now)) return null
  // A source that is alone is the only view there is, and its name is not said.
  if (rules.mapped.length === 1) return key
  return keyUnder(viewName(mapped), key, viewsOf(rules.mapped, type).length)
}
