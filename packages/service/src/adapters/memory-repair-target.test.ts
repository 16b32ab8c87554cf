import type { MemoryRepairTarget } from '@trueup/core'
import { createMemoryRepairTarget } from '@trueup/core'
import { describe } from 'vitest'
import { type RepairWorld, repairTargetContract } from './repair-target-contract.ts'

const container = 'public.users'
const allowedPlans = ['free', 'pro']

describe('a repair target in memory', () => {
  repairTargetContract({ memory: 'journal', isAtomic: true, hasCap: true, knowsMapping: false }, (options) =>
    begin(options),
  )
})

describe('a repair target in memory without a journal', () => {
  repairTargetContract({ memory: 'none', isAtomic: true, hasCap: true, knowsMapping: false }, (options) =>
    begin({ ...options, keepsJournal: false }),
  )
})

async function begin(options: { capAnHour: number; keepsJournal?: boolean }): Promise<RepairWorld> {
  const now = new Date('2026-03-01T12:00:00Z')
  let isAnswerLost = false
  let added = 0
  const target: MemoryRepairTarget = createMemoryRepairTarget({
    ...options,
    clock: { now: () => now },
    records: { [container]: {} },
    allows: (_, { field, after }) =>
      field === 'plan' ? allowedPlans.includes(String(after)) : field === 'premium',
    breaks: (call) => {
      const isLost = isAnswerLost && call === 'apply'
      if (isLost) isAnswerLost = false
      return isLost ? 'after' : null
    },
  })
  return {
    open: () => target,
    container,
    missing: 'nobody',
    fields: { plan: 'plan', premium: 'premium' },
    forbiddenField: 'email',
    async add(fields) {
      const record = `u_${++added}`
      target.write(container, record, { ...fields })
      return record
    },
    read: async (record) => target.read(container, record) ?? {},
    async write(record, field, value) {
      target.write(container, record, { ...target.read(container, record), [field]: value })
    },
    now: () => now,
    loseNextAnswer: () => {
      isAnswerLost = true
    },
    close: async () => {},
  }
}
