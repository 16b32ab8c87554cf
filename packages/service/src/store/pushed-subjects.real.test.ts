import { createTestDatabase } from '../../../../test/support/database.ts'
import { pushedSubjectsContract } from './contract-pushed-subjects.ts'
import { openStore } from './index.ts'

const clock = { now: () => new Date() }

pushedSubjectsContract('embedded, in memory', () => openStore({ home: null, clock }))

pushedSubjectsContract('PostgreSQL', async () => {
  const database = await createTestDatabase()
  const store = await openStore({ databaseUrl: database.url, home: null, clock })
  return {
    project: (projectId) => store.project(projectId),
    async close() {
      await store.close()
      await database.drop()
    },
  }
})
