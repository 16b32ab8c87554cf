import type { CheckRun, PartState } from '../check/progress.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type { CheckPartsStore, Lease } from '../parts-store.ts'
import { advancing, LeaseLost } from '../parts-store.ts'
import type { Clock } from '../ports.ts'
import type { ProjectStore } from '../store.ts'
import { MemoryCheck } from './store-check.ts'

/** What checks in parts share with the rest of a store in memory. */
export interface MemoryUnitSurroundings {
  readonly checks: ReadonlyMap<string, MemoryCheck>
  readonly checkOf: (checkId: string) => MemoryCheck
  readonly nextCheck: () => number
  readonly keepCheck: (check: MemoryCheck) => void
  readonly stage: (entries: readonly LedgerDraft[]) => void
  /** By which leases run out; without one they never do. */
  readonly clock: Clock | null
  readonly store: () => ProjectStore
}

interface Unit {
  readonly number: number
  readonly source: string
  readonly part: string
  cursorIds: readonly string[] | null
  done: boolean
  token: number
  leasedUntil: number | null
  askedToShare: boolean
  rows: number
}

interface InParts {
  readonly acceptsChanges: boolean
  readonly units: Unit[]
  lastToken: number
}

/** Everything by which a step of a check writes. */
const writes = [
  'setPhase',
  'setPart',
  'addRequests',
  'finishCheck',
  'writePage',
  'writePointedCustomers',
  'match',
  'keepAccessSteps',
  'forgetReadings',
  'rowCounts',
  'keepShapes',
  'writeFindings',
  'saveIncidents',
  'changeIncidents',
  'stageEntries',
  'addUnits',
] as const

