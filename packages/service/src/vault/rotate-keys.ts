import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import type { DataKey, WrappedKey } from './data-keys.ts'
import { keyRetired } from './data-keys.ts'
import type { OpeningKey, Vault } from './open-vault.ts'
import { boundTo, openSealed } from './open-vault.ts'
import type { SealedRow } from './sealed-columns.ts'
import {
  countSealedUnder,
  placeText,
  readSealedColumns,
  readSealedRows,
  replaceSealed,
} from './sealed-columns.ts'
import type { RandomBytes } from './sealed-form.ts'
import { sealUnder } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'

/** The edges of a rotation, at each of which it may be killed: what is kept opens before and after. */
export type RotationPoint = 'data-keys-rewrapped' | 'data-key-made' | 'values-resealed' | 'data-key-retired'

export interface RotationOptions {
  readonly database: Database
  readonly vault: Pick<Vault, 'ring' | 'dataKeys'>
  readonly randomBytes: RandomBytes
  /**
   * Give each workspace a data key that was made under the primary master key, and seal every value anew under it:
   * what it takes after an older master key leaked together with the database.
   */
  readonly reseal: boolean
  /** Told at each edge. */
  readonly reached?: (point: RotationPoint) => Promise<void> | void
}

/** What a rotation changed, and what it could not. */
export interface Rotation {
  /** Data keys that are under the primary master key now, and were not before. */
  readonly rewrapped: number
  /** Values that are under a new data key now. */
  readonly resealed: number
  /** Old data keys that are gone. */
  readonly retired: number
  /** Old data keys that stay for now: they were replaced less than a minute ago, or something is sealed under them. */
  readonly staying: number
  /** Values that do not open, where they stand; they are left as they are. */
  readonly unopened: readonly string[]
}

const keysPerBatch = 200
const valuesPerBatch = 500
/** A value that was sealed and not yet kept, or read and not yet opened, is so for less than this. */
const graceSeconds = 60

/**
 * Changes keys while everybody goes on sealing and opening: data keys are wrapped under the primary master key, and on
 * request replaced along with every value under them. Each batch is a transaction of its own; killed anywhere, it is
 * run again and goes on.
 *
 * Every process has to be given the primary master key before this is run: one that was not can open nothing that it
 * has not opened before.
 *
 * @throws VaultError
 */
export async function rotateKeys(options: RotationOptions): Promise<Rotation> {
  const rewrapped = await rewrapDataKeys(options)
  if (!options.reseal)
    return { rewrapped, resealed: 0, retired: 0, staying: await countOld(options.database), unopened: [] }
  await makeNewDataKeys(options)
  const { resealed, unopened } = await resealValues(options)
  const { retired, staying } = await retireDataKeys(options)
  return { rewrapped, resealed, retired, staying, unopened }
}

async function rewrapDataKeys({ database, vault, reached }: RotationOptions): Promise<number> {
  const { primary } = vault.ring
  let rewrapped = 0
  for (;;) {
    const count = await database.system.transaction().execute(async (tx) => {
      const { rows: live } = await sql`select key_id from trueup.master_key
        where key_id = ${primary.id} and retired_at is null for share`.execute(tx)
      if (live.length === 0) throw keyRetired(primary.id, vault.ring)
      const { rows } = await sql<WrappedKey>`select workspace_id as "workspaceId", version,
          master_key_id as "masterKeyId", wrapped
        from trueup.data_key where wrapped is not null and master_key_id <> ${primary.id}
        order by workspace_id, version limit ${keysPerBatch} for update`.execute(tx)
      const anew = rows.map((row) => vault.dataKeys.wrap(vault.dataKeys.unwrap(row), row, primary))
      await sql`update trueup.data_key held set wrapped = changed.wrapped, master_key_id = ${primary.id}
        from unnest(${rows.map(({ workspaceId }) => workspaceId)}::text[], ${rows.map(({ version }) => version)}::integer[],
          ${anew}::text[]) as changed (workspace_id, version, wrapped)
        where held.workspace_id = changed.workspace_id and held.version = changed.version`.execute(tx)
      return rows.length
    })
    if (count === 0) return rewrapped
    rewrapped += count
    await reached?.('data-keys-rewrapped')
  }
}

/** For each workspace whose newest data key was made under an older master key: an earlier run may have begun. */
async function makeNewDataKeys({ database, vault, reached }: RotationOptions): Promise<void> {
  const { primary } = vault.ring
  const { rows } = await sql<{ readonly workspaceId: string; readonly version: number }>`
    select workspace_id as "workspaceId", version from trueup.data_key newest
    where wrapped is not null and made_under <> ${primary.id} and not exists (
      select from trueup.data_key newer
      where newer.workspace_id = newest.workspace_id and newer.version > newest.version)
    order by workspace_id`.execute(database.system)
  for (const { workspaceId, version } of rows) {
    await vault.dataKeys.make(database.system, workspaceId, version + 1)
    await reached?.('data-key-made')
  }
}

async function resealValues(
  options: RotationOptions,
): Promise<{ readonly resealed: number; readonly unopened: readonly string[] }> {
  const { database, reached } = options
  let resealed = 0
  const unopened: string[] = []
  for (const column of await readSealedColumns(database)) {
    let after: readonly string[] | null = null
    for (;;) {
      const page = { after, limit: valuesPerBatch, oldOnly: true }
      const rows: readonly SealedRow[] = await readSealedRows(database, column, page)
      after = rows.at(-1)?.key ?? null
      if (after === null) break
      const keys = keysOfBatch(options)
      const changes: { readonly row: SealedRow; readonly sealed: string }[] = []
      for (const row of rows) {
        const sealed = await sealedAnew(keys, row, options.randomBytes)
        if (sealed === null) unopened.push(placeText(column, row))
        else changes.push({ row, sealed })
      }
      resealed += await replaceSealed(database, column, changes)
      await reached?.('values-resealed')
    }
  }
  return { resealed, unopened }
}

