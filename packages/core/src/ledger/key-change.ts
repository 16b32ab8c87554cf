import { fromBase64, toBase64 } from './base64.ts'
import type { Digest, VerifySignature } from './digest.ts'
import type { LedgerDraft } from './draft.ts'
import type { NoteKey, NoteSigner } from './signed-note.ts'
import { formatNoteKey, parseNoteKey } from './signed-note.ts'

/** The first entry of a ledger: which key signs it. */
export function projectCreated(key: NoteKey, at: Date): LedgerDraft {
  return {
    key: 'project-created',
    act: 'project-created',
    at,
    by: 'trueup',
    about: {},
    facts: { signingKey: formatNoteKey(key) },
    personal: null,
  }
}

/**
 * The entry that hands signing over from one key to another. Both sign the same sentence: the old one says who comes
 * next, the new one that it is held. Whoever trusts the old key may then trust the new one.
 */
export function signingKeyChanged(from: NoteSigner, to: NoteSigner, at: Date, by: string): LedgerDraft {
  const sentence = keyChangeSentence(formatNoteKey(from), formatNoteKey(to))
  return {
    key: `signing-key-changed:${formatNoteKey(to)}`,
    act: 'signing-key-changed',
    at,
    by,
    about: {},
    facts: {
      from: formatNoteKey(from),
      to: formatNoteKey(to),
      signedByFrom: toBase64(from.sign(sentence)),
      signedByTo: toBase64(to.sign(sentence)),
    },
    personal: null,
  }
}

/** The keys of a change that both of them signed; `null` when it is not so signed. */
export function readKeyChange(
  facts: LedgerDraft['facts'],
  sha256: Digest,
  verify: VerifySignature,
): { readonly from: NoteKey; readonly to: NoteKey } | null {
  const { from, to, signedByFrom, signedByTo } = facts
  const texts = [from, to, signedByFrom, signedByTo].filter((text) => typeof text === 'string')
  const [fromText = '', toText = '', byFrom = '', byTo = ''] = texts
  const [fromKey, toKey] = [parseNoteKey(sha256, fromText), parseNoteKey(sha256, toText)]
  const [oldSignature, newSignature] = [fromBase64(byFrom), fromBase64(byTo)]
  if (!fromKey || !toKey || oldSignature?.length !== 64 || newSignature?.length !== 64) return null
  const sentence = keyChangeSentence(fromText, toText)
  const isSigned =
    verify(fromKey.publicKey, sentence, oldSignature) && verify(toKey.publicKey, sentence, newSignature)
  return isSigned ? { from: fromKey, to: toKey } : null
}

/** The first words are used for nothing else, so that no other signature can be passed off as this one. */
function keyChangeSentence(from: string, to: string): Uint8Array {
  return new TextEncoder().encode(`trueup ledger: signing key changed\nfrom ${from}\nto ${to}\n`)
}
