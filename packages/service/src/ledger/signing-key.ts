import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64, toBase64 } from '@trueup/core'
import type { Secret } from '../secret.ts'
import { seedLength } from './ed25519.ts'
import { LedgerError } from './ledger-error.ts'

/** Where the secret of the signing key is kept. */
export interface SigningKeys {
  /** The key in use, as its 32 secret bytes; `null`: there is none yet. */
  current(): Promise<Uint8Array | null>
  /** Makes the first key. Where another process made one meanwhile, that one. */
  create(): Promise<Uint8Array>
  /** The key that is to follow; made where there is none. It stays beside the one in use until {@link follow}. */
  next(): Promise<Uint8Array>
  /** A key that was made to follow and has not yet done so; `null`: there is none. */
  pending(): Promise<Uint8Array | null>
  /** Puts the key that was made to follow in the place of the one in use. */
  follow(): Promise<void>
}

type RandomBytes = (count: number) => Uint8Array

const fileName = 'ledger-key'

/**
 * The key in a file of the home folder that only its owner can read. Each key is one line of base64.
 *
 * @throws LedgerError `key-malformed`, `key-unusable`
 */
export function keysInHome(home: string, randomBytes: RandomBytes): SigningKeys {
  const file = join(home, fileName)
  const nextFile = `${file}.next`

  const make = async (path: string): Promise<Uint8Array> => {
    const seed = randomBytes(seedLength)
    const draft = `${path}.${toHex(randomBytes(8))}.new`
    try {
      await mkdir(home, { recursive: true })
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.writeFile(`${toBase64(seed)}\n`)
        // A key that signed something and is then lost could sign nothing ever again.
        await handle.sync()
      } finally {
        await handle.close()
      }
      // The name appears with the whole key behind it or not at all, and never in the place of another key.
      await link(draft, path)
      return seed
    } catch (cause) {
      const made = codeOf(cause) === 'EEXIST' ? await read(path) : null
      if (made) return made
      throw unusable(path, cause)
    } finally {
      await rm(draft, { force: true })
    }
  }

  return {
    current: () => read(file),
    create: () => make(file),
    next: async () => (await read(nextFile)) ?? (await make(nextFile)),
    pending: () => read(nextFile),
    async follow() {
      await rename(nextFile, file)
      await chmod(file, 0o600)
      await rm(nextFile, { force: true })
    },
  }
}

/** The key out of the environment, which can only be used as it is. */
export function keyOfEnvironment(secret: Secret): SigningKeys {
  const seed = parseSeed(secret.reveal())
  if (!seed) throw malformed('TRUEUP_LEDGER_KEY')
  const fixed = (): never => {
    throw new LedgerError({
      code: 'key-not-in-a-file',
      message: 'The signing key is given by TRUEUP_LEDGER_KEY, which a command cannot change.',
      fix: 'Put the key into the file ledger-key in TRUEUP_HOME (mode 0600), unset TRUEUP_LEDGER_KEY, change the key there, and put the new one back into the variable.',
    })
  }
  return {
    current: async () => seed,
    create: async () => seed,
    next: async () => fixed(),
    pending: async () => null,
    follow: async () => fixed(),
  }
}

/** A key that is forgotten with the process, for ledgers that are. */
export function keysInMemory(randomBytes: RandomBytes): SigningKeys {
  let [seed, following]: (Uint8Array | null)[] = [null, null]
  return {
    current: async () => seed ?? null,
    create: async () => {
      seed ??= randomBytes(seedLength)
      return seed
    },
    next: async () => {
      following ??= randomBytes(seedLength)
      return following
    },
    pending: async () => following ?? null,
    follow: async () => {
      seed = following
      following = null
    },
  }
}

async function read(path: string): Promise<Uint8Array | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return null
    throw unusable(path, cause)
  }
  const seed = parseSeed(text)
  if (!seed) throw malformed(path)
  return seed
}

function parseSeed(text: string): Uint8Array | null {
  const seed = fromBase64(text.trim())
  return seed?.length === seedLength ? seed : null
}

function malformed(place: string): LedgerError {
  return new LedgerError({
    code: 'key-malformed',
    message: `${place} does not hold a signing key: 32 bytes in base64 are needed.`,
    fix: 'Put back the key that the ledger was signed with. For a new ledger make one with: openssl rand -base64 32',
  })
}

function unusable(path: string, cause: unknown): LedgerError {
  return new LedgerError({
    code: 'key-unusable',
    message: `The signing key in ${path} cannot be read or written${codeOf(cause) ? ` (${codeOf(cause)})` : ''}.`,
    fix: 'Let this user read and write the file and its folder, or give the key in TRUEUP_LEDGER_KEY.',
    cause,
  })
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
