import type { Sandbox } from '@trueup/sandbox'
import { repairFunctionSql } from '../../adapters/postgres/repair/repair-function-sql.ts'
import { defaultRepairRole } from '../../adapters/postgres/repair/repair-policy.ts'
import { repairTablesOf } from '../../adapters/postgres/repair/repair-tables.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { type Environment, readEnvironment } from '../../environment.ts'
import { clerkRepairKey } from '../../repair-targets.ts'
import { Secret } from '../../secret.ts'
import type { ExpectedRows } from '../progress-display.ts'
import { type ServedDatabase, serveEmbedded } from './serve-embedded.ts'

/** A made-up app that has drifted, with all that a check of it needs. */
export interface Demo {
  readonly sandbox: Sandbox
  /** The address of the app's own database for the role that Trueup reads with. */
  readonly databaseUrl: string
  /** The same for the role that may call the repair functions. */
  readonly repairUrl: string
  readonly environment: Environment
  /** How many rows each part has, for a progress that knows its end. */
  readonly expectedRows: ExpectedRows
  close(): Promise<void>
}

/** The role that Trueup reads with: it may read the four tables, and write nothing. */
const readingRole = 'trueup_reader'
const readingRoleSql = `create role ${readingRole} login;
grant usage on schema public to ${readingRole};
grant select on users, organizations, organization_members, user_entitlements to ${readingRole};`

export interface DemoSize {
  readonly seed: number
  readonly customers?: number
}

/** Starts a Stripe, a Clerk and the database of an app on this machine, filled with one world. */
export async function startDemo({ seed, customers }: DemoSize): Promise<Demo> {
  const { startSandbox } = await import('@trueup/sandbox')
  // The database has a thread of its own, which is at work while this one makes the world up.
  const starting = await Promise.allSettled([
    serveEmbedded(),
    startSandbox({
      world: 'demo',
      access: 'both',
      seed,
      rateLimits: false,
      ...(customers === undefined ? {} : { customers }),
    }),
  ])
  const close = async () => {
    await Promise.all(starting.map((part) => (part.status === 'fulfilled' ? part.value.close() : undefined)))
  }
  try {
    return { ...(await filled(settledValue(starting[1]), settledValue(starting[0]))), close }
  } catch (error) {
    await close()
    throw error
  }
}

function settledValue<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** Puts the app's rows into its database, and the roles that Trueup comes with. */
async function filled(sandbox: Sandbox, database: ServedDatabase): Promise<Omit<Demo, 'close'>> {
  const { appSql } = await import('@trueup/sandbox')
  const { app, clerk } = sandbox.world
  if (app) await database.run([...appSql(app), readingRoleSql, repairSqlOf(sandbox)])
  return {
    sandbox,
    databaseUrl: database.urlFor(readingRole),
    repairUrl: database.urlFor(defaultRepairRole),
    environment: environmentOf(sandbox, database),
    expectedRows: {
      'postgres/users': app?.users.length ?? 0,
      'postgres/organizations': app?.organizations.length ?? 0,
      'clerk/users': clerk.users.size,
      'clerk/organizations': clerk.organizations.size,
      'stripe/subscriptions': sandbox.labels.counts.subscriptions,
      'stripe/customers': sandbox.labels.customers,
    },
  }
}

/** What the app's owner runs to let single rows be repaired: functions with a journal and a cap. */
function repairSqlOf({ config }: Sandbox): string {
  const { access, catalogue } = parseConfig(config)
  const mappings = access.flatMap((source) =>
    source.kind === 'postgres' ? [source.mappings.user, source.mappings.organization] : [],
  )
  return repairFunctionSql({
    tables: repairTablesOf(
      mappings.filter((mapping) => mapping !== undefined),
      catalogue,
    ),
  })
}

function environmentOf({ stripe, clerk }: Sandbox, database: ServedDatabase): Environment {
  const secrets: Readonly<Record<string, string>> = {
    ACCESS_DATABASE_URL: database.urlFor(readingRole),
    ACCESS_REPAIR_DATABASE_URL: database.urlFor(defaultRepairRole),
    [clerkRepairKey]: clerk.secretKey,
  }
  return {
    ...readEnvironment({}),
    stripeApiKey: new Secret(stripe.restrictedKey),
    stripeApiBase: stripe.url,
    clerkSecretKey: new Secret(clerk.secretKey),
    clerkApiUrl: clerk.url,
    secretNamed: (name) => {
      const secret = secrets[name]
      return secret === undefined ? null : new Secret(secret)
    },
  }
}
