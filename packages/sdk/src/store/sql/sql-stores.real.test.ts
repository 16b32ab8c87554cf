import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import { openPrisma } from '../../testbed/prisma-client.ts'
import { drizzleStore } from '../drizzle/index.ts'
import { kyselyStore } from '../kysely/index.ts'
import { postgresStore } from '../postgres/index.ts'
import { prismaStore } from '../prisma/index.ts'
import { storeContract } from '../store-contract.ts'
import type { SqlStore } from './sql-store.ts'

const tables = ['subjects', 'events', 'work', 'cursors'].map((table) => `trueup_billing.${table}`).join(', ')

/** A database of its own with a pool, and a store over it that was migrated twice, as at two starts. */
async function opened<Db, Transaction>(
  connect: (pool: pg.Pool) => Db,
  make: (db: Db) => SqlStore<Transaction>,
) {
  const database = await createTestDatabase({ empty: true })
  const pool = new pg.Pool({ connectionString: database.url, max: 8 })
  // It is told that the database goes, though it was ended before.
  pool.on('error', () => undefined)
  const db = connect(pool)
  const store = make(db)
  await Promise.all([store.migrate(), store.migrate()])
  return {
    db,
    store,
    clear: async () => {
      await pool.query(`truncate ${tables}`)
    },
    close: async () => {
      await pool.end()
      await database.drop()
    },
  }
}

storeContract('pg', async () => {
  const { db: pool, ...rest } = await opened(
    (pool) => pool,
    (pool) => postgresStore(pool),
  )
  return {
    ...rest,
    async inTransaction(act) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await act(client)
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
  }
})

storeContract('Kysely', async () => {
  const { db, ...rest } = await opened(
    (pool) => new Kysely<{ teams: { id: string } }>({ dialect: new PostgresDialect({ pool }) }),
    (db) => kyselyStore(db),
  )
  return { ...rest, inTransaction: (act) => db.transaction().execute(act) }
})

storeContract('Drizzle', async () => {
  const { db, ...rest } = await opened(
    (pool) => drizzle(pool),
    (db) => drizzleStore(db),
  )
  return { ...rest, inTransaction: (act) => db.transaction(act) }
})

storeContract('Prisma', async () => {
  const database = await createTestDatabase({ empty: true })
  const prisma = openPrisma(database.url)
  const store = prismaStore(prisma)
  await Promise.all([store.migrate(), store.migrate()])
  return {
    store,
    clear: async () => {
      await prisma.$executeRawUnsafe(`truncate ${tables}`)
    },
    close: async () => {
      await prisma.$disconnect()
      await database.drop()
    },
    inTransaction: (act) => prisma.$transaction(act),
  }
})
