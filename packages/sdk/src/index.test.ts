import { expect, it } from 'vitest'
import * as sdk from './index.ts'
import * as drizzle from './store/drizzle/index.ts'
import * as kysely from './store/kysely/index.ts'
import * as postgres from './store/postgres/index.ts'
import * as prisma from './store/prisma/index.ts'

it('offers what is meant to be offered, and nothing else', () => {
  expect(Object.keys(sdk).sort()).toEqual([
    'BillingError',
    'accessReasons',
    'createBilling',
    'memoryStore',
    'paymentFailedEmail',
    'ruleCatalogue',
  ])
  expect(Object.keys(postgres).sort()).toEqual(['migrationSql', 'postgresStore'])
  expect(Object.keys(kysely).sort()).toEqual(['kyselyStore', 'migrationSql'])
  expect(Object.keys(drizzle).sort()).toEqual(['drizzleStore', 'migrationSql'])
  expect(Object.keys(prisma).sort()).toEqual(['migrationSql', 'prismaStore'])
})
