import type { Incident, ProjectStore, RebuiltIncident } from '@trueup/core'
import { IncidentReplay, isAsRebuilt } from '@trueup/core'
import { readKept } from './read-back.ts'

const perPage = 1_000

/** How the records of incidents compare with what the ledger says of them. */
export interface RebuildReport {
  readonly entries: number
  /** Incidents that the ledger knows. */
  readonly incidents: number
  readonly same: number
  /** Ids of records that say something else than the ledger. */
  readonly different: readonly string[]
  /** Ids of incidents that the ledger knows and that have no record. */
  readonly missing: readonly string[]
  /** Ids of records that the ledger knows nothing of. They are never taken away. */
  readonly unknown: readonly string[]
  /** Ids of incidents of which something personal was erased, so that only what stands in the chain was compared. */
  readonly erased: readonly string[]
  /** Records that were written. */
  readonly written: number
}

/**
 * Builds the incidents again from the ledger and compares them with their records, one by one. With `write`, records
 * that differ or are missing are written as the ledger has them; what was erased cannot be, and stays.
 */
export async function rebuildIncidents(project: ProjectStore, write: boolean): Promise<RebuildReport> {
  const { size } = await project.ledgerHead()
  const replay = new IncidentReplay()
  for (let next = 0; next < size; ) {
    const page = await project.ledgerEntries(next, perPage)
    for (const kept of page) replay.take(readKept(kept, kept.sequence), kept.personal?.text ?? null)
    if (page.length === 0) break
    next += page.length
  }
  const rebuilt = replay.incidents
  const same: string[] = []
  const different: string[] = []
  const unknown: string[] = []
  const seen = new Set<string>()
  for await (const incident of allIncidents(project)) {
    const told = rebuilt.get(incident.id)
    seen.add(incident.id)
    const isSame = told && isAsRebuilt(incident, told)
    const list = isSame ? same : told ? different : unknown
    list.push(incident.id)
  }
  const missing = [...rebuilt.keys()].filter((id) => !seen.has(id))
  const restorable = [...different, ...missing].flatMap((id) => restored(rebuilt.get(id)))
  if (write) await project.saveIncidents(restorable, null, [])
  return {
    entries: size,
    incidents: rebuilt.size,
    same: same.length,
    different,
    missing,
    unknown,
    erased: [...rebuilt].filter(([, { erased }]) => erased).map(([id]) => id),
    written: write ? restorable.length : 0,
  }
}

function restored(told: RebuiltIncident | undefined): readonly Incident[] {
  return told && !told.erased ? [told.incident] : []
}

async function* allIncidents(project: ProjectStore): AsyncGenerator<Incident> {
  for (let after: string | undefined; ; ) {
    const page: readonly Incident[] = await project.incidents({
      limit: perPage,
      ...(after === undefined ? {} : { after }),
    })
    yield* page
    if (page.length < perPage) return
    after = page.at(-1)?.id
  }
}
