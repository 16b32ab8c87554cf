import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { seededRng } from '@trueup/sandbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '../packages/service/src/secret.ts'
import type { Database } from '../packages/service/src/store/index.ts'
import { openDatabase, StoreError } from '../packages/service/src/store/index.ts'
import { checkKeys, listKeys } from '../packages/service/src/vault/check-keys.ts'
import { parseKeyRing } from '../packages/service/src/vault/key-ring.ts'
import type { Vault } from '../packages/service/src/vault/open-vault.ts'
import { openVault } from '../packages/service/src/vault/open-vault.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

const clock = { now: () => new Date() }
const ports = { clock, randomBytes }
const root = join(import.meta.dirname, '..')
const workspaces = ['default', 'wsp_1', 'wsp_2', 'wsp_3']
const line = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [k1, k2] = [line('k1'), line('k2')]
const ringOf = (...lines: readonly string[]) =>
  parseKeyRing(new Secret(lines.join(',')), 'TRUEUP_ENCRYPTION_KEY')

let server: TestDatabase
let database: Database
beforeAll(async () => {
  server = await createTestDatabase()
  database = await openDatabase({ databaseUrl: server.url, home: null, clock })
  for (const id of workspaces) {
    await sql`insert into trueup.workspace (workspace_id, name) values (${id}, '') on conflict do nothing`.execute(
      database.system,
    )
    await sql`insert into trueup.project (project_id, workspace_id) values (${`prj_${id}`}, ${id})`.execute(
      database.system,
    )
  }
})
afterAll(async () => {
  await database.close()
  await server.drop()
})

const vaultWith = (...lines: readonly string[]) =>
  openVault({ database, keys: { read: async () => ringOf(...lines), create: null }, ...ports })
const placeOf = (workspaceId: string, id: string) => ({
  workspaceId,
  projectId: `prj_${workspaceId}`,
  field: 'project-secret',
  row: ['stripe-key', 'stripe', id],
})

/** Seals and keeps secrets, and opens those that are kept, until it is told to stop. */
class Traffic {
  readonly kept = new Map<string, string>()
  readonly errors: unknown[] = []
  opened = 0
  refused = 0
  #stopped = false
  readonly #vault: Vault
  readonly #rng = seededRng('keys killed')

  constructor(vault: Vault) {
    this.#vault = vault
  }

  stop() {
    this.#stopped = true
  }

  async run(name: string) {
    for (let number = 0; !this.#stopped; number += 1) {
      await this.#keep(`${name}_${number}`).catch((error: unknown) => this.errors.push(error))
      await this.#open().catch((error: unknown) => this.errors.push(error))
    }
  }

