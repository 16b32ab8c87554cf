import type { ProjectStore } from '@trueup/core'
import type { Kysely } from 'kysely'
import type { Scope, Tables } from './tables.ts'

/** What checks write by single statements, outside of any transaction of their own. */
const singleStatements = [
  'setPhase',
  'setPart',
  'addRequests',
  'forgetReadings',
  'writePointedCustomers',
  'keepShapes',
  'rowCounts',
  'stageEntries',
] as const

/**
 * A project's store all of whose writes are kept only while something holds, which is asked in the transaction of each
 * write.
 *
 * @param requireHeld Throws where it does not, and keeps it so until the transaction ends.
 */
export function fencedStore(
  scope: Scope,
  storeOn: (scope: Scope) => ProjectStore,
  requireHeld: (tx: Kysely<Tables>) => Promise<void>,
): ProjectStore {
  const store = storeOn({ ...scope, db: withFencedTransactions(scope.db, requireHeld) })
  const fenced = singleStatements.map((name) => {
    const write = (...args: readonly unknown[]) =>
      scope.db.transaction().execute(async (tx) => {
        await requireHeld(tx)
        return await Reflect.apply(storeOn({ ...scope, db: tx })[name], null, args)
      })
    return [name, write] as const
  })
  return { ...store, ...Object.fromEntries(fenced) }
}

/** The same database, in each transaction of which something is asked first. */
function withFencedTransactions(
  db: Kysely<Tables>,
  requireHeld: (tx: Kysely<Tables>) => Promise<void>,
): Kysely<Tables> {
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'transaction') {
        const found: unknown = Reflect.get(target, name, target)
        return typeof found === 'function' ? found.bind(target) : found
      }
      return () => ({
        execute: <Answer>(work: (tx: Kysely<Tables>) => Promise<Answer>) =>
          target.transaction().execute(async (tx) => {
            await requireHeld(tx)
            return await work(tx)
          }),
      })
    },
  })
}
