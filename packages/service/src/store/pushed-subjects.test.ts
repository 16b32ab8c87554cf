import { createMemoryStore } from '@trueup/core'
import { pushedSubjectsContract } from './contract-pushed-subjects.ts'

pushedSubjectsContract('in memory', async () => createMemoryStore())
