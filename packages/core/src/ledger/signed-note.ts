import { fromBase64, toBase64 } from './base64.ts'
import type { Digest, VerifySignature } from './digest.ts'
import { isSameBytes, joinBytes } from './digest.ts'

// Signed notes as https://c2sp.org/signed-note specifies them, with Ed25519 signatures.

const ed25519 = Uint8Array.of(1)
const publicKeyLength = 32
const signatureLength = 64
/** More signatures than a log, its witnesses and a change of keys could need. */
const mostSignatures = 100

/** A public key with the name that it signs under. */
export interface NoteKey {
  readonly name: string
  /** The first four bytes of the hash over name and key: which of several keys of a name it is. */
  readonly id: Uint8Array
  readonly publicKey: Uint8Array
}

/** A note taken apart; nothing of it is verified yet. */
export interface SignedNote {
  /** What is signed, with its last newline. */
  readonly text: string
  readonly signatures: readonly {
    readonly name: string
    readonly id: Uint8Array
    readonly signature: Uint8Array
  }[]
}

/** A key that is ready to sign. */
export interface NoteSigner extends NoteKey {
  sign(message: Uint8Array): Uint8Array
}

/** @throws TypeError when the name holds a space or a plus, or the key is not 32 bytes long. */
export function noteKey(sha256: Digest, name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name) || publicKey.length !== publicKeyLength) {
    throw new TypeError(`A key of ${publicKey.length} bytes named ${JSON.stringify(name)} cannot sign notes.`)
  }
  const hashed = sha256(joinBytes(new TextEncoder().encode(`${name}\n`), ed25519, publicKey))
  return { name, id: hashed.slice(0, 4), publicKey }
}

/**
 * The key as one line to hand to whoever verifies, in the form that Go's `note` and other tools of C2SP read:
 * `<name>+<id in hex>+<base64 of the type and the key>`.
 */
export function formatNoteKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${toHex(id)}+${toBase64(joinBytes(ed25519, publicKey))}`
}

/** Reads what {@link formatNoteKey} wrote; `null` when it is no such line or its parts do not belong together. */
export function parseNoteKey(sha256: Digest, text: string): NoteKey | null {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? []
  const typed = fromBase64(encoded)
  if (!isKeyName(name) || typed?.length !== publicKeyLength + 1 || typed[0] !== ed25519[0]) return null
  const key = noteKey(sha256, name, typed.slice(1))
  return toHex(key.id) === id ? key : null
}

/** Signs a text of one or more lines with each of these keys. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const message = new TextEncoder().encode(text)
  const lines = signers.map((signer) => {
    const signature = joinBytes(signer.id, signer.sign(message))
    return `\u2014 ${signer.name} ${toBase64(signature)}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Takes a note apart; `null` when it is none. */
export function parseNote(note: string): SignedNote | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a note has none but the newline.
  if (/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(note)) return null
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > mostSignatures) return null
  const signatures: SignedNote['signatures'][number][] = []
  for (const line of lines) {
    const [, name = '', encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? []
    const bytes = fromBase64(encoded)
    if (!isKeyName(name) || !bytes || bytes.length < 5) return null
    signatures.push({ name, id: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: note.slice(0, split + 1), signatures }
}

/**
 * Which of these keys signed the note. Signatures of other keys are ignored; one that claims to be of a known key and
 * is not makes the whole note worthless.
 */
export function keysThatSigned(
  note: SignedNote,
  keys: readonly NoteKey[],
  verify: VerifySignature,
): readonly NoteKey[] {
  const message = new TextEncoder().encode(note.text)
  const signed = new Set<NoteKey>()
  for (const { name, id, signature } of note.signatures) {
    const key = keys.find((known) => known.name === name && isSameBytes(known.id, id))
    if (!key) continue
    if (signature.length !== signatureLength || !verify(key.publicKey, message, signature)) return []
    signed.add(key)
  }
  return [...signed]
}

/** Neither empty nor with a space of any kind or a plus, which divide the parts of a line. */
function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\u0085]/u.test(name)
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
