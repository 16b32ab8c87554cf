import { storeContract } from './contract/index.ts'
import { openStore } from './index.ts'

storeContract('embedded, in memory', () => openStore({ home: null, clock: { now: () => new Date() } }))
