import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LedgerVerification } from '@trueup/core'
import { formatNoteKey, verifyExport } from '@trueup/core'
import type { CheckDependencies } from '../../check/check-dependencies.ts'
import { sha256, verifyEd25519 } from '../../ledger/ed25519.ts'
import { exportWhole } from '../../ledger/export-ledger.ts'
import type { LedgerKeeper } from '../../ledger/ledger-keeper.ts'
import { readLines } from '../../ledger/read-lines.ts'

/** An export of the ledger, and what verifying it offline says: as it is, and after somebody changed one word. */
export interface LedgerProof {
  readonly publicKey: string
  readonly asItIs: LedgerVerification
  /** The word that was changed, and into what. */
  readonly forged: { readonly from: string; readonly to: string }
  readonly afterForging: LedgerVerification
}

/**
 * Seals the ledger, exports it to a file, and verifies that file with the public key alone; then changes the name of
 * whoever approved the repair in the file and verifies it again. The file goes away afterwards.
 */
export async function proveLedger(
  { project, ledger }: Pick<CheckDependencies, 'project'> & { readonly ledger: LedgerKeeper },
  forged: LedgerProof['forged'],
): Promise<LedgerProof> {
  const { origin, checkpoint } = await ledger.seal()
  const key = await ledger.publicKey()
  if (!origin || !checkpoint || !key)
    throw new Error('A ledger with entries has a name, a key and a checkpoint.')
  const lines: string[] = []
  for await (const line of exportWhole({ project, origin, checkpoint, publicKey: key })) lines.push(line)
  const folder = await mkdtemp(join(tmpdir(), 'trueup-ledger-'))
  const file = join(folder, 'ledger.ndjson')
  const verify = () => verifyExport(readLines(file), { sha256, verify: verifyEd25519, keys: [key] })
  try {
    await writeFile(file, `${lines.join('\n')}\n`)
    const asItIs = await verify()
    await writeFile(file, `${lines.join('\n').replace(forged.from, forged.to)}\n`)
    return { publicKey: formatNoteKey(key), asItIs, forged, afterForging: await verify() }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
