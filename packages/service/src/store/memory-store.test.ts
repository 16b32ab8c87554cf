import { createMemoryStore } from '@trueup/core'
import { storeContract } from './contract/index.ts'

storeContract('in memory', async () => createMemoryStore())
