import type { CheckRun } from '../check/progress.ts'
import type { Incident } from '../incident/incident.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type { Repair } from '../repair/repair.ts'
import { openRepairStates, writtenRepairStates } from '../repair/repair.ts'
import type { RepairSwitch } from '../repair/repair-brakes.ts'
import { isHold } from '../repair/repair-brakes.ts'
import type { RepairFilter, RepairStore } from '../repair/repair-store.ts'
import { compareText, pageOfKeys } from './store-order.ts'

/** What the records of repairs share with the rest of a store in memory. */
export interface MemoryRepairSurroundings {
  readonly incidents: Map<string, Incident>
  readonly stage: (entries: readonly LedgerDraft[]) => void
  /** The checks in the order in which they were begun, each with the incidents that it saw. */
  readonly checks: () => readonly { readonly run: CheckRun; readonly seenIncidents: ReadonlySet<string> }[]
  /** Switched off for all projects of the store. */
  readonly everywhere: { off: RepairSwitch | null }
}

const hourMs = 3_600_000

/** The records of repairs in memory: the model of what the stores on a database answer. */
export function memoryRepairs(around: MemoryRepairSurroundings): RepairStore {
  const { incidents, stage, checks, everywhere } = around
  const repairs = new Map<string, Repair>()
  let token = 0
  let off: RepairSwitch | null = null

  const switches = () => [everywhere.off, off].filter((held): held is RepairSwitch => held !== null)
  const holds = () => [...incidents.values()].filter(isHold).toSorted((a, b) => compareText(a.id, b.id))
  const isTaken = ({ incidentId, source, container, record, undoes }: Repair) =>
    [...repairs.values()].some(
      (other) =>
        openRepairStates.includes(other.state) &&
        other.incidentId === incidentId &&
        other.source === source &&
        other.container === container &&
        other.record === record &&
        other.undoes === undoes,
    )

  return {
    async repair(id) {
      return repairs.get(id) ?? null
    },
    async repairs(filter) {
      return [...repairs.values()]
        .toSorted(inOrderProposed)
        .filter((repair) => isMeant(repair, filter, repairs.get(filter.after ?? '') ?? null))
        .slice(0, filter.limit)
    },
    async addRepairs(proposed) {
      const kept: string[] = []
      for (const { repair, entries } of proposed) {
        if (repairs.has(repair.id) || isTaken(repair)) continue
        repairs.set(repair.id, repair)
        stage(entries)
        kept.push(repair.id)
      }
      return kept
    },
    async changeRepairs(ids, at, decide) {
      // What was decided shows to those decided after it, and goes back whole where one of them refuses.
      const before = new Map(repairs)
      const incidentsBefore = new Map(incidents)
      const entries: LedgerDraft[] = []
      try {
        const changed = ids.flatMap((id) => {
          const repair = repairs.get(id)
          if (!repair) return []
          token = Math.max(token + 1, at.getTime())
          const decision = decide({
            repair,
            incident: incidents.get(repair.incidentId) ?? null,
            switchedOff: switches(),
            holds: holds(),
            writesOfLastHour: writesTo(repair, [...repairs.values()], at),
            nextToken: token,
          })
          if (!decision) return [repair]
          repairs.set(id, decision.repair)
          if (decision.incident) incidents.set(decision.incident.id, decision.incident)
          entries.push(...decision.entries)
          return [decision.repair]
        })
        stage(entries)
        return changed
      } catch (error) {
        restore(repairs, before)
        restore(incidents, incidentsBefore)
        throw error
      }
    },
    async countWritten(source, container, field, since) {
      return [...repairs.values()].filter(
        (repair) =>
          writtenRepairStates.includes(repair.state) &&
          repair.state !== 'executing' &&
          repair.source === source &&
          repair.container === container &&
          repair.intendedAt !== null &&
          repair.intendedAt > since &&
          repair.changes.some((change) => change.field === field),
      ).length
    },
    async repairSwitches() {
      return switches()
    },
    async switchRepairs(scope, switched, entries) {
      if (scope === 'everywhere') everywhere.off = switched
      else off = switched
      stage(entries)
    },
    async repairHolds() {
      return holds()
    },
    async newestFinishedCheck({ filing }) {
      const finished = checks().filter(
        ({ run }) => run.kind === 'full' && run.finishedAt !== null && !(filing && run.dryRun),
      )
      return finished.at(-1)?.run ?? null
    },
    async incidentsSeenBy(checkId, after, limit) {
      const seen = checks().find(({ run }) => run.id === checkId)?.seenIncidents ?? new Set<string>()
      const open = [...seen].filter((id) => {
        const state = incidents.get(id)?.state
        return state === 'open' || state === 'acknowledged'
      })
      const page = pageOfKeys(open.toSorted(compareText), after, limit)
      return page.keys.flatMap((id) => incidents.get(id) ?? [])
    },
    async storeTime() {
      return null
    },
  }
}

function restore<Value>(map: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
  map.clear()
  for (const [key, value] of before) map.set(key, value)
}

function inOrderProposed(a: Repair, b: Repair): number {
  return a.proposedAt.getTime() - b.proposedAt.getTime() || compareText(a.id, b.id)
}

function isMeant(repair: Repair, filter: RepairFilter, after: Repair | null): boolean {
  return (
    (filter.states?.includes(repair.state) ?? true) &&
    (filter.incidentId === undefined || repair.incidentId === filter.incidentId) &&
    (filter.batchId === undefined || repair.batch?.id === filter.batchId) &&
    (filter.undoes === undefined || repair.undoes === filter.undoes) &&
    (filter.after === undefined || (after !== null && inOrderProposed(after, repair) < 0))
  )
}

function writesTo({ source, container, changes }: Repair, repairs: readonly Repair[], at: Date): number {
  const fields = new Set(changes.map(({ field }) => field))
  return repairs.filter(
    (other) =>
      writtenRepairStates.includes(other.state) &&
      other.source === source &&
      other.container === container &&
      other.intendedAt !== null &&
      other.intendedAt.getTime() > at.getTime() - hourMs &&
      other.changes.some(({ field }) => fields.has(field)),
  ).length
}
