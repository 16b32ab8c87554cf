import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SecureCluster, startSecureCluster } from '../../../../../../test/support/secure-cluster.ts'
import { systemRng, systemTimer } from '../../system.ts'
import { openPostgres, ownMachinePolicy, parseConnectionString } from './index.ts'

let cluster: SecureCluster
beforeAll(async () => {
  cluster = await startSecureCluster()
  await cluster.run(`create role app login password 'Geheim-1234'; create role plain login password 'p'`)
})
afterAll(() => cluster?.stop())

const ports = { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy }

function target(text: string, authority: string | null = cluster.authority) {
  const parsed = parseConnectionString(text, authority)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal))
  return parsed.value
}

describe('reading', () => {
  test('goes through TLS and SCRAM', async () => {
    const app = openPostgres(target(`postgres://app:Geheim-1234@localhost:${cluster.port}/postgres`), ports)
    const rows = await app.read(
      'select ssl, application_name from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()',
    )
    expect(rows).toEqual([{ ssl: true, application_name: 'trueup' }])
    await app.close()
  })
})
