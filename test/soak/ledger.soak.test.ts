import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { formatNoteKey, verifyExport } from '@trueup/core'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { systemClock, systemRandomBytes } from '../../packages/service/src/adapters/system.ts'
import { sha256, verifyEd25519 } from '../../packages/service/src/ledger/ed25519.ts'
import { exportWhole } from '../../packages/service/src/ledger/export-ledger.ts'
import { LedgerKeeper } from '../../packages/service/src/ledger/ledger-keeper.ts'
import { keysInMemory } from '../../packages/service/src/ledger/signing-key.ts'
import { openStore } from '../../packages/service/src/store/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { sampleDraft, sampleSigner } from '../support/ledger-samples.ts'
import type { LedgerFile } from '../support/mangle-ledger.ts'
import { honestFile, mangledFile, manglings } from '../support/mangle-ledger.ts'
import { pythonMissing, runPython } from '../support/run-python.ts'
import { runVerifier } from '../support/run-verifier.ts'

const logs = Number(process.env.SOAK_LOGS ?? 10_000)
const entries = Number(process.env.SOAK_ENTRIES ?? 1_000_000)
const perBatch = 2_000
const signer = sampleSigner('first')

const verify = ({ bytes, older }: LedgerFile) =>
  verifyExport(linesOf(bytes), { sha256, verify: verifyEd25519, keys: [signer], older })

test(`${logs} mangled ledgers are refused, and ${logs} honest ones are not`, {
  timeout: 7_200_000,
}, async () => {
  const codes = new Map<string, Map<string, number>>()
  const wrong: string[] = []
  const begun = systemClock.now().getTime()
  for (let seed = 0; seed < logs; seed++) {
    const mangling = manglings[seed % manglings.length] ?? 'flip'
    const file = mangledFile(seed, mangling)
    const found = await verify(file)
    const code = found.ok ? 'not found' : found.problem.code
    const byCode = codes.get(mangling) ?? new Map<string, number>()
    codes.set(mangling, byCode.set(code, (byCode.get(code) ?? 0) + 1))
    const isNamed = found.ok || file.sequence === undefined || found.problem.sequence === file.sequence
    if (found.ok || !isNamed) wrong.push(`${seed} ${file.how}: ${code}`)
    if (!(await verify(honestFile(seed))).ok) wrong.push(`${seed} honest`)
  }
  const seconds = (systemClock.now().getTime() - begun) / 1000
  const lines = [...codes].map(([mangling, byCode]) => {
    const counted = [...byCode].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
    return `| ${mangling} | ${[...byCode.values()].reduce((sum, count) => sum + count, 0)} | ${counted.join(', ')} |`
  })
  await recordResults(
    'soak: mangled ledgers',
    `SOAK_LOGS=${logs} npm run soak:ledger`,
    `${logs} mangled and ${logs} honest ledgers in ${Math.round(seconds)} s; wrong: ${wrong.length}.\n\n` +
      `| done to it | ledgers | found as |\n| --- | ---: | --- |\n${lines.join('\n')}`,
  )
  expect(wrong).toEqual([])
})

test(`a ledger of ${entries} entries is kept, exported and verified, in bounded memory`, {
  timeout: 7_200_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-soak-ledger-'))
  const database = await createTestDatabase()
  const store = await openStore({ databaseUrl: database.url, home: null, clock: systemClock })
  try {
    const project = await store.project('soak')
    const keys = keysInMemory(systemRandomBytes)
    const keeper = new LedgerKeeper({
      project,
      keys,
      sinks: [],
      clock: systemClock,
      randomBytes: systemRandomBytes,
    })
    const took = new Map<string, number>()
    const timed = async <Answer>(name: string, work: () => Promise<Answer>): Promise<Answer> => {
      const begun = systemClock.now().getTime()
      const answer = await work()
      took.set(name, (took.get(name) ?? 0) + (systemClock.now().getTime() - begun) / 1000)
      return answer
    }
    for (let first = 1; first < entries; first += perBatch) {
      const count = Math.min(perBatch, entries - first)
      const drafts = Array.from({ length: count }, (_, place) => sampleDraft(first + place))
      await timed('staged', () => project.stageEntries(drafts))
      await timed('numbered and signed', () => keeper.seal())
    }
    const { origin, checkpoint, size } = await keeper.seal()
    const publicKey = await keeper.publicKey()
    if (!origin || !checkpoint || !publicKey) throw new Error('The ledger is empty.')
    expect(size).toBe(entries)
    const file = join(folder, 'ledger.ndjson')
    await timed('exported', () =>
      pipeline(
        Readable.from(withNewlines(exportWhole({ project, origin, checkpoint, publicKey }))),
        createWriteStream(file),
      ),
    )
    const key = formatNoteKey(publicKey)
    const whole = await timed('verified', () => runVerifier(file, key))
    expect(whole).toMatchObject({ status: 0, entries })
    const python = pythonMissing
      ? null
      : await timed('verified by Python', async () =>
          runPython<{ ok: boolean }>([join(import.meta.dirname, '../verify_ledger.py'), file, '--key', key]),
        )
    expect(python?.lines[0]?.ok ?? true).toBe(true)

    // One letter of the middle, of a file that cannot be held in memory.
    const changed = join(folder, 'changed.ndjson')
    const middle = Math.floor(entries / 2)
    await pipeline(createReadStream(file), changeEntry(middle), createWriteStream(changed))
    expect(await runVerifier(changed, key)).toMatchObject({ status: 1, sequence: middle })

    const { size: bytes } = await stat(file)
    const rows = [...took].map(
      ([name, seconds]) =>
        `| ${name} | ${seconds.toFixed(1)} s | ${Math.round(entries / seconds)} a second |`,
    )
    await recordResults(
      'soak: a long ledger',
      `SOAK_ENTRIES=${entries} npm run soak:ledger`,
      `${entries} entries on PostgreSQL, ${Math.round(bytes / 1e6)} MB as an export. The verifier's process took at ` +
        `most ${Math.round(whole.peakBytes / 1e6)} MB, and named entry ${middle} when it was changed.` +
        `${pythonMissing ? ` ${pythonMissing}.` : ''}\n\n| | took | entries |\n| --- | ---: | ---: |\n${rows.join('\n')}`,
    )
    expect(whole.peakBytes).toBeLessThan(250e6)
  } finally {
    await store.close()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

/** Changes one letter of this entry in a stream of an export. */
function changeEntry(sequence: number) {
  const from = `"key":"incident-opened:inc_${sequence}"`
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    let held = ''
    for await (const chunk of chunks) {
      held += chunk.toString('latin1')
      const end = held.lastIndexOf('\n') + 1
      const lines = held.slice(0, end)
      held = held.slice(end)
      yield Buffer.from(lines.replace(from, from.replace('inc', 'Inc')), 'latin1').toString('utf8')
    }
    yield held
  }
}

function* linesOf(bytes: Buffer): Generator<Uint8Array> {
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    yield bytes.subarray(start, end)
    start = end + 1
  }
  if (start < bytes.length) yield bytes.subarray(start)
}
