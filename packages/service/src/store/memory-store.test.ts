import { createMemoryStore } from '@trueup/core'
import { storeContract } from './contract.ts'

storeContract('in memory', async () => createMemoryStore())
