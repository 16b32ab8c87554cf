import type { AccessStep, AccessStepStore, LookAtAll } from '../access-step-store.ts'
import { joinStateKeys } from '../check/access-state.ts'
import { isReadWhole } from '../check/progress.ts'
import type { MemoryCheck } from './store-check.ts'
import { customerOfKey } from './store-pair.ts'

/** What was promised and granted over time, in memory. */
export function accessStepsInMemory(
  checks: ReadonlyMap<string, MemoryCheck>,
  checkOf: (checkId: string) => MemoryCheck,
): AccessStepStore {
  const steps = new Map<string, AccessStep[]>()
  const keep = (step: AccessStep) => {
    const earlier = steps.get(step.pairKey) ?? []
    const last = earlier.at(-1)
    if ((last?.state ?? null) === step.state || (last && last.seenAt >= step.seenAt)) return
    steps.set(step.pairKey, [...earlier, step])
  }
  return {
    async keepAccessSteps(checkId) {
      const check = checkOf(checkId)
      if (!keepsSteps(check)) return
      const { run } = check
      const now = statesOf(check)
      const gone = [...steps.keys()].filter((key) => !now.has(key))
      for (const pairKey of [...now.keys(), ...gone]) {
        const state = now.get(pairKey) ?? null
        const facts = state?.startsWith('[') ? factsOf(check, pairKey) : null
        if (state !== null || gone.includes(pairKey)) {
          keep({ pairKey, seenAt: run.asOf, checkId: run.id, state, facts })
        }
      }
    },
    async accessSteps(pairKeys, limit) {
      return pairKeys.toSorted().flatMap((key) => (steps.get(key) ?? []).slice(-limit))
    },
    async looksAtAll(before, limit) {
      return [...checks.values()]
        .map(({ run }) => run)
        .filter((run) => run.kind === 'full' && !run.dryRun && run.finishedAt !== null && run.asOf < before)
        .map((run): LookAtAll => ({ checkId: run.id, at: run.asOf, complete: isWhole(run.parts) }))
        .toSorted((a, b) => a.at.getTime() - b.at.getTime())
        .slice(-limit)
    },
    async keepAccessStates(seen, seenAt, checkId) {
      for (const { pairKey, state } of seen) keep({ pairKey, seenAt, checkId, state, facts: null })
    },
  }
}

function keepsSteps({ run }: MemoryCheck): boolean {
  return run.kind === 'full' && !run.dryRun && isWhole(run.parts)
}

function isWhole(parts: MemoryCheck['run']['parts']): boolean {
  const states = Object.values(parts)
  return states.length > 0 && states.every(isReadWhole)
}

function statesOf(check: MemoryCheck): ReadonlyMap<string, string | null> {
  const { linkedCustomers } = check.view()
  const states = new Map<string, string | null>()
  for (const key of check.subjects.keys()) {
    const keys = check.readings(key).flatMap((reading) => reading.key ?? [])
    states.set(key, check.findings.get(key)?.accessState ?? (keys.length > 0 ? joinStateKeys(keys) : null))
  }
  for (const [key, { accessState }] of check.findings) {
    const customerId = customerOfKey(key)
    if (customerId !== null && !linkedCustomers.has(customerId)) states.set(key, accessState ?? null)
  }
  return states
}

function factsOf(check: MemoryCheck, key: string): AccessStep['facts'] {
  const { linksBySubject, factsByCustomer } = check.view()
  const customerId = customerOfKey(key)
  const ids =
    customerId === null ? (linksBySubject.get(key) ?? []).map((link) => link.customerId) : [customerId]
  return ids
    .flatMap((id) => factsByCustomer.get(id) ?? [])
    .map(({ fact }) => fact)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
