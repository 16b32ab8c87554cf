import type { Store } from '@trueup/core'
import { afterAll, beforeAll, describe } from 'vitest'
import { accessStepsContract } from './access-steps.ts'
import { checksContract } from './checks.ts'
import { differingContract } from './differing.ts'
import { exceptionsContract } from './exceptions.ts'
import { findingsContract } from './findings.ts'
import { incidentsContract } from './incidents.ts'
import { ledgerContract } from './ledger.ts'
import { matchingContract } from './matching.ts'
import type { NewProject } from './new-project.ts'
import { pairsContract } from './pairs.ts'
import { pushedSubjectsContract } from './pushed-subjects.ts'
import { repairsContract } from './repairs.ts'
import { sourcesContract } from './sources.ts'
import { unitsContract } from './units.ts'

/** What every store promises, whatever it keeps its rows in. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the store: ${name}`, () => {
    let store: Store
    let projects = 0
    const newProject: NewProject = () => store.project(`project-${++projects}`)
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    checksContract(newProject)
    matchingContract(newProject)
    differingContract(newProject)
    findingsContract(newProject)
    incidentsContract(newProject)
    exceptionsContract(newProject)
    ledgerContract(newProject)
    repairsContract(newProject)
    pairsContract(newProject)
    unitsContract(newProject)
    sourcesContract(newProject)
    accessStepsContract(newProject)
    pushedSubjectsContract(newProject)
  })
}
