import type { Component } from '../access/access.ts'
import type { AgreementKey } from '../access/agreement-key.ts'
import { agreementKey } from '../access/agreement-key.ts'
import type { Catalogue } from '../access/catalogue.ts'
import type { SubjectReading } from './granted.ts'
import { grantedBounds } from './granted-bounds.ts'

/**
 * What a subject's grant comes to, as one text to be compared by a database. `null` sends the subject to the full
 * check: something could not be read, the subject was deleted, or members have to be counted against seats.
 *
 * @param rules.mapped The components that the project compares for this type of subject.
 */
export function subjectAgreementKey(
  reading: SubjectReading,
  rules: { readonly catalogue: Catalogue; readonly mapped: readonly Component[]; readonly now: Date },
): AgreementKey {
  if (reading.deleted || reading.customerId.state === 'unreadable') return null
  if (reading.granted.members.state !== 'unmapped') return null
  const { least, most, unknown } = grantedBounds(reading.granted, rules.mapped, rules.catalogue)
  if (unknown.length > 0) return null
  const key = agreementKey(least, rules.mapped, rules.now)
  return key === agreementKey(most, rules.mapped, rules.now) ? key : null
}
