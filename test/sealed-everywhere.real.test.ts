import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownMachinePolicy } from '../packages/service/src/adapters/postgres/connection/index.ts'
import { systemRng, systemTimer } from '../packages/service/src/adapters/system.ts'
import type { AlertDependencies } from '../packages/service/src/alert/alert-dependencies.ts'
import { addChannel, changeChannel } from '../packages/service/src/alert/channels.ts'
import { readEnvironment } from '../packages/service/src/environment.ts'
import { addEndpointSecret, openEndpoint } from '../packages/service/src/inbox/endpoint-secrets.ts'
import { createEndpointDirectory } from '../packages/service/src/inbox/endpoints.ts'
import { addEndpoint, rollSecret } from '../packages/service/src/outgoing/endpoints.ts'
import { createProject } from '../packages/service/src/project/manage-projects.ts'
import { createProjectService } from '../packages/service/src/project/project-service.ts'
import { addPushSecret } from '../packages/service/src/project/push-secrets.ts'
import { Secret } from '../packages/service/src/secret.ts'
import type { Database } from '../packages/service/src/store/index.ts'
import { openDatabase } from '../packages/service/src/store/index.ts'
import { signInSecret } from '../packages/service/src/team/sign-in/sign-in-secret.ts'
import { checkKeys } from '../packages/service/src/vault/check-keys.ts'
import { parseKeyRing } from '../packages/service/src/vault/key-ring.ts'
import { openVault } from '../packages/service/src/vault/open-vault.ts'
import { rotateKeys } from '../packages/service/src/vault/rotate-keys.ts'
import { readSealedColumns } from '../packages/service/src/vault/sealed-columns.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'
import { everyRow } from './support/project-world.ts'

const clock = { now: () => new Date() }
const ports = { clock, randomBytes }
const line = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [k1, k2] = [line('k1'), line('k2')]
const ringOf = (...lines: readonly string[]) =>
  parseKeyRing(new Secret(lines.join(',')), 'TRUEUP_ENCRYPTION_KEY')
const by = 'person:ada@example.com'

let server: TestDatabase
let database: Database
beforeAll(async () => {
  server = await createTestDatabase()
  database = await openDatabase({ databaseUrl: server.url, home: null, clock })
})
afterAll(async () => {
  await database.close()
  await server.drop()
})
const vaultWith = (...lines: readonly string[]) =>
  openVault({ database, keys: { read: async () => ringOf(...lines), create: null }, ...ports })

/** Lets every part of the service keep a secret as it does, and gives what it kept. */
async function keepEverywhere(): Promise<readonly string[]> {
  const vault = await vaultWith(k1)
  const operator = readEnvironment({ TRUEUP_LEDGER_KEY: randomBytes(32).toString('base64') })
  const projects = createProjectService({ database, vault, operator })
  const { id } = await createProject(projects, 'default', { name: 'App', timeZone: 'UTC' })
  const tenant = { workspaceId: 'default', projectId: id }
  const alerts: AlertDependencies = {
    ...{ database, vault, ...ports, timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy },
    jobs: { send: async () => {} },
    lookup: async () => ['127.0.0.1'],
    publicUrl: 'http://127.0.0.1',
    mail: null,
    advanceLedger: async () => {},
  }
  const slack = 'https://hooks.slack.com/services/T0CANARY/B0/firstAddressOfSlack'
  const channel = await addChannel(
    alerts,
    tenant,
    { name: 'Team', config: { kind: 'slack', url: slack } },
    by,
  )
  await changeChannel(alerts, tenant, channel.id, { config: { kind: 'slack', url: `${slack}Two` } }, by)
  const outgoing = await addEndpoint(
    alerts,
    tenant,
    { url: 'https://app.example.com/hook', description: '', messageTypes: [] },
    by,
  )
  const rolled = await rollSecret(alerts, tenant, outgoing.endpoint.id, { overlapHours: 24, by })
  const endpoints = createEndpointDirectory({ database, vault, clock })
  const inbox = { database, vault, endpoints, ...ports }
  const webhook = `whsec_${randomBytes(24).toString('base64')}`
  await openEndpoint(inbox, tenant, 'stripe', { isLive: null, account: null })
  await addEndpointSecret(inbox, tenant, 'stripe', { secret: new Secret(webhook), by, replaces: false })
  const push = await addPushSecret(projects, tenant, by)
  const signIn = await signInSecret({ database, vault, ...ports })
  return [
    slack,
    outgoing.secret.reveal(),
    rolled.secret.reveal(),
    webhook,
    push.secret.reveal(),
    signIn.reveal(),
  ]
}

test('every sealed value of the service opens where it stands, before and after its keys were changed', async () => {
  const secrets = await keepEverywhere()
  const columns = await readSealedColumns(database)
  const before = await checkKeys(database, ringOf(k1), ports)
  expect(before).toMatchObject({ problems: [], values: columns.length })

  const rotation = await rotateKeys({ database, vault: await vaultWith(k2, k1), randomBytes, reseal: true })
  expect(rotation).toMatchObject({ resealed: columns.length, unopened: [] })
  expect(await checkKeys(database, ringOf(k2), ports)).toMatchObject({ problems: [], values: columns.length })

  const rows = await everyRow(database)
  for (const secret of secrets) {
    for (const written of [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(rows).not.toContain(written)
    }
  }
})

test('every column of sealed texts is declared, so that no change of keys passes it by', async () => {
  const { rows } = await sql<{ readonly place: string }>`select table_name || '.' || column_name as place
    from information_schema.columns
    where table_schema = 'trueup' and data_type = 'text' and column_name like '%sealed%'
    order by 1`.execute(database.system)
  const declared = (await readSealedColumns(database)).map(({ table, column }) => `${table}.${column}`)
  expect(rows.map(({ place }) => place)).toEqual(declared.toSorted())
})
