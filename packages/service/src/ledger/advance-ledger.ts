import type { LedgerStore } from '@trueup/core'
import { LedgerError } from './ledger-error.ts'
import type { LedgerKeeper, LedgerState } from './ledger-keeper.ts'

/**
 * Numbers what was staged, so that an act is seen in the ledger at once by whoever reads it next. What keeps the ledger
 * from being signed does not keep it from being read, and is said in `unsigned`.
 */
export async function advanceLedger(
  ledger: LedgerKeeper,
  project: Pick<LedgerStore, 'ledgerHead' | 'checkpoint'>,
): Promise<LedgerState> {
  try {
    return await ledger.advance()
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    const [origin, { size }, checkpoint] = await Promise.all([
      ledger.origin(),
      project.ledgerHead(),
      project.checkpoint(),
    ])
    return { origin, size, checkpoint, unsigned: error, unsent: [] }
  }
}
