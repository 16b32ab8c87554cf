import { join } from 'node:path'
import type { Clock } from '@trueup/core'
import type { Database } from '../database.ts'
import { connect } from '../database.ts'
import { migrations } from '../migrations/index.ts'
import { StoreError } from '../store-error.ts'
import { storeBeginning } from './beginnings.ts'
import { EmbeddedEngine } from './engine.ts'
import { makePrivateFolder, prepareFiles } from './folder.ts'
import type { FolderLock } from './lock.ts'
import { lockFolder } from './lock.ts'

/**
 * Opens the embedded database in `<home>/database`, or in memory when `home` is `null`. It survives the end of the
 * process in any way; it does not promise to survive a power failure, since PGlite does not wait for the disk.
 *
 * @throws StoreError `locked`, `folder-unusable`, `folder-other-version`, `disk-full`, `engine-failed`, `schema-newer`
 */
export async function openEmbedded(home: string | null, clock: Clock): Promise<Database> {
  const beginning = storeBeginning(migrations)
  if (home === null) {
    return await dated(await connectTo(await EmbeddedEngine.start(null, { beginning }), 'in memory'))
  }
  const folder = join(home, 'database')
  const lock = await lockOf(folder, clock)
  try {
    const { files, isNew, stamp } = inFolder(folder, () => prepareFiles(folder))
    const database = await connectTo(await EmbeddedEngine.start(files, { beginning }), folder)
    if (isNew) await dated(database)
    inFolder(folder, stamp)
    return {
      ...database,
      async close() {
        await database.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function connectTo(engine: EmbeddedEngine, place: string): Promise<Database> {
  try {
    // Everything is given, so that no PG* variable of the environment has a say.
    const config = {
      stream: () => engine.connect(),
      host: 'embedded',
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      password: '',
      options: '',
      ssl: false,
      max: 4,
    }
    const database = await connect(config, { place: `(embedded, ${place})`, isEmbedded: true })
    return {
      ...database,
      async close() {
        await database.close()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** What came with the archive it began from is as old as the build; for this database it begins now. */
async function dated(database: Database): Promise<Database> {
  await database.pool.query(
    'update trueup.migration set applied_at = now(); update trueup.workspace set created_at = now()',
  )
  return database
}

async function lockOf(folder: string, clock: Clock): Promise<FolderLock> {
  inFolder(folder, () => makePrivateFolder(folder))
  try {
    return await lockFolder(folder, clock)
  } catch (error) {
    throw unusable(folder, error)
  }
}

function inFolder<T>(folder: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw unusable(folder, error)
  }
}

function unusable(folder: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const isFull = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC'
  return new StoreError({
    code: isFull ? 'disk-full' : 'folder-unusable',
    message: `The folder ${folder} cannot be used for the embedded database: ${error instanceof Error ? error.message : error}`,
    fix: isFull
      ? 'Free space on this disk, or set TRUEUP_HOME to a folder on another one.'
      : 'Make the folder writable for this user, or set TRUEUP_HOME to one that is.',
    cause: error,
  })
}
