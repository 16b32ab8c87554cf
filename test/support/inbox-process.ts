// A process of a service as far as webhooks go, to be killed: `web` takes them, `worker` does what follows from them.
// It says `ready` on its standard output when it does.
import { serve } from '@hono/node-server'
import { sql } from 'kysely'
import {
  systemClock,
  systemRandomBytes,
  systemRng,
  systemTimer,
} from '../../packages/service/src/adapters/system.ts'
import { webhooksIn } from '../../packages/service/src/http/routes/webhooks-in.ts'
import { createEventWriter } from '../../packages/service/src/inbox/batch-events.ts'
import { checkDue } from '../../packages/service/src/inbox/check-due.ts'
import { wakeOverdue } from '../../packages/service/src/inbox/due-targets.ts'
import { createEndpointDirectory } from '../../packages/service/src/inbox/endpoints.ts'
import { createWebhookReceiver } from '../../packages/service/src/inbox/receive-webhook.ts'
import { createRefusalTally } from '../../packages/service/src/inbox/refusal-tally.ts'
import type { AnyQueue } from '../../packages/service/src/jobs/jobs.ts'
import { startJobs } from '../../packages/service/src/jobs/start-jobs.ts'
import { Secret } from '../../packages/service/src/secret.ts'
import { openDatabase } from '../../packages/service/src/store/index.ts'
import { parseKeyRing } from '../../packages/service/src/vault/key-ring.ts'
import { openVault } from '../../packages/service/src/vault/open-vault.ts'

const [role = 'web', databaseUrl = '', port = '0'] = process.argv.slice(2)
const database = await openDatabase({ databaseUrl, home: null, clock: systemClock })

const queue: AnyQueue = {
  name: 'check.single',
  concurrency: 4,
  concurrencyOfProject: 4,
  async handle({ data, signal }) {
    await checkDue(
      {
        ...{ database, jobs, clock: systemClock, rng: systemRng, leaseSeconds: 10, atOnce: 8 },
        // Stands for reading both sides: what counts here is that it was done, and for whom.
        async recheck(_, target, { token }) {
          await sql`insert into trueup.soak_check (target_id, token) values (${target.id}, ${token})`.execute(
            database.system,
          )
          return { kind: 'checked', againAt: null }
        },
        payerOf: async (_, objectId) => objectId.replace(/^subscription:sub_/, 'cus_'),
      },
      data,
      signal,
    )
  },
}
const jobs = await startJobs({
  database,
  timer: systemTimer,
  queues: [queue],
  supervises: role === 'worker',
  onError: () => {},
  onJobFailed: () => {},
})

if (role === 'worker') {
  await jobs.work([queue])
  say('ready')
  for (;;) {
    await wakeOverdue({ database, jobs }).catch(() => {})
    await systemTimer.sleep(2_000)
  }
}

const ring = parseKeyRing(new Secret(`test:${Buffer.alloc(32, 7).toString('base64')}`), 'the test')
const vault = await openVault({
  database,
  keys: { read: async () => ring, create: null },
  clock: systemClock,
  randomBytes: systemRandomBytes,
})
const receive = createWebhookReceiver({
  endpoints: createEndpointDirectory({ database, vault, clock: systemClock }),
  writer: createEventWriter({ database, jobs, timer: systemTimer }),
  refusals: createRefusalTally(database),
  clock: systemClock,
  timer: systemTimer,
  onError: (error) => process.stderr.write(`${error}\n`),
})
serve({ fetch: webhooksIn(receive).fetch, port: Number(port), hostname: '127.0.0.1' }, () => say('ready'))

function say(word: string): void {
  process.stdout.write(`${word}\n`)
}
