import { canonicalJson, wellFormed } from './canonical-json.ts'
import type { Digest } from './digest.ts'
import { joinBytes } from './digest.ts'
import type { JsonValue, LedgerDraft } from './draft.ts'

/** How many random bytes hide each personal part. */
export const saltLength = 32
/** Neither the prefix of a leaf nor that of a node, so that no hash means two things. */
const commitmentPrefix = Uint8Array.of(2)

/**
 * The commitment that an entry holds in place of what is personal: SHA-256(0x02 || salt || canonical JSON in UTF-8).
 * With the salt and the value anybody can check that they are what was entered; without the salt, of 32 random bytes,
 * no guess at the value can be tried.
 */
export function commitTo(sha256: Digest, salt: Uint8Array, text: string): Uint8Array {
  return sha256(joinBytes(commitmentPrefix, salt, new TextEncoder().encode(text)))
}

/** The personal part of a draft as it is kept and committed to. */
export function personalText(personal: Exclude<LedgerDraft['personal'], null>): string {
  return canonicalJson(wellFormed(personal))
}

/**
 * Whom a draft is about, in the keys that entries are found by: `user:user_1`, `organization:org_1`, `customer:cus_1`.
 *
 * @example
 * personsOf({ subject: 'user:u1', customer: 'cus_1', touched: ['cus_2'] })
 * // ['customer:cus_1', 'customer:cus_2', 'user:u1']
 */
export function personsOf(personal: LedgerDraft['personal']): readonly string[] {
  if (!personal) return []
  const { subject, customer, touched } = personal
  const named = [
    ...(typeof subject === 'string' ? [subject] : []),
    ...(typeof customer === 'string' ? [`customer:${customer}`] : []),
    ...(isTexts(touched) ? touched.map((one) => (isSubjectKey(one) ? one : `customer:${one}`)) : []),
  ]
  return [...new Set(named)].sort()
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((held) => typeof held === 'string')
}

function isSubjectKey(text: string): boolean {
  return text.startsWith('user:') || text.startsWith('organization:')
}
