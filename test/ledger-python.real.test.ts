import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, formatNoteKey, signingKeyChanged, verifyExport } from '@trueup/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLines } from '../packages/service/src/ledger/read-lines.ts'
import {
  enterSamples,
  exportOf,
  sampleDraft,
  sampleLedger,
  sampleSigner,
  sha256,
  verifySignature,
} from './support/ledger-samples.ts'
import type { LedgerFile } from './support/mangle-ledger.ts'
import { honestFile, mangledFile, manglings } from './support/mangle-ledger.ts'
import { pythonMissing, runPython } from './support/run-python.ts'

/*
 * A second implementation, in another language and with nothing in common but the specifications, says the same of
 * every ledger.
 */

const program = join(import.meta.dirname, 'verify_ledger.py')
const signer = sampleSigner('first')
const filesOfEach = 25

interface Said {
  readonly ok: boolean
  readonly code?: string
  readonly sequence?: number | null
  readonly entries?: number
}

describe.skipIf(pythonMissing !== null)(
  `the verifier in Python${pythonMissing ? ` (skipped: ${pythonMissing})` : ''}`,
  () => {
    let folder: string
    let written = 0
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'trueup-python-'))
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    /** Both verifiers over the same files, one process of Python for all. */
    async function bothOn(
      files: readonly LedgerFile[],
    ): Promise<readonly (readonly [ours: Said, theirs: Said])[]> {
      const jobs = files.map(({ bytes, older }) => {
        const path = join(folder, `${written++}.ndjson`)
        writeFileSync(path, bytes)
        return { path, older }
      })
      const key = formatNoteKey(signer)
      const script =
        'import sys, json; sys.path.insert(0, sys.argv[1]); import verify_ledger as v\n' +
        'keys = [v.parse_key(sys.argv[2])]\n' +
        'for line in sys.stdin:\n' +
        '    job = json.loads(line)\n' +
        '    print(json.dumps(v.verify(job["path"], keys, job["older"])))\n'
      const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('')
      const { lines } = runPython<Said>(['-c', script, import.meta.dirname, key], input)
      return await Promise.all(
        jobs.map(async ({ path, older }, place): Promise<readonly [Said, Said]> => {
          const ours = await verifyExport(readLines(path), {
            sha256,
            verify: verifySignature,
            keys: [signer],
            older,
          })
          const theirs = lines[place] ?? { ok: false, code: 'no answer' }
          if (ours.ok)
            return [
              { ok: true, entries: ours.entries },
              { ok: theirs.ok, entries: theirs.entries ?? -1 },
            ]
          return [{ ok: false, code: ours.problem.code, sequence: ours.problem.sequence }, theirs]
        }),
      )
    }

    test('finds every honest ledger to be what was signed', async () => {
      const files = Array.from({ length: filesOfEach }, (_, seed) => honestFile(seed))
      for (const [ours, theirs] of await bothOn(files)) {
        expect(theirs).toEqual(ours)
        expect(theirs.ok).toBe(true)
      }
    })

    for (const mangling of manglings) {
      test(`refuses what was mangled (${mangling}) for the same reason, and names the same entry`, async () => {
        const files = Array.from({ length: filesOfEach }, (_, seed) => mangledFile(seed, mangling))
        const said = await bothOn(files)
        for (const [place, [ours, theirs]] of said.entries()) {
          expect(theirs, `${place}: ${files[place]?.how}`).toEqual(ours)
          expect(theirs.ok).toBe(false)
        }
      })
    }

    test('follows a change of the signing key', async () => {
      const second = sampleSigner('second')
      const at = new Date('2026-02-01T00:00:00Z')
      const entries = enterSamples([signingKeyChanged(signer, second, at, 'me'), sampleDraft(1)])
      const rotated = { ...sampleLedger(0), entries, signer: second }
      const bytes = Buffer.from(`${exportOf(rotated).join('\n')}\n`)
      const [both] = await bothOn([{ bytes, older: [] }])
      expect(both).toEqual([
        { ok: true, entries: 2 },
        { ok: true, entries: 2 },
      ])
    })

    test('writes every number as RFC 8785 wants it', () => {
      const doubles = [
        0,
        5e-324,
        1e21,
        1e-7,
        123456789.125,
        333333333.3333333,
        1e23,
        2 ** 53,
        0.000001,
        4.5,
        1e-27,
      ]
      let bits = 1n
      for (let place = 0; place < 2_000; place++) {
        bits = (bits * 6364136223846793005n + 1442695040888963407n) & (2n ** 64n - 1n)
        const double = new DataView(new BigUint64Array([bits]).buffer).getFloat64(0, true)
        if (Number.isFinite(double)) doubles.push(double)
      }
      const script =
        'import sys, json; sys.path.insert(0, sys.argv[1]); import verify_ledger as v\n' +
        'for line in sys.stdin: print(json.dumps(v.canonical(json.loads(line))))\n'
      const input = doubles.map((double) => `${double}\n`).join('')
      const { lines } = runPython<string>(['-c', script, import.meta.dirname], input)
      expect(lines).toEqual(doubles.map((double) => canonicalJson(double)))
    })

    test('is a program of its own: 0 for what was signed, 1 for what was not, 2 for what it cannot read', () => {
      const path = join(folder, 'program.ndjson')
      const keyFile = join(folder, 'key')
      writeFileSync(keyFile, `${formatNoteKey(signer)}\n`)
      writeFileSync(path, honestFile(1).bytes)
      expect(runPython([program, path, '--key', keyFile])).toMatchObject({ status: 0, lines: [{ ok: true }] })
      writeFileSync(path, mangledFile(1, 'reword').bytes)
      expect(runPython([program, path, '--key', formatNoteKey(signer)])).toMatchObject({
        status: 1,
        lines: [{ ok: false }],
      })
      expect(() => runPython([program, join(folder, 'nowhere'), '--key', keyFile])).toThrow('nowhere')
    })
  },
)
