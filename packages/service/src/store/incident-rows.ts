import type { Incident } from '@trueup/core'

/** An incident as it was written; those written before incidents could be assigned are nobody's. */
export function incidentIn({ incident }: { readonly incident: Incident }): Incident {
  const written: Incident & { readonly assignee: string | null | undefined } = incident
  return written.assignee === undefined ? { ...incident, assignee: null } : incident
}
