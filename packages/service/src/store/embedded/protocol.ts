/**
 * The few parts of PostgreSQL's wire protocol that stand between a client and the embedded database.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

/** A message of the protocol: a letter, its length, its body. */
export function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(5 + body.length)
  bytes.write(type, 0, 'latin1')
  bytes.writeInt32BE(4 + body.length, 1)
  body.copy(bytes, 5)
  return bytes
}

/** Texts as the protocol writes them, each ended by a zero. */
export function cStrings(...texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\0`).join(''))
}

export function typeOf(bytes: Buffer): string {
  return String.fromCharCode(bytes[0] ?? 0)
}

/** The whole messages at the beginning of `bytes`, and what is left of one that has not all come yet. */
export function splitMessages(bytes: Buffer): {
  readonly messages: readonly Buffer[]
  readonly rest: Buffer
} {
  const messages: Buffer[] = []
  let start = 0
  while (start + 5 <= bytes.length) {
    const end = start + 1 + bytes.readInt32BE(start + 1)
    if (end > bytes.length) break
    messages.push(bytes.subarray(start, end))
    start = end
  }
  return { messages, rest: bytes.subarray(start) }
}

/** What a client sends before it speaks the protocol proper. */
export type Opening = 'startup' | 'encryption' | 'cancel'

/** The opening at the beginning of `bytes`, with the user that a startup names; `null` while it has not all come. */
export function readOpening(
  bytes: Buffer,
): { readonly opening: Opening; readonly user: string | null; readonly rest: Buffer } | null {
  if (bytes.length < 8) return null
  const length = bytes.readInt32BE(0)
  if (bytes.length < length) return null
  const opening = openings.get(bytes.readInt32BE(4)) ?? 'startup'
  const user = opening === 'startup' ? userOf(bytes.toString('utf8', 8, length)) : null
  return { opening, user, rest: bytes.subarray(length) }
}

/** Names and values by turns. */
function userOf(parameters: string): string | null {
  const words = parameters.split('\0')
  const at = words.findIndex((word, index) => index % 2 === 0 && word === 'user')
  return (at < 0 ? null : words[at + 1]) || null
}

const openings: ReadonlyMap<number, Opening> = new Map([
  [80877103, 'encryption'],
  [80877104, 'encryption'],
  [80877102, 'cancel'],
])

/** What a server says to a client that it lets in without a password. */
export function welcome(serverVersion: string, clientNumber: number): Buffer {
  const parameters = {
    server_version: serverVersion,
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
    TimeZone: 'UTC',
  }
  const key = Buffer.alloc(8)
  key.writeInt32BE(clientNumber, 0)
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...Object.entries(parameters).map(([name, value]) => message('S', cStrings(name, value))),
    message('K', key),
    message('Z', Buffer.from('I')),
  ])
}

/** Where a message of a client names a prepared statement; `null` where it names none, or the unnamed one. */
export function statementNameAt(bytes: Buffer): number | null {
  const at = placeOfName(bytes)
  return at === null || bytes[at] === 0 ? null : at
}

function placeOfName(bytes: Buffer): number | null {
  switch (typeOf(bytes)) {
    case 'P':
      return 5
    case 'B':
      return bytes.indexOf(0, 5) + 1
    case 'D':
    case 'C':
      return String.fromCharCode(bytes[5] ?? 0) === 'S' ? 6 : null
    default:
      return null
  }
}

/** The message with a prefix put before the text at this place. */
export function withPrefix(bytes: Buffer, at: number, prefix: string): Buffer {
  const prefixed = Buffer.concat([bytes.subarray(0, at), Buffer.from(prefix), bytes.subarray(at)])
  prefixed.writeInt32BE(prefixed.length - 1, 1)
  return prefixed
}