  async #keep(id: string) {
    const workspaceId = workspaces[Math.floor(this.#rng.next() * workspaces.length)] ?? 'default'
    const place = placeOf(workspaceId, id)
    const sealed = await this.#vault.seal(new Secret(`${workspaceId}/${id}`), place)
    try {
      await sql`insert into trueup.project_secret
        (workspace_id, project_id, secret_id, field, name, sealed, label, made_at, made_by)
        values (${workspaceId}, ${place.projectId}, ${id}, 'stripe-key', 'stripe', ${sealed}, '', now(), 'ada')`.execute(
        database.scoped({ workspaceId }),
      )
      this.kept.set(id, workspaceId)
    } catch (error) {
      // Here keys go away the moment after they were replaced; the text is refused and not kept, never lost.
      if (!(error instanceof StoreError) || !String(error.cause).includes('live data key')) throw error
      this.refused += 1
    }
  }

  async #open() {
    const ids = [...this.kept.keys()]
    const id = ids[Math.floor(this.#rng.next() * ids.length)]
    const workspaceId = id === undefined ? undefined : this.kept.get(id)
    if (id === undefined || workspaceId === undefined) return
    const { rows } = await sql<{ readonly sealed: string }>`select sealed from trueup.project_secret
      where workspace_id = ${workspaceId} and secret_id = ${id}`.execute(database.scoped({ workspaceId }))
    const opened = await this.#vault.open(rows[0]?.sealed ?? '', placeOf(workspaceId, id))
    expect(opened.reveal()).toBe(`${workspaceId}/${id}`)
    this.opened += 1
  }
}

test('a rotation that is killed at every edge, while others seal and open, leaves everything openable and then ends', {
  timeout: 300_000,
}, async () => {
  // The service has both keys and seals under the old one; whoever rotates puts the new one first.
  const traffic = new Traffic(await vaultWith(k1, k2))
  const running = ['a', 'b'].map((name) => traffic.run(name))
  const edges: string[] = []
  try {
    await expect.poll(() => traffic.kept.size, { timeout: 30_000 }).toBeGreaterThan(40)
    let isDone = false
    for (let run = 0; !isDone; run += 1) {
      expect(run).toBeLessThan(60)
      const { said, killed } = await rotate('1', edges.includes('data-key-retired') ? 'k1' : '')
      edges.push(...said)
      isDone = !killed && edges.includes('data-key-retired')
      const { problems } = await checkKeys(database, ringOf(k2, k1), ports)
      expect(problems).toEqual([])
      // As if a minute had passed, so that old keys may go.
      if (!killed)
        await sql`update trueup.data_key set made_at = made_at - interval '61 seconds'`.execute(
          database.system,
        )
    }
  } finally {
    traffic.stop()
    await Promise.all(running)
  }
  expect(traffic.errors).toEqual([])
  expect(traffic.opened).toBeGreaterThan(100)
  expect(new Set(edges)).toEqual(
    new Set(['data-keys-rewrapped', 'data-key-made', 'values-resealed', 'data-key-retired']),
  )

  expect(await listKeys(database, ringOf(k2))).toMatchObject([
    { id: 'k2', state: 'primary', workspaces: workspaces.length },
    { id: 'k1', state: 'retired', workspaces: 0 },
  ])
  const vault = await vaultWith(k2)
  const { rows } = await sql<{ readonly workspaceId: string; readonly id: string; readonly sealed: string }>`
    select workspace_id as "workspaceId", secret_id as id, sealed from trueup.project_secret`.execute(
    database.system,
  )
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(traffic.kept.keys()))
  for (const { workspaceId, id, sealed } of rows) {
    expect((await vault.open(sealed, placeOf(workspaceId, id))).reveal()).toBe(`${workspaceId}/${id}`)
  }
})

test('10,000 random swaps of sealed values open nothing', {
  timeout: 120_000,
}, async () => {
  const vault = await vaultWith(k2)
  const places: ReturnType<typeof placeOf>[] = []
  for (const workspaceId of workspaces) {
    for (let number = 0; number < 25; number += 1) {
      const place = placeOf(workspaceId, `swap_${number}`)
      places.push(number % 3 === 0 ? { ...place, field: 'alert-channel' } : place)
    }
  }
  const sealed = await Promise.all(
    places.map((place) => vault.seal(new Secret(JSON.stringify(place)), place)),
  )
  const rng = seededRng('swaps')
  const pick = () => Math.floor(rng.next() * places.length)
  let opened = 0
  let swaps = 0
  while (swaps < 10_000) {
    const [from, to] = [pick(), pick()]
    const [text, place] = [sealed[from], places[to]]
    if (from === to || !text || !place) continue
    swaps += 1
    await vault.open(text, place).then(
      () => (opened += 1),
      (error: unknown) =>
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(sealed-not-opened|data-key-missing)$/),
        }),
    )
  }
  expect({ swaps, opened }).toEqual({ swaps: 10_000, opened: 0 })
})

/** Runs a rotation in a process of its own, to the edge at which it ends itself. */
async function rotate(
  edge: string,
  retire: string,
): Promise<{ readonly said: readonly string[]; readonly killed: boolean }> {
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs')
  const rotator = join(root, 'test/support/key-rotator.ts')
  const child = spawn(process.execPath, ['--conditions=@trueup/source', jiti, rotator, edge, retire], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: server.url, TRUEUP_ENCRYPTION_KEY: `${k2},${k1}` },
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`The rotation failed (${status}): ${out}`)
  return {
    said: out.split('\n').filter((text) => /^[a-z-]+$/.test(text)),
    killed: signal === 'SIGKILL',
  }
}
