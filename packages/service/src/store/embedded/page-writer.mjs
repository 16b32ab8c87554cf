// A process of its own for the test that kills one: writes pages without end and tells after each that the store
// acknowledged it. Takes the home folder as its argument.
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const jiti = createJiti(import.meta.url, {
  alias: { '@trueup/core': fileURLToPath(new URL('../../../../core/src/index.ts', import.meta.url)) },
})
/** @type {typeof import('../index.ts')} */
const { openStore } = await jiti.import('../index.ts')
/** @type {typeof import('../contract/samples.ts')} */
const { aPage, beginCheck, observedCustomer } = await jiti.import('../contract/samples.ts')

const store = await openStore({
  home: process.argv[2] ?? '',
  clock: { now: () => new Date('2026-01-15T12:00:00Z') },
})
const project = await store.project('app')
const checkId = await beginCheck(project)
for (let page = 0; ; page++) {
  const customers = Array.from({ length: 50 }, (_, place) => observedCustomer(`cus_${page * 50 + place}`))
  const cursors = [{ id: 'a', position: String(page), done: false }]
  await project.writePage(checkId, aPage({ cursors, customers }))
  process.send?.({ checkId, page })
}