/** Full checks in parts in memory: the model of what the stores on a database answer. */
export function checkUnitsInMemory(around: MemoryUnitSurroundings): CheckPartsStore {
  const { checks, checkOf, stage, clock } = around
  const inParts = new Map<string, InParts>()
  const budgets = new Map<string, { tokens: number; countedAt: number }>()

  const nowMs = () => clock?.now().getTime() ?? 0
  const isOpen = (checkId: string) => {
    const check = checks.get(checkId)
    return check !== undefined && check.run.finishedAt === null && !check.abandoned
  }
  const isHeld = ({ leasedUntil }: Unit) => leasedUntil !== null && leasedUntil > nowMs()
  const held = (lease: Lease): Unit | null => {
    const unit = inParts.get(lease.checkId)?.units.find(({ number }) => number === lease.unit)
    return unit && unit.token === lease.token && !unit.done && isOpen(lease.checkId) ? unit : null
  }
  const requireHeld = (lease: Lease): Unit => {
    const unit = held(lease)
    if (!unit) throw new LeaseLost(lease)
    return unit
  }
  const unitsOf = (checkId: string): InParts => {
    const found = inParts.get(checkId)
    if (!found) throw new Error(`${checkId} is not a check in parts.`)
    return found
  }
  const add = (checkId: string, source: string, part: string, cursorIds: readonly string[] | null) => {
    const { units } = unitsOf(checkId)
    const rest = { done: false, token: 0, leasedUntil: null, askedToShare: false, rows: 0 }
    units.push({ number: units.length + 1, source, part, cursorIds, ...rest })
  }

  return {
    async startCheckInParts({ acceptsChanges, ...begun }, entriesOf) {
      for (const [id] of inParts) {
        const check = checks.get(id)
        if (check && isOpen(id)) check.abandoned = true
      }
      const place = around.nextCheck()
      const run: CheckRun = {
        id: `chk_${place}`,
        kind: 'full',
        ...begun,
        finishedAt: null,
        phase: 'read',
        parts: {},
        requests: {},
        counts: null,
      }
      const check = new MemoryCheck(place, run)
      check.isInParts = true
      around.keepCheck(check)
      inParts.set(run.id, { acceptsChanges, units: [], lastToken: 0 })
      add(run.id, advancing.source, advancing.part, null)
      stage(entriesOf(run))
      return run
    },
    async unfinishedCheckInParts(configFingerprint) {
      const open = [...inParts].filter(
        ([id]) => isOpen(id) && checks.get(id)?.run.configFingerprint === configFingerprint,
      )
      const last = open.at(-1)
      return last ? { check: checkOf(last[0]).run, acceptsChanges: last[1].acceptsChanges } : null
    },
    async checkInParts(checkId) {
      const found = inParts.get(checkId)
      return found ? { isOpen: isOpen(checkId), acceptsChanges: found.acceptsChanges } : null
    },
    async addUnits(checkId, parts) {
      const { units } = unitsOf(checkId)
      for (const { source, part } of parts) {
        if (!units.some((unit) => unit.source === source && unit.part === part))
          add(checkId, source, part, null)
      }
    },
    async leaseUnit(checkId, which, leaseMs) {
      const check = unitsOf(checkId)
      if (!isOpen(checkId)) return null
      const free = check.units.find(
        (unit) => (unit.source === '') === (which === 'advance') && !unit.done && !isHeld(unit),
      )
      if (!free) return null
      free.token = ++check.lastToken
      free.leasedUntil = nowMs() + leaseMs
      free.askedToShare = false
      const { number: unit, source, part, token, cursorIds } = free
      const run = checkOf(checkId)
      if (which === 'part' && !run.run.parts[`${source}/${part}`]) {
        run.setPart(source, part, { state: 'reading' })
      }
      const cursors = [...(run.cursors.get(`${source}/${part}`)?.values() ?? [])].filter(
        ({ id, done }) => cursorIds === null || (cursorIds.includes(id) && !done),
      )
      return { checkId, unit, source, part, token, cursors, isWhole: cursorIds === null }
    },
    async renewLease(lease, leaseMs) {
      const unit = held(lease)
      if (unit) unit.leasedUntil = nowMs() + leaseMs
      return unit !== null
    },
    async writeUnitPage(lease, page, { leaseMs, cursorIds, rows }) {
      const unit = requireHeld(lease)
      unit.leasedUntil = nowMs() + leaseMs
      unit.rows += rows
      unit.cursorIds = cursorIds ?? unit.cursorIds
      const check = checkOf(lease.checkId)
      check.writePage(page)
      if (page.requests) check.addRequests(page.source, page.requests)
      return { askedToShare: unit.askedToShare }
    },
    async divideUnit(lease, kept, given) {
      const unit = requireHeld(lease)
      unit.cursorIds = kept
      unit.askedToShare = false
      add(lease.checkId, lease.source, lease.part, given)
    },
    async askToShare(checkId, parts) {
      for (const unit of unitsOf(checkId).units) {
        if (!unit.done && isHeld(unit) && parts.includes(`${unit.source}/${unit.part}`))
          unit.askedToShare = true
      }
    },
    async endUnit(lease, end) {
      const unit = requireHeld(lease)
      unit.leasedUntil = null
      if (end.state === 'released') return
      unit.done = true
      if (lease.source === '') return
      const check = checkOf(lease.checkId)
      const ofPart = unitsOf(lease.checkId).units.filter(
        ({ source, part }) => source === lease.source && part === lease.part,
      )
      if (end.state !== 'done') {
        for (const each of ofPart) Object.assign(each, { done: true, leasedUntil: null })
        check.setPart(lease.source, lease.part, end)
      } else if (ofPart.every(({ done }) => done)) {
        check.setPart(lease.source, lease.part, { state: 'complete' })
      }
    },
    heldBy(lease) {
      const store = around.store()
      const fenced = writes.map((name) => {
        const write = async (...args: readonly unknown[]) => {
          requireHeld(lease)
          return await Reflect.apply(store[name], store, args)
        }
        return [name, write] as const
      })
      return { ...store, ...Object.fromEntries(fenced) }
    },
    async partProgress(checkId) {
      const { units } = unitsOf(checkId)
      const names = new Set(units.filter(({ source }) => source !== '').map(nameOf))
      return [...names].map((name) => {
        const own = units.filter((unit) => nameOf(unit) === name)
        const state: PartState | null = checkOf(checkId).run.parts[name] ?? null
        return {
          source: own[0]?.source ?? '',
          part: own[0]?.part ?? '',
          state,
          rows: own.reduce((sum, { rows }) => sum + rows, 0),
          pieces: own.length,
          piecesDone: own.filter(({ done }) => done).length,
          readers: own.filter((unit) => !unit.done && isHeld(unit)).length,
        }
      })
    },
    async drawRequests(source, count, perSecond) {
      const at = nowMs()
      const most = Math.max(1, perSecond / 5)
      const budget = budgets.get(source) ?? { tokens: most, countedAt: at }
      const passed = Math.max(0, at - budget.countedAt) / 1000
      const had = Math.min(most, budget.tokens + passed * perSecond)
      const drawn = Math.min(count, Math.floor(had))
      budgets.set(source, { tokens: had - drawn, countedAt: at })
      return { drawn, waitMs: drawn > 0 ? 0 : Math.ceil(((1 - had) / perSecond) * 1000) }
    },
  }
}

function nameOf({ source, part }: Unit): string {
  return `${source}/${part}`
}
