// A process of an app, to be killed: makes customers for the subjects it is given, reads their billing and does the
// work that is due. It writes a line to its standard output at each of its steps, and `done` at the end.
import { writeSync } from 'node:fs'
import { createClerkClient } from '@clerk/backend'
import type { SubjectId } from '@trueup/core'
import pg from 'pg'
import Stripe from 'stripe'
import { createBilling } from '../create-billing.ts'
import { postgresStore } from '../store/postgres/index.ts'
import { Mortal } from './killable.ts'
import { clerkKey, stripeKey, testCatalogue } from './test-catalogue.ts'

const [databaseUrl = '', stripePort = '0', clerkUrl = '', now = '', ...ids] = process.argv.slice(2)

/** Steps that are told before and after each call, so that whoever reads can kill in between. */
class Telling extends Mortal {
  override step(): void {
    super.step()
    writeSync(1, 'step\n')
  }
}

const mortal = new Telling()
const pool = new pg.Pool({ connectionString: databaseUrl })
const billing = createBilling({
  stripe: new Stripe(stripeKey, {
    host: '127.0.0.1',
    port: Number(stripePort),
    protocol: 'http',
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(mortal.http),
  }),
  clerk: mortal.clerk(
    createClerkClient({ secretKey: clerkKey, apiUrl: clerkUrl, telemetry: { disabled: true } }),
  ),
  store: mortal.store(postgresStore(pool)),
  catalogue: testCatalogue,
  subject: 'organization',
  livemode: false,
  origins: ['https://app.example'],
  clock: { now: () => new Date(now) },
})
for (const id of ids) {
  const subject: SubjectId = { type: 'organization', id }
  await billing.customer(subject)
  await billing.resync(subject)
}
await billing.work()
writeSync(1, 'done\n')
await pool.end()
