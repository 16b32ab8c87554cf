import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Store } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import { openStore } from '../../packages/service/src/store/index.ts'
import { createTestDatabase } from './database.ts'

export type StoreKind = 'memory' | 'embedded' | 'PostgreSQL'
export const storeKinds: readonly StoreKind[] = ['memory', 'embedded', 'PostgreSQL']

/** A store of its own for one test; `close` takes everything away again. */
export async function openTestStore(
  kind: StoreKind,
  clock: Clock,
): Promise<{ readonly store: Store; close(): Promise<void> }> {
  if (kind === 'memory') {
    const store = createMemoryStore()
    return { store, close: () => store.close() }
  }
  const home = await mkdtemp(join(tmpdir(), 'trueup-test-'))
  const database = kind === 'PostgreSQL' ? await createTestDatabase() : null
  const store = await openStore({ databaseUrl: database?.url ?? null, home, clock })
  return {
    store,
    async close() {
      await store.close()
      await database?.drop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
