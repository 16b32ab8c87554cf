import type { LedgerDraft, PushName, PushResult } from '@trueup/core'

/** What the ledger holds of an import or a full push: how much came and went, of nobody by name. */
export function importDraft({ source, push }: PushName, result: PushResult, by: string): LedgerDraft {
  const { mode, received, older, kept, before, after, finishedAt } = result
  return {
    key: `subjects-imported:${source}:${push}`,
    act: 'subjects-imported',
    at: finishedAt,
    by,
    about: { source },
    facts: { mode, received, older, kept, before, after },
    personal: null,
  }
}
