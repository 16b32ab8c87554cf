import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import type { WrappedKey } from './data-keys.ts'
import { DataKeys } from './data-keys.ts'
import type { KeyRing } from './key-ring.ts'
import { openSealed, proves } from './open-vault.ts'
import { placeText, readSealedColumns, readSealedRows } from './sealed-columns.ts'
import type { RandomBytes } from './sealed-form.ts'
import { VaultError } from './vault-error.ts'

/** A master key, as the database knows it and as it is given. */
export interface ListedKey {
  readonly id: string
  /** `unused`: it is given, and nothing was ever sealed under it. */
  readonly state: 'primary' | 'opens' | 'retired' | 'unused'
  /** Whether it is among the keys that are given; `wrong`: another key is, under its id. */
  readonly given: 'yes' | 'no' | 'wrong'
  /** Workspaces whose data keys are sealed under it. */
  readonly workspaces: number
  readonly firstUsedAt: Date | null
  readonly retiredAt: Date | null
}

/** Every master key that the database knows or that is given, the newest first. */
export async function listKeys(
  { system }: Pick<Database, 'system'>,
  ring: KeyRing,
): Promise<readonly ListedKey[]> {
  const { rows } = await sql<{
    readonly id: string
    readonly proof: string
    readonly firstUsedAt: Date
    readonly retiredAt: Date | null
    readonly workspaces: number
  }>`select key_id as id, proof, first_used_at as "firstUsedAt", retired_at as "retiredAt",
      (select count(distinct workspace_id) from trueup.data_key
        where master_key_id = key_id and wrapped is not null) as workspaces
    from trueup.master_key order by first_used_at desc, key_id`.execute(system)
  const known = rows.map(({ proof, ...key }): ListedKey => {
    const given = ring.keys.find(({ id }) => id === key.id)
    return {
      ...key,
      state: key.retiredAt ? 'retired' : key.id === ring.primary.id ? 'primary' : 'opens',
      given: given ? (proves(given, proof) ? 'yes' : 'wrong') : 'no',
    }
  })
  const unused = ring.keys
    .filter(({ id }) => !known.some((key) => key.id === id))
    .map(
      ({ id }): ListedKey => ({
        id,
        state: 'unused',
        given: 'yes',
        workspaces: 0,
        firstUsedAt: null,
        retiredAt: null,
      }),
    )
  return [...unused, ...known]
}

/** What keys open, and what they do not. */
export interface CheckedKeys {
  readonly keys: readonly ListedKey[]
  /** Data keys that open. */
  readonly dataKeys: number
  /** Sealed values that open. */
  readonly values: number
  /** What does not open, each with where it stands and why. */
  readonly problems: readonly string[]
}

const valuesPerPage = 500

/**
 * Opens everything that is sealed, and keeps and changes nothing: with the keys in use, or with those of an escrow
 * file, which are good for something only if this finds no problem.
 */
export async function checkKeys(
  database: Database,
  ring: KeyRing,
  ports: { readonly randomBytes: RandomBytes },
): Promise<CheckedKeys> {
  const { system } = database
  const keys = await listKeys(database, ring)
  const problems = keys
    .filter(({ given, workspaces }) => given === 'wrong' || (given === 'no' && workspaces > 0))
    .map(({ id, given, workspaces }) =>
      given === 'wrong'
        ? `The encryption key ${id} in ${ring.place} is not the one that secrets were sealed under.`
        : `The encryption key ${id} is not in ${ring.place}, and the secrets of ${workspaces} workspace${workspaces === 1 ? '' : 's'} are sealed under it.`,
    )
  const dataKeys = new DataKeys({ ring, randomBytes: ports.randomBytes })
  const { rows } = await sql<WrappedKey>`select workspace_id as "workspaceId", version,
      master_key_id as "masterKeyId", wrapped
    from trueup.data_key where wrapped is not null order by workspace_id, version`.execute(system)
  const opened = new Map<string, ReturnType<DataKeys['unwrap']>>()
  for (const row of rows) {
    try {
      opened.set(`${row.version} ${row.workspaceId}`, dataKeys.unwrap(row))
    } catch (error) {
      if (!(error instanceof VaultError)) throw error
      problems.push(
        `The data key ${row.version} of the workspace ${row.workspaceId} does not open: ${error.message}`,
      )
    }
  }
  let values = 0
  for (const column of await readSealedColumns(database)) {
    let after: readonly string[] | null = null
    for (;;) {
      const page = { after, limit: valuesPerPage, oldOnly: false }
      const found: Awaited<ReturnType<typeof readSealedRows>> = await readSealedRows(database, column, page)
      after = found.at(-1)?.key ?? null
      if (after === null) break
      for (const row of found) {
        const opening = async (workspaceId: string, version: number) => {
          const key = opened.get(`${version} ${workspaceId}`)
          if (key) return key
          throw new VaultError({ code: 'data-key-missing', message: '', fix: '' })
        }
        if ((await openSealed(opening, row.place, row.sealed)) === null) {
          problems.push(`${placeText(column, row)} does not open.`)
        } else values += 1
      }
    }
  }
  return { keys, dataKeys: opened.size, values, problems }
}
