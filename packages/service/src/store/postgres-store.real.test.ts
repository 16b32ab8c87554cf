import { createTestDatabase } from '../../../../test/support/database.ts'
import { storeContract } from './contract/index.ts'
import { openStore } from './index.ts'

storeContract('PostgreSQL', async () => {
  const database = await createTestDatabase()
  const store = await openStore({
    databaseUrl: database.url,
    home: '/nonexistent',
    clock: { now: () => new Date() },
  })
  return {
    project: (projectId) => store.project(projectId),
    async close() {
      await store.close()
      await database.drop()
    },
  }
})
