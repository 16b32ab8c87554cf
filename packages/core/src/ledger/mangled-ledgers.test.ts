import { describe, expect, test } from 'vitest'
import { sampleSigner, sha256, verifySignature } from '../../../../test/support/ledger-samples.ts'
import type { LedgerFile } from '../../../../test/support/mangle-ledger.ts'
import { honestFile, mangledFile, manglings } from '../../../../test/support/mangle-ledger.ts'
import { verifyExport } from './verify-export.ts'

const seeds = 12
const keys = [sampleSigner('first')]

const verify = ({ bytes, older }: LedgerFile) =>
  verifyExport(linesOf(bytes), { sha256, verify: verifySignature, keys, older })

function* linesOf(bytes: Buffer): Generator<Uint8Array> {
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    yield bytes.subarray(start, end)
    start = end + 1
  }
  if (start < bytes.length) yield bytes.subarray(start)
}

describe('whatever is done to an export is found', () => {
  for (const mangling of manglings) {
    test(`${mangling}, and the entry is named where it can be told`, async () => {
      for (let seed = 0; seed < seeds; seed++) {
        const file = mangledFile(seed, mangling)
        const found = await verify(file)
        expect(found.ok, `${seed} ${file.how}`).toBe(false)
        if (file.sequence === undefined || found.ok) continue
        expect(found.problem.sequence, `${seed} ${file.how} ${found.problem.code}`).toBe(file.sequence)
      }
    })
  }

  test('and nothing is found where nothing was done', async () => {
    for (let seed = 0; seed < 20; seed++) expect(await verify(honestFile(seed))).toMatchObject({ ok: true })
  })
})
