import { join } from 'node:path'
import type { Clock } from '@trueup/core'
import type { Secret } from '../secret.ts'
import { createKeyFile, fileUnusable, readKeyFile } from './key-file.ts'
import type { KeyRing } from './key-ring.ts'
import { newMasterKey, parseKeyRing } from './key-ring.ts'
import type { RandomBytes } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'

/** Where encryption keys are given. */
export interface KeyRingSource {
  /** The keys; `null`: there are none yet. */
  read(): Promise<KeyRing | null>
  /** Makes the first key, where that may be done without a person. */
  readonly create: (() => Promise<KeyRing>) | null
}

/** What the environment says about encryption keys and the database. */
export interface KeyRingSettings {
  /** `TRUEUP_ENCRYPTION_KEY` */
  readonly encryptionKey: Secret | null
  /** `TRUEUP_ENCRYPTION_KEY_FILE` */
  readonly encryptionKeyFile: string | null
  readonly databaseUrl: string | null
  readonly home: string
}

const fileName = 'encryption-keys'

/** The file of the keys in the home folder, which the embedded database uses where nothing else is said. */
export function homeKeyFile(home: string): string {
  return join(home, fileName)
}

/**
 * The keys as the environment gives them: in `TRUEUP_ENCRYPTION_KEY`, or in the file that `TRUEUP_ENCRYPTION_KEY_FILE`
 * names. Where neither is set the embedded database has them in a file of the home folder, made when it is first
 * needed; a server is likely shared, and a key that each machine made for itself would open nothing elsewhere.
 *
 * @throws VaultError `encryption-key-malformed` when both are set
 */
export function keyRingSource(
  settings: KeyRingSettings,
  { clock, randomBytes }: { readonly clock: Clock; readonly randomBytes: RandomBytes },
): KeyRingSource {
  const { encryptionKey, encryptionKeyFile, databaseUrl, home } = settings
  if (encryptionKey && encryptionKeyFile) {
    throw new VaultError({
      code: 'encryption-key-malformed',
      message: 'TRUEUP_ENCRYPTION_KEY and TRUEUP_ENCRYPTION_KEY_FILE are both set.',
      fix: 'Unset one of them: all keys stand in one place.',
    })
  }
  if (encryptionKey) {
    return { read: async () => parseKeyRing(encryptionKey, 'TRUEUP_ENCRYPTION_KEY'), create: null }
  }
  if (encryptionKeyFile) {
    return {
      async read() {
        const ring = await readKeyFile(encryptionKeyFile)
        if (ring) return ring
        throw fileUnusable(encryptionKeyFile, 'ENOENT')
      },
      create: null,
    }
  }
  if (databaseUrl) return { read: async () => null, create: null }
  const file = homeKeyFile(home)
  return {
    read: () => readKeyFile(file),
    create: () => createKeyFile(file, newMasterKey(clock.now(), randomBytes).line, randomBytes),
  }
}
