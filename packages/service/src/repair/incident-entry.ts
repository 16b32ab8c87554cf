import type { Incident, LedgerDraft, Repair } from '@trueup/core'
import { subjectKey } from '@trueup/core'

/** What a repair did to its incident, as the ledger's entry of it. */
export function incidentEntry(
  incident: Incident,
  act: 'incident-resolved' | 'incident-reopened',
  actor: { readonly by: string; readonly at: Date },
  repair: Repair,
): LedgerDraft {
  return {
    key: `incident:${incident.id}:${act}:repair:${repair.id}:${repair.version}`,
    act,
    ...actor,
    about: { incident: incident.id, repair: repair.id },
    facts: { state: incident.state, kind: incident.kind, openings: incident.openings },
    personal: {
      subject: subjectKey(repair.subject),
      ...(repair.customerId === null ? {} : { customer: repair.customerId }),
    },
  }
}
