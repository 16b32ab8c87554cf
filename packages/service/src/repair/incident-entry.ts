import type { Incident, LedgerDraft, Repair, Transition } from '@trueup/core'
import { entriesOfIncidents } from '@trueup/core'

/** What a repair did to its incident, as the ledger's entries of it. */
export function incidentEntries(
  before: Incident,
  transition: Transition,
  actor: { readonly by: string; readonly at: Date },
  repair: Repair,
): readonly LedgerDraft[] {
  const drafts = entriesOfIncidents([{ ...transition, before }], { checkId: null, ...actor })
  return drafts.map((draft) => ({ ...draft, about: { ...draft.about, repair: repair.id } }))
}
