import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyExport } from '@trueup/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleDraft } from '../../../../test/support/ledger-samples.ts'
import { openTestStore } from '../../../../test/support/stores.ts'
import { systemClock, systemRandomBytes } from '../adapters/system.ts'
import { checkpointFolder } from './checkpoint-sink.ts'
import { sha256, verifyEd25519 } from './ed25519.ts'
import { exportWhole } from './export-ledger.ts'
import { LedgerKeeper } from './ledger-keeper.ts'
import { keysInHome } from './signing-key.ts'

const keepers = 4
const rounds = 8

describe.each(['embedded', 'PostgreSQL'] as const)('several that keep one ledger at once: %s', (kind) => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'trueup-keepers-'))
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  test('begin it once, number every act once, and sign nothing that does not continue what was signed', async () => {
    const { store, close } = await openTestStore(kind, systemClock)
    const sent = join(home, 'sent')
    const keeperOf = async () => {
      const project = await store.project('shared')
      const keys = keysInHome(home, systemRandomBytes)
      const sinks = [checkpointFolder(sent)]
      return new LedgerKeeper({ project, keys, sinks, clock: systemClock, randomBytes: systemRandomBytes })
    }
    try {
      await Promise.all(
        Array.from({ length: keepers }, async (_, name) => {
          const keeper = await keeperOf()
          const project = await store.project('shared')
          for (let round = 0; round < rounds; round++) {
            const drafts = [0, 1, 2].map((place) => sampleDraft(place, { key: `${name}/${round}/${place}` }))
            await project.stageEntries(drafts)
            expect(await keeper.seal()).toMatchObject({ unsigned: null, unsent: [] })
          }
        }),
      )
      const keeper = await keeperOf()
      const project = await store.project('shared')
      const { origin, checkpoint, size } = await keeper.seal()
      const publicKey = await keeper.publicKey()
      if (!origin || !checkpoint || !publicKey) throw new Error('The ledger is empty.')
      expect(size).toBe(1 + keepers * rounds * 3)
      const [folder = ''] = await readdir(sent)
      const files = await readdir(join(sent, folder))
      const older = await Promise.all(files.map((file) => readFile(join(sent, folder, file), 'utf8')))
      const lines: Uint8Array[] = []
      for await (const line of exportWhole({ project, origin, checkpoint, publicKey }))
        lines.push(Buffer.from(line))
      const found = await verifyExport(lines, { sha256, verify: verifyEd25519, keys: [publicKey], older })
      expect(found).toMatchObject({ ok: true, entries: size })
    } finally {
      await close()
    }
  })
})
