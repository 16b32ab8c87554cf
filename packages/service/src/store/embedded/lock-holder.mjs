// A process of its own for the test that kills one: holds the folder named by its argument without end.
import { createJiti } from 'jiti'

/** @type {typeof import('./lock.ts')} */
const { lockFolder } = await createJiti(import.meta.url).import('./lock.ts')
await lockFolder(process.argv[2] ?? '', { now: () => new Date('2026-01-15T12:00:00Z') })
process.send?.('held')
process.on('message', () => {})
