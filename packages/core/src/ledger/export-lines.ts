import { toBase64 } from './base64.ts'
import { canonicalJson } from './canonical-json.ts'
import type { JsonValue } from './draft.ts'
import type { PersonalPart } from './sequenced.ts'

/*
 * An export is a file of lines, each one JSON object in canonical form:
 *
 *   {"format":"trueup-ledger-export",...}     first: which ledger, and whether all of it or an extract
 *   {"about":...,"version":1}                 an entry, byte for byte as it was hashed
 *   {"personal":...,"salt":...,"sequence":n}  after its entry: what stands beside it, unless it was erased
 *   {"proof":...,"sequence":n}                after its entry, in an extract: the text of a .tlog-proof
 *   {"checkpoint":...,"publicKey":...}        last: the signed note
 */

export const exportFormat = 'trueup-ledger-export'
export const exportVersion = 1

/** `whole`: every entry from the first on. `extract`: some, each with a proof that it is in the ledger. */
export type ExportScope = 'whole' | 'extract'

export function exportHead(origin: string, scope: ExportScope): string {
  return canonicalJson({ format: exportFormat, version: exportVersion, origin, scope })
}

export function personalLine(sequence: number, { salt, text }: PersonalPart): string {
  // The text is canonical already; reading and writing it again would only cost time.
  return `{"personal":${text},"salt":${canonicalJson(toBase64(salt))},"sequence":${sequence}}`
}

export function proofLine(sequence: number, proof: string): string {
  return canonicalJson({ proof, sequence })
}

/** @param publicKey for the reader's eyes: whoever verifies takes the key from elsewhere. */
export function exportEnd(checkpoint: string, publicKey: string): string {
  return canonicalJson({ checkpoint, publicKey })
}

/** Which kind of line it is, by the names that only this kind has. */
export function kindOfLine(line: {
  readonly [key: string]: JsonValue
}): 'head' | 'entry' | 'personal' | 'proof' | 'end' | null {
  if ('format' in line) return 'head'
  if ('previous' in line) return 'entry'
  if ('salt' in line) return 'personal'
  if ('proof' in line) return 'proof'
  return 'checkpoint' in line ? 'end' : null
}
