import type { KeyObject } from 'node:crypto'
import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import { Secret } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { DataKeys, keyRetired, keyUnknown, keyWrong } from './data-keys.ts'
import type { KeyRing, MasterKey } from './key-ring.ts'
import type { KeyRingSource } from './key-ring-source.ts'
import type { Bound, RandomBytes } from './sealed-form.ts'
import { openUnder, parseSealed, sealUnder } from './sealed-form.ts'
import type { SealedPlace, SealedText } from './sealed-text.ts'
import { VaultError } from './vault-error.ts'

export interface VaultOptions {
  readonly database: Database
  readonly keys: KeyRingSource
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** Sealed secrets: the one holder of the keys. */
export interface Vault extends SealedText {
  readonly ring: KeyRing
  readonly dataKeys: DataKeys
  /** The keys were made just now: whoever runs this should know where they are, and keep a copy. */
  readonly keysMadeAt: string | null
}

/**
 * Opens the vault: reads the master keys and proves each against the database before anything is sealed.
 *
 * @throws VaultError `encryption-key-missing` where none is given and none may be made, `encryption-key-unknown`,
 *   `encryption-key-wrong`, `encryption-key-retired`. Nothing was changed then.
 */
export async function openVault({ database, keys, clock, randomBytes }: VaultOptions): Promise<Vault> {
  const given = await keys.read()
  const known = await readMasterKeys(database)
  if (!given && known.length > 0) throw noKeyFor(known)
  if (!given && !keys.create) throw keyMissing()
  const ring = given ?? (await keys.create?.())
  if (!ring) throw keyMissing()
  assertFits(ring, known)
  await recordPrimary(database, ring.primary, clock, randomBytes)
  // Another process may have recorded another key under this id meanwhile.
  assertFits(ring, await readMasterKeys(database))

  const dataKeys = new DataKeys({ ring, randomBytes })
  return {
    ring,
    dataKeys,
    keysMadeAt: given ? null : ring.place,
    async seal(secret, place, tx) {
      const { key, version } = await dataKeys.sealing(tx ?? scopeOf(database, place), place.workspaceId)
      return sealUnder(key, version, new TextEncoder().encode(secret.reveal()), boundTo(place), randomBytes)
    },
    async open(sealed, place, tx) {
      const named = parseValue(sealed)
      if (!named) throw malformed(place)
      const key = await dataKeys.opening(tx ?? scopeOf(database, place), place.workspaceId, named.version)
      const opened = openUnder(key, named.parts, boundTo(place))
      if (!opened) throw notOpened(place)
      return new Secret(opened.toString('utf8'))
    },
  }
}

/** What a value is bound to, beside the version of its key. */
export function boundTo({ workspaceId, projectId, field, row }: SealedPlace): Bound {
  return ['value', workspaceId, projectId, field, ...(typeof row === 'string' ? [row] : row)]
}

/** Gives the key of a version; what a {@link DataKeys} does, or remembers. */
export type OpeningKey = (workspaceId: string, version: number) => Promise<KeyObject>

/** The value of a sealed text, in bytes; `null`: it does not open where it stands, for whatever reason. */
export async function openSealed(
  opening: OpeningKey,
  place: SealedPlace,
  sealed: string,
): Promise<Buffer | null> {
  const named = parseValue(sealed)
  if (!named) return null
  try {
    return openUnder(await opening(place.workspaceId, named.version), named.parts, boundTo(place))
  } catch (error) {
    if (error instanceof VaultError && error.code === 'data-key-missing') return null
    throw error
  }
}

/** A sealed value and the version of the data key that it names. */
function parseValue(sealed: string) {
  const parts = parseSealed(sealed)
  return parts && /^[1-9]\d{0,8}$/.test(parts.name) ? { parts, version: Number(parts.name) } : null
}

function scopeOf(database: Database, { workspaceId }: SealedPlace) {
  return database.scoped({ workspaceId })
}

/** A master key as the database knows it: by its id, and by a proof that only the key itself opens. */
interface KnownMasterKey {
  readonly id: string
  readonly proof: string
  readonly isRetired: boolean
  readonly isUsed: boolean
}

async function readMasterKeys({ system }: Database): Promise<readonly KnownMasterKey[]> {
  const { rows } =
    await sql<KnownMasterKey>`select key_id as id, proof, retired_at is not null as "isRetired",
      exists (select from trueup.data_key
        where master_key_id = key_id and wrapped is not null) as "isUsed"
    from trueup.master_key order by first_used_at desc, key_id`.execute(system)
  return rows
}

/** Every key that is given is the one that it says, and every key that something is sealed under is given. */
function assertFits(ring: KeyRing, known: readonly KnownMasterKey[]): void {
  for (const { id, proof, isRetired, isUsed } of known) {
    const key = ring.keys.find((candidate) => candidate.id === id)
    if (!key && isUsed) throw keyUnknown(id, ring)
    if (key && !proves(key, proof)) throw keyWrong(id, ring)
    if (isRetired && ring.primary.id === id) throw keyRetired(id, ring)
  }
}

const proofText = new TextEncoder().encode('This key is the one that it says.')
const proofBound = ['proof']

export function proves({ key }: MasterKey, proof: string): boolean {
  const parts = parseSealed(proof)
  return parts !== null && openUnder(key, parts, proofBound) !== null
}

async function recordPrimary(
  { system }: Database,
  { id, key }: MasterKey,
  clock: Clock,
  randomBytes: RandomBytes,
): Promise<void> {
  const proof = sealUnder(key, id, proofText, proofBound, randomBytes)
  await sql`insert into trueup.master_key (key_id, proof, first_used_at)
    values (${id}, ${proof}, ${clock.now()}) on conflict do nothing`.execute(system)
}

function keyMissing(): VaultError {
  return new VaultError({
    code: 'encryption-key-missing',
    message: 'No encryption key is given, and keys of vendors and databases are kept sealed only.',
    fix: 'Make one with `trueup keys new`, give it in TRUEUP_ENCRYPTION_KEY (or in a file that TRUEUP_ENCRYPTION_KEY_FILE names) to every process that uses this database, and keep a copy elsewhere: without it nothing that is sealed can be opened.',
  })
}

function noKeyFor(known: readonly KnownMasterKey[]): VaultError {
  const ids = known.filter(({ isUsed }) => isUsed).map(({ id }) => id)
  const [newest] = known
  return new VaultError({
    code: 'encryption-key-missing',
    message: `No encryption key is given, and this database was used with ${ids.join(', ') || newest?.id}.`,
    fix: 'Give it in TRUEUP_ENCRYPTION_KEY, or in a file that TRUEUP_ENCRYPTION_KEY_FILE names, or put the file encryption-keys back into TRUEUP_HOME. Nothing was changed.',
  })
}

function malformed({ field }: SealedPlace): VaultError {
  return new VaultError({
    code: 'sealed-malformed',
    message: `What is kept as ${field} is no sealed value.`,
    fix: 'Enter the secret once more.',
  })
}

function notOpened({ field }: SealedPlace): VaultError {
  return new VaultError({
    code: 'sealed-not-opened',
    message: `The sealed value of ${field} does not open where it stands: it was changed, or moved from another place.`,
    fix: 'Enter the secret once more, and find out who wrote to the database.',
  })
}
