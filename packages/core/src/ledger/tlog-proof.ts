import { fromBase64, toBase64 } from './base64.ts'
import { hashLength } from './digest.ts'

// Proofs that an entry is in a ledger, as https://c2sp.org/tlog-proof specifies them.

const firstLine = 'c2sp.org/tlog-proof@v1'

/** A proof that was read. Neither its path nor its checkpoint is verified yet. */
export interface TlogProof {
  readonly index: number
  /** From the leaf's sibling up. */
  readonly path: readonly Uint8Array[]
  /** The signed note that the path leads to. */
  readonly checkpoint: string
}

/** Writes a proof as the text of a `.tlog-proof` file. */
export function formatTlogProof({ index, path, checkpoint }: TlogProof): string {
  return [firstLine, `index ${index}`, ...path.map(toBase64), '', checkpoint].join('\n')
}

/** Reads a proof; `null` when it is none. Extra data is not authenticated and is passed over. */
export function parseTlogProof(text: string): TlogProof | null {
  const split = text.indexOf('\n\n')
  if (split < 0) return null
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (lines[0]?.startsWith('extra ') && fromBase64(lines[0].slice('extra '.length))) lines.shift()
  const [indexLine = '', ...hashes] = lines
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(indexLine) ?? []
  const path = hashes.map(fromBase64)
  if (first !== firstLine || index === undefined) return null
  const whole = path.filter((hash): hash is Uint8Array => hash?.length === hashLength)
  if (whole.length !== path.length) return null
  return { index: Number(index), path: whole, checkpoint: text.slice(split + 2) }
}
