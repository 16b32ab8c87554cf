import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret } from '../../secret.ts'
import { TeamError } from '../team-error.ts'

const fileName = 'sign-in-key'
const leastLength = 32

/**
 * The secrets of `TRUEUP_AUTH_SECRET`: the one in use first, then, with commas between, those that it replaced, which
 * still open what they encrypted.
 *
 * @throws TeamError `secret-unusable`
 */
export function signInSecretsOf(text: Secret): readonly Secret[] {
  const secrets = text
    .reveal()
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
  if (secrets.length > 0 && secrets.every((secret) => secret.length >= leastLength)) {
    return secrets.map((secret) => new Secret(secret))
  }
  throw new TeamError({
    code: 'secret-unusable',
    message: `TRUEUP_AUTH_SECRET needs at least ${leastLength} characters.`,
    fix: 'Make one with: openssl rand -base64 32',
  })
}

/**
 * The secret in a file of the home folder that only its owner can read; made where there is none. Two processes that
 * make it together end up with one. Several machines on one database need `TRUEUP_AUTH_SECRET` instead.
 *
 * @throws TeamError `secret-unusable`
 */
export async function signInSecretInHome(
  home: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<Secret> {
  const file = join(home, fileName)
  const draft = `${file}.${Buffer.from(randomBytes(8)).toString('hex')}.new`
  try {
    const kept = await read(file)
    if (kept) return kept
    await mkdir(home, { recursive: true })
    await writeFile(draft, `${Buffer.from(randomBytes(32)).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
    await chmod(draft, 0o600)
    // The name appears with the whole secret behind it, and never in the place of another.
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    const made = await read(file)
    if (made) return made
    throw new Error('The file is empty.')
  } catch (cause) {
    throw new TeamError({
      code: 'secret-unusable',
      message: `The secret of sign-ins in ${file} cannot be read or made${codeOf(cause) ? ` (${codeOf(cause)})` : ''}.`,
      fix: 'Let this user read and write the file and its folder, or set TRUEUP_AUTH_SECRET.',
      cause,
    })
  } finally {
    await rm(draft, { force: true })
  }
}

async function read(file: string): Promise<Secret | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  })
  const secret = text.trim()
  return secret.length >= leastLength ? new Secret(secret) : null
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
