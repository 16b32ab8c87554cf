import type { CheckCounts, CheckRun } from '../check/progress.ts'
import { isReadWhole } from '../check/progress.ts'
import type { LedgerDraft } from './draft.ts'

/** What the ledger holds of a check that begins. A dry run leaves no trace there, as it leaves none elsewhere. */
export function checkStarted(run: CheckRun): readonly LedgerDraft[] {
  if (run.dryRun) return []
  return [
    {
      ...ofCheck(run),
      key: `check-started:${run.id}`,
      act: 'check-started',
      at: run.startedAt,
      facts: {
        kind: run.kind,
        asOf: run.asOf.toISOString(),
        configFingerprint: run.configFingerprint,
      },
    },
  ]
}

/** What the ledger holds of a check that ends: what it counted, and how much of each source it had read. */
export function checkFinished(run: CheckRun, counts: CheckCounts, at: Date): readonly LedgerDraft[] {
  if (run.dryRun) return []
  const parts = Object.entries(run.parts)
  return [
    {
      ...ofCheck(run),
      key: `check-finished:${run.id}`,
      act: 'check-finished',
      at,
      facts: {
        complete: parts.every(([, part]) => isReadWhole(part)),
        counts: { ...counts },
        parts: Object.fromEntries(
          parts.map(([name, part]) => [name, part.state === 'failed' ? `failed: ${part.code}` : part.state]),
        ),
        requests: { ...run.requests },
      },
    },
  ]
}

function ofCheck(run: CheckRun): Pick<LedgerDraft, 'by' | 'about' | 'personal'> {
  return { by: `check:${run.id}`, about: { check: run.id }, personal: null }
}
