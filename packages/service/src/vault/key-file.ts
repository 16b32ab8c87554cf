import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Secret } from '../secret.ts'
import type { KeyRing } from './key-ring.ts'
import { parseKeyRing } from './key-ring.ts'
import type { RandomBytes } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'

/**
 * The encryption keys of a file; `null`: there is no such file.
 *
 * @throws VaultError `encryption-key-unusable`, `encryption-key-malformed`
 */
export async function readKeyFile(file: string): Promise<KeyRing | null> {
  const text = await textOf(file)
  return text === null ? null : parseKeyRing(new Secret(text), file)
}

/** Makes the file with this key, readable by its owner alone. Where another process made it meanwhile, that one's. */
export async function createKeyFile(file: string, line: string, randomBytes: RandomBytes): Promise<KeyRing> {
  const draft = `${file}.${Buffer.from(randomBytes(8)).toString('hex')}.new`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeDurably(draft, `${line}\n`)
    // The name appears with the whole key behind it or not at all, and never in the place of another key.
    await link(draft, file)
    await syncFolder(dirname(file))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw fileUnusable(file, codeOf(cause), cause)
  } finally {
    await rm(draft, { force: true })
  }
  const ring = await readKeyFile(file)
  if (ring) return ring
  throw fileUnusable(file, 'ENOENT')
}

/** Puts a key before those that the file holds, which makes it the primary one. A file that is not there is made. */
export async function addToKeyFile(file: string, line: string): Promise<void> {
  await readKeyFile(file)
  const text = (await textOf(file)) ?? ''
  const draft = `${file}.next`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeDurably(draft, `${line}\n${text}`)
    await rename(draft, file)
    await syncFolder(dirname(file))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw fileUnusable(file, codeOf(cause), cause)
    throw new VaultError({
      code: 'encryption-key-unusable',
      message: `${draft} is there already: another command is adding a key, or one was cut off.`,
      fix: `Wait for it, or delete ${draft} where no command runs: what is in it was never used.`,
      cause,
    })
  }
}

export function fileUnusable(file: string, code: string, cause?: unknown): VaultError {
  const missing = code === 'ENOENT'
  return new VaultError({
    code: 'encryption-key-unusable',
    message: missing
      ? `There is no file of encryption keys at ${file}.`
      : `The encryption keys in ${file} cannot be read or written${code ? ` (${code})` : ''}.`,
    fix: missing
      ? `Put the file back from where it is kept safe. For a new installation make one with: trueup keys new --file ${file}`
      : 'Let this user read the file and its folder.',
    cause,
  })
}

/** A key that sealed something and is then lost could open nothing ever again, so it is on disk before it is used. */
async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch {
    // Some file systems cannot sync a folder; the file itself is synced.
  } finally {
    await handle.close()
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw fileUnusable(file, code, cause)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