/** The data keys that a batch needs, each asked for once. */
interface KeysOfBatch {
  readonly opening: OpeningKey
  readonly sealing: (workspaceId: string) => Promise<DataKey>
}

function keysOfBatch({ database, vault }: RotationOptions): KeysOfBatch {
  const { system } = database
  const opened = new Map<string, ReturnType<OpeningKey>>()
  const sealing = new Map<string, Promise<DataKey>>()
  return {
    opening: (workspaceId, version) =>
      onceFor(opened, `${version} ${workspaceId}`, () =>
        vault.dataKeys.opening(system, workspaceId, version),
      ),
    sealing: (workspaceId) =>
      onceFor(sealing, workspaceId, () => vault.dataKeys.sealing(system, workspaceId)),
  }
}

function onceFor<Value>(known: Map<string, Value>, name: string, make: () => Value): Value {
  const value = known.get(name) ?? make()
  known.set(name, value)
  return value
}

/** The same value under the newest data key of its workspace; `null`: it does not open where it stands. */
async function sealedAnew(
  keys: KeysOfBatch,
  { place, sealed }: SealedRow,
  randomBytes: RandomBytes,
): Promise<string | null> {
  const opened = await openSealed(keys.opening, place, sealed)
  if (opened === null) return null
  const { key, version } = await keys.sealing(place.workspaceId)
  return sealUnder(key, version, opened, boundTo(place), randomBytes)
}

/** Takes old data keys away under which nothing stands, each in a transaction that keeps others from using it. */
async function retireDataKeys({
  database,
  reached,
}: RotationOptions): Promise<{ readonly retired: number; readonly staying: number }> {
  const columns = await readSealedColumns(database)
  const { rows: old } = await sql<{ readonly workspaceId: string; readonly version: number }>`
    select workspace_id as "workspaceId", version from trueup.data_key held where ${isOld}
    order by workspace_id, version`.execute(database.system)
  let retired = 0
  for (const { workspaceId, version } of old) {
    const isGone = await database.system.transaction().execute(async (tx) => {
      // Whoever writes a value under this key holds its row until it is kept, and finds it gone afterwards.
      const { rows } = await sql`select version from trueup.data_key held
        where workspace_id = ${workspaceId} and version = ${version} and ${isOld}
          and exists (select from trueup.data_key newer
            where newer.workspace_id = held.workspace_id and newer.version > held.version
              and newer.made_at <= now() - make_interval(secs => ${graceSeconds}))
        for update`.execute(tx)
      if (rows.length === 0) return false
      for (const column of columns) {
        if ((await countSealedUnder(tx, column, { workspaceId, version })) > 0) return false
      }
      await sql`update trueup.data_key set wrapped = null, retired_at = now()
        where workspace_id = ${workspaceId} and version = ${version}`.execute(tx)
      return true
    })
    if (!isGone) continue
    retired += 1
    await reached?.('data-key-retired')
  }
  return { retired, staying: old.length - retired }
}

/** A live data key with a newer one beside it. */
const isOld = sql`held.wrapped is not null and held.version < (select max(version) from trueup.data_key other
  where other.workspace_id = held.workspace_id and other.wrapped is not null)`

async function countOld({ system }: Database): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`select count(*) as count from trueup.data_key held
    where ${isOld}`.execute(system)
  return rows[0]?.count ?? 0
}

/**
 * Retires a master key: from then on it seals nothing, and need not be given any more. Keep a copy with the backups
 * that were made before.
 *
 * @throws VaultError `encryption-key-in-use` while a data key is sealed under it, or while it is the primary one;
 *   `encryption-key-unknown` where the database never saw it
 */
export async function retireMasterKey(
  { database, vault, clock }: Pick<RotationOptions, 'database' | 'vault'> & { readonly clock: Clock },
  id: string,
): Promise<void> {
  if (vault.ring.primary.id === id) {
    throw new VaultError({
      code: 'encryption-key-in-use',
      message: `The encryption key ${id} is the one that seals.`,
      fix: 'Put a newer key first, and change keys with: trueup keys rotate',
    })
  }
  await database.system.transaction().execute(async (tx) => {
    // Whoever wraps a data key under it holds its row until that is kept.
    const { rows: found } =
      await sql`select key_id from trueup.master_key where key_id = ${id} for update`.execute(tx)
    if (found.length === 0) throw neverUsed(id)
    const { rows } = await sql<{ readonly count: number }>`select count(*) as count from trueup.data_key
      where master_key_id = ${id} and wrapped is not null`.execute(tx)
    const under = rows[0]?.count ?? 0
    if (under > 0) throw inUse(id, under)
    await sql`update trueup.master_key set retired_at = coalesce(retired_at, ${clock.now()})
      where key_id = ${id}`.execute(tx)
  })
}

function inUse(id: string, count: number): VaultError {
  return new VaultError({
    code: 'encryption-key-in-use',
    message: `The encryption key ${id} cannot be retired: the secrets of ${count} workspace${count === 1 ? '' : 's'} are sealed under it.`,
    fix: 'Change keys first, with: trueup keys rotate',
  })
}

function neverUsed(id: string): VaultError {
  return new VaultError({
    code: 'encryption-key-unknown',
    message: `Nothing was ever sealed under an encryption key ${id}.`,
    fix: 'Look at the list: trueup keys list',
  })
}
