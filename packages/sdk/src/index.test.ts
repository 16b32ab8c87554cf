import { expect, it } from 'vitest'
import * as convex from './convex/index.ts'
import * as express from './express/index.ts'
import * as fastify from './fastify/index.ts'
import * as gate from './gate/index.ts'
import * as hono from './hono/index.ts'
import * as sdk from './index.ts'
import * as next from './next/index.ts'
import * as drizzle from './store/drizzle/index.ts'
import * as kysely from './store/kysely/index.ts'
import * as postgres from './store/postgres/index.ts'
import * as prisma from './store/prisma/index.ts'

it('offers what is meant to be offered, and nothing else', () => {
  expect(Object.keys(sdk).sort()).toEqual([
    'BillingError',
    'accessReasons',
    'createBilling',
    'createClerkBilling',
    'memoryStore',
    'paymentFailedEmail',
    'ruleCatalogue',
  ])
  expect(Object.keys(postgres).sort()).toEqual(['migrationSql', 'postgresStore'])
  expect(Object.keys(kysely).sort()).toEqual(['kyselyStore', 'migrationSql'])
  expect(Object.keys(drizzle).sort()).toEqual(['drizzleStore', 'migrationSql'])
  expect(Object.keys(prisma).sort()).toEqual(['migrationSql', 'prismaStore'])
  expect(Object.keys(gate).sort()).toEqual([
    'createClaimsGates',
    'createGates',
    'gateCodes',
    'refusalResponse',
  ])
  expect(Object.keys(next).sort()).toEqual(['nextBilling'])
  expect(Object.keys(hono).sort()).toEqual(['honoBilling'])
  expect(Object.keys(express).sort()).toEqual(['expressBilling'])
  expect(Object.keys(fastify).sort()).toEqual(['fastifyBilling'])
  expect(Object.keys(convex).sort()).toEqual(['convexBilling', 'identityAuth'])
})
