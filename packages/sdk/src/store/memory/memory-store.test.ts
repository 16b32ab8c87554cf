import type { BillingStore } from '../store.ts'
import { storeContract } from '../store-contract.ts'
import type { MemoryTransaction } from './memory-store.ts'
import { memoryStore } from './memory-store.ts'

storeContract('memory', async () => {
  let current = memoryStore()
  const store: BillingStore<MemoryTransaction> = {
    unit: (act) => current.unit(act),
    within: () => store,
    subject: (subject) => current.subject(subject),
  }
  return {
    store,
    clear: async () => {
      current = memoryStore()
    },
    close: async () => undefined,
    inTransaction: null,
  }
})
