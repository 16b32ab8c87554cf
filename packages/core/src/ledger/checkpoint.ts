import { fromBase64, toBase64 } from './base64.ts'
import { hashLength } from './digest.ts'
import type { NoteSigner, SignedNote } from './signed-note.ts'
import { parseNote, signNote } from './signed-note.ts'

// Checkpoints as https://c2sp.org/tlog-checkpoint specifies them.

/** What a ledger was at a size. */
export interface TreeHead {
  /** Which ledger: a name without spaces. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A checkpoint that was read; its signatures are not verified yet. */
export interface ParsedCheckpoint extends TreeHead {
  readonly note: SignedNote
}

/**
 * Signs what the ledger is now.
 *
 * @example
 * signCheckpoint({ origin: 'trueup/local/1f2e3d4c', size: 12, root }, [signer])
 * // trueup/local/1f2e3d4c
 * // 12
 * // CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 * //
 * // — trueup/local/1f2e3d4c Az3grlgtzPICa5OS8npVmf1Myq/5...
 */
export function signCheckpoint({ origin, size, root }: TreeHead, signers: readonly NoteSigner[]): string {
  return signNote(`${origin}\n${size}\n${toBase64(root)}\n`, signers)
}

/** Reads a checkpoint; `null` when it is none. Lines after the root are left alone, as the specification asks. */
export function parseCheckpoint(text: string): ParsedCheckpoint | null {
  const note = parseNote(text)
  if (!note) return null
  const [origin = '', size = '', encoded = '', ...more] = note.text.split('\n')
  const root = fromBase64(encoded)
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== hashLength) return null
  // The last line ends the text, so that splitting leaves one empty piece behind it, and no other.
  if (more.at(-1) !== '' || more.slice(0, -1).includes('') || !Number.isSafeInteger(Number(size))) return null
  return { origin, size: Number(size), root, note }
}
