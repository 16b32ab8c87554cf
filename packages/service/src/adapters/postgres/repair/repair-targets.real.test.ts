import type { RepairTarget } from '@trueup/core'
import { describe } from 'vitest'
import { createRepairDatabase, type RepairDatabase } from '../../../../../../test/support/repair-database.ts'
import { type RepairWorld, repairTargetContract } from '../../repair-target-contract.ts'
import { systemClock } from '../../system.ts'
import { createFunctionTarget } from './function-target.ts'
import { plainRoleSql } from './plain-role-sql.ts'
import { createPlainRoleTarget } from './plain-role-target.ts'
import { repairFunctionSql } from './repair-function-sql.ts'
import type { RepairTable } from './repair-policy.ts'

const users: RepairTable = {
  schema: 'public',
  table: 'users',
  key: 'id',
  columns: [
    { column: 'plan', rule: { kind: 'any-of', values: ['free', 'pro'] } },
    { column: 'premium', rule: { kind: 'flag' } },
  ],
}

describe('the repair function of a database', () => {
  repairTargetContract(
    { memory: 'journal', isAtomic: true, hasCap: true, knowsMapping: true },
    async ({ capAnHour }) => {
      const database = await createRepairDatabase()
      await database.owner(repairFunctionSql({ tables: [users], capAnHour, role: database.role }))
      const connection = database.connect(database.role)
      return worldOf(database, () => createFunctionTarget({ source: 'app', connection }))
    },
  )
})

describe('a plain role of a database', () => {
  repairTargetContract(
    { memory: 'none', isAtomic: true, hasCap: true, knowsMapping: true },
    async ({ capAnHour }) => {
      const database = await createRepairDatabase()
      await database.owner(plainRoleSql({ tables: [users], role: database.role }))
      const connection = database.connect(database.role)
      return worldOf(database, () => openPlain(connection, capAnHour))
    },
  )
})

function openPlain(connection: ReturnType<RepairDatabase['connect']>, capAnHour: number): RepairTarget {
  return createPlainRoleTarget({
    source: 'app',
    connection,
    tables: [users],
    clock: systemClock,
    countApplied: async () => 0,
    capAnHour,
  })
}

function worldOf(database: RepairDatabase, open: () => RepairTarget): RepairWorld {
  let added = 0
  return {
    open,
    container: 'public.users',
    missing: 'nobody',
    fields: { plan: 'plan', premium: 'premium' },
    forbiddenField: 'email',
    async add({ plan, premium }) {
      const id = `u_${++added}`
      await database.owner(
        "insert into public.users (id, plan, premium, email) values ($1, $2, $3, 'a@example.com')",
        [id, plan, premium],
      )
      return id
    },
    async read(record) {
      const { rows } = await database.owner('select plan, premium, email from public.users where id = $1', [
        record,
      ])
      return rows[0] ?? {}
    },
    async write(record, field, value) {
      await database.owner(`update public.users set ${field} = $2 where id = $1`, [record, value])
    },
    now: () => systemClock.now(),
    loseNextAnswer: () => database.loseNextCommit(),
    close: () => database.close(),
  }
}
