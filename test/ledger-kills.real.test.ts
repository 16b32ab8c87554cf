import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNoteKey, verifyExport } from '@trueup/core'
import { seededRng } from '@trueup/sandbox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock, systemRandomBytes } from '../packages/service/src/adapters/system.ts'
import { checkpointFolder } from '../packages/service/src/ledger/checkpoint-sink.ts'
import { sha256, verifyEd25519 } from '../packages/service/src/ledger/ed25519.ts'
import { exportWhole } from '../packages/service/src/ledger/export-ledger.ts'
import { LedgerKeeper } from '../packages/service/src/ledger/ledger-keeper.ts'
import { readKept } from '../packages/service/src/ledger/read-back.ts'
import { keysInHome } from '../packages/service/src/ledger/signing-key.ts'
import { openStore } from '../packages/service/src/store/index.ts'
import { buildCli } from './support/build-cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

const kills = Number(process.env.LEDGER_KILLS ?? 5)
const root = join(import.meta.dirname, '..')

let home: string
let database: TestDatabase
beforeEach(async () => {
  buildCli()
  home = await mkdtemp(join(tmpdir(), 'trueup-ledger-kills-'))
  database = await createTestDatabase()
})
afterEach(async () => {
  await database.drop()
  await rm(home, { recursive: true, force: true })
})

test(`a process killed ${kills} times while it enters, signs and changes keys loses no act and doubles none`, {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  const rng = seededRng('ledger kills')
  const said: string[] = []
  for (let run = 0; run < kills; run++)
    said.push(...(await killedRun(`run-${run}`, Math.floor(rng.next() * 30))))
  expect(said.length).toBeGreaterThan(kills)

  const store = await openStore({ databaseUrl: database.url, home, clock: systemClock })
  try {
    const project = await store.project('killed')
    const sent = join(home, 'sent')
    const keeper = new LedgerKeeper({
      project,
      keys: keysInHome(home, systemRandomBytes),
      sinks: [checkpointFolder(sent)],
      clock: systemClock,
      randomBytes: systemRandomBytes,
    })
    const { origin, checkpoint, unsigned, size } = await keeper.seal()
    const publicKey = await keeper.publicKey()
    expect(unsigned).toBeNull()
    if (!origin || !checkpoint || !publicKey) throw new Error('The ledger is empty.')
    const entries = await project.ledgerEntries(0, size)
    const keys = entries.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(said.filter((key) => !keys.includes(key))).toEqual([])

    // Every checkpoint that was ever sent is continued, and the very first key is enough to verify all of it.
    const [folder = ''] = await readdir(sent)
    const files = (await readdir(join(sent, folder))).filter((name) => name.endsWith('.checkpoint'))
    const older = await Promise.all(files.map((name) => readFile(join(sent, folder, name), 'utf8')))
    const [first] = entries
    const firstKey = first && parseNoteKey(sha256, String(readKept(first, 0).facts.signingKey))
    const lines: Uint8Array[] = []
    for await (const line of exportWhole({ project, origin, checkpoint, publicKey }))
      lines.push(Buffer.from(line))
    const found = await verifyExport(lines, {
      sha256,
      verify: verifyEd25519,
      keys: firstKey ? [firstKey] : [],
      older,
    })
    expect(found).toMatchObject({ ok: true, entries: size, continues: older.length })
    expect(older.length).toBeGreaterThan(kills)
  } finally {
    await store.close()
  }
})

/** Starts a writer, kills it after it has said so many times something, and gives the acts that it said were kept. */
async function killedRun(name: string, after: number): Promise<readonly string[]> {
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs')
  const writer = join(root, 'test/support/ledger-writer.ts')
  const child = spawn(process.execPath, [jiti, writer, database.url, home, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  let heard = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    heard += 1
    if (heard > after) child.kill('SIGKILL')
  })
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself (${status}): ${out.slice(-400)}`)
  // A line that was cut off was not said.
  return out
    .slice(0, out.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
}
