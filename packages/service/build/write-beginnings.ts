import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import pg from 'pg'

/**
 * Writes the archives from which embedded databases begin, one without anything and one with the store's schema, by
 * the engine and the migrations that were just built. Unpacking one takes a fifth of the work of making it.
 *
 * @param built the folder of what was built
 */
export async function writeBeginnings(built: string): Promise<void> {
  const { EmbeddedEngine } = await builtModule<EngineModule>(built, 'store/embedded/engine.mjs')
  const { emptyBeginning, storeBeginning } = await builtModule<BeginningsModule>(
    built,
    'store/embedded/beginnings.mjs',
  )
  const { migrate } = await builtModule<MigrateModule>(built, 'store/migrate.mjs')
  const { migrations } = await builtModule<MigrationsModule>(built, 'store/migrations/index.mjs')

  const engine = await EmbeddedEngine.start(null, { beginning: null })
  writeArchive(emptyBeginning, await engine.archive())
  const client = new pg.Client({ stream: () => engine.connect(), user: 'postgres', password: '', ssl: false })
  await client.connect()
  await migrate(client, migrations)
  await client.end()
  writeArchive(storeBeginning(migrations), await engine.archive())
  await engine.close()
}

type EngineModule = typeof import('../src/store/embedded/engine.ts')
type BeginningsModule = typeof import('../src/store/embedded/beginnings.ts')
type MigrateModule = typeof import('../src/store/migrate.ts')
type MigrationsModule = typeof import('../src/store/migrations/index.ts')

async function builtModule<Module>(built: string, file: string): Promise<Module> {
  return (await import(pathToFileURL(join(built, file)).href)) as Module
}

function writeArchive(file: string, bytes: Uint8Array): void {
  // The window spans the catalogs of all three databases of a cluster, which are nearly the same.
  const params = {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_QUALITY]: 9,
  }
  writeFileSync(file, brotliCompressSync(bytes, { params }))
}
