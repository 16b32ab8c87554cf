import { createSecretKey, type KeyObject } from 'node:crypto'
import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import type { KeyRing, MasterKey } from './key-ring.ts'
import type { RandomBytes } from './sealed-form.ts'
import { openUnder, parseSealed, sealUnder } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'
import { keyLength } from './xaes-256-gcm.ts'

/** A workspace's own key, which its values are sealed under. */
export interface DataKey {
  readonly version: number
  readonly key: KeyObject
}

/** A row of `data_key`. */
export interface WrappedKey {
  readonly workspaceId: string
  readonly version: number
  readonly masterKeyId: string
  readonly wrapped: string
}

export interface DataKeyPorts {
  readonly ring: KeyRing
  readonly randomBytes: RandomBytes
}

/** Opens data keys with the master keys that are given, and makes those that are not there yet. */
export class DataKeys {
  readonly #ports: DataKeyPorts
  /** By the text that they were opened from, so that nothing but the database says which key a version is. */
  readonly #opened = new Map<string, KeyObject>()

  constructor(ports: DataKeyPorts) {
    this.#ports = ports
  }

  /**
   * The key that seals for a workspace now; its first one is made.
   *
   * @throws VaultError
   */
  async sealing(db: QueryExecutorProvider, workspaceId: string): Promise<DataKey> {
    const found = (await newest(db, workspaceId)) ?? (await this.#makeFirst(db, workspaceId))
    return { version: found.version, key: this.unwrap(found) }
  }

  /**
   * The key of this version.
   *
   * @throws VaultError `data-key-missing` and as {@link unwrap}
   */
  async opening(db: QueryExecutorProvider, workspaceId: string, version: number): Promise<KeyObject> {
    const { rows } = await sql<WrappedKey>`select ${columns} from trueup.data_key
      where workspace_id = ${workspaceId} and version = ${version} and wrapped is not null`.execute(db)
    const [found] = rows
    if (found) return this.unwrap(found)
    throw new VaultError({
      code: 'data-key-missing',
      message: `The data key ${version} of the workspace ${workspaceId} is not there.`,
      fix: 'Was a part of the database restored from a backup without the rest? Restore it whole, or enter the secret once more.',
    })
  }

  /**
   * @throws VaultError `encryption-key-unknown` where the master key is not among those that are given,
   *   `encryption-key-wrong` where it is another one
   */
  unwrap(row: WrappedKey): KeyObject {
    const known = this.#opened.get(row.wrapped)
    if (known) return known
    const master = this.#ports.ring.keys.find(({ id }) => id === row.masterKeyId)
    if (!master) throw keyUnknown(row.masterKeyId, this.#ports.ring)
    const parts = parseSealed(row.wrapped)
    const bytes = parts && openUnder(master.key, parts, boundTo(row))
    if (bytes?.length !== keyLength) throw keyWrong(master.id, this.#ports.ring)
    const key = createSecretKey(bytes)
    if (this.#opened.size >= mostOpened) this.#opened.clear()
    this.#opened.set(row.wrapped, key)
    return key
  }

  /** The data key as text under another master key. */
  wrap(key: KeyObject, row: Pick<WrappedKey, 'workspaceId' | 'version'>, master: MasterKey): string {
    return sealUnder(master.key, master.id, key.export(), boundTo(row), this.#ports.randomBytes)
  }

  /**
   * Makes a data key of this version under the primary master key, unless another process just did.
   *
   * @throws VaultError `encryption-key-retired`
   */
  async make(db: QueryExecutorProvider, workspaceId: string, version: number): Promise<void> {
    const { ring, randomBytes } = this.#ports
    const key = createSecretKey(randomBytes(keyLength))
    const wrapped = this.wrap(key, { workspaceId, version }, ring.primary)
    // The lock on the master key's row keeps it from being retired until this is committed.
    const { rows } = await sql`with live as (
        select key_id from trueup.master_key where key_id = ${ring.primary.id} and retired_at is null for share),
      made as (
        insert into trueup.data_key (workspace_id, version, master_key_id, made_under, wrapped, made_at)
        select ${workspaceId}, ${version}, key_id, key_id, ${wrapped}, now() from live
        on conflict do nothing)
      select key_id from live`.execute(db)
    if (rows.length === 0) throw keyRetired(ring.primary.id, ring)
  }

  async #makeFirst(db: QueryExecutorProvider, workspaceId: string): Promise<WrappedKey> {
    await this.make(db, workspaceId, 1)
    const made = await newest(db, workspaceId)
    if (!made) throw new Error(`The data key of ${workspaceId} is gone right after it was made.`)
    return made
  }
}

/** Workspaces whose keys are kept open at a time. */
const mostOpened = 10_000

const columns = sql.raw('workspace_id as "workspaceId", version, master_key_id as "masterKeyId", wrapped')

async function newest(db: QueryExecutorProvider, workspaceId: string): Promise<WrappedKey | null> {
  const { rows } = await sql<WrappedKey>`select ${columns} from trueup.data_key
    where workspace_id = ${workspaceId} and wrapped is not null order by version desc limit 1`.execute(db)
  return rows[0] ?? null
}

function boundTo({ workspaceId, version }: Pick<WrappedKey, 'workspaceId' | 'version'>) {
  return ['data-key', workspaceId, version]
}

export function keyUnknown(id: string, ring: KeyRing): VaultError {
  return new VaultError({
    code: 'encryption-key-unknown',
    message: `Secrets are sealed under the encryption key ${id}, which ${ring.place} does not hold.`,
    fix: `Put the key ${id} back, after the one that seals: newest first, as in new:…,${id}:…. Nothing was changed.`,
  })
}

export function keyWrong(id: string, ring: KeyRing): VaultError {
  return new VaultError({
    code: 'encryption-key-wrong',
    message: `The encryption key ${id} in ${ring.place} is not the one that secrets were sealed under.`,
    fix: `Put back the key that had the id ${id}, and give a new key an id of its own. Nothing was changed.`,
  })
}

export function keyRetired(id: string, ring: KeyRing): VaultError {
  return new VaultError({
    code: 'encryption-key-retired',
    message: `The encryption key ${id} in ${ring.place} was retired, and seals nothing any more.`,
    fix: 'Put the newest key first, or make one with: trueup keys new',
  })
}
