import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { EmbeddedEngine } from './embedded/engine.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

/** Both come in as the owner of the tables, the embedded one as a superuser. */
const databases = {
  async PostgreSQL() {
    const database: TestDatabase = await createTestDatabase()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    return { client, drop: () => database.drop() }
  },
  async embedded() {
    const engine = await EmbeddedEngine.start(null)
    const client = new pg.Client({
      stream: () => engine.connect(),
      ssl: false,
      user: 'postgres',
      password: '',
    })
    await client.connect()
    await migrate(client, migrations)
    return { client, drop: () => engine.close() }
  },
}

for (const [name, open] of Object.entries(databases)) {
  describe(`entries and checkpoints in the database: ${name}`, () => {
    let client: pg.Client
    let drop: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      client = opened.client
      drop = opened.drop
      await client.query("insert into trueup.project (project_id) values ('p')")
      await client.query(
        `insert into trueup.ledger_entry (project_id, sequence, workspace_id, key, act, at, entry, hash)
          values ('p', 0, 'default', 'k', 'check-started', now(), '\\x00', '\\x00')`,
      )
      await client.query(
        `insert into trueup.ledger_checkpoint (project_id, size, workspace_id, root, range, note, signed_at)
          values ('p', 1, 'default', '\\x00', '\\x00', 'note', now())`,
      )
    })
    afterAll(async () => {
      await client.end()
      await drop()
    })

    for (const statement of [
      `update trueup.ledger_entry set entry = '\\x01'`,
      'update trueup.ledger_entry set sequence = 5 where sequence = 0',
      'delete from trueup.ledger_entry',
      'delete from trueup.ledger_entry where false',
      'truncate trueup.ledger_entry',
      'truncate trueup.project cascade',
      `update trueup.ledger_checkpoint set note = 'other'`,
      'delete from trueup.ledger_checkpoint',
      'truncate trueup.ledger_checkpoint',
      `insert into trueup.ledger_entry (project_id, sequence, workspace_id, key, act, at, entry, hash)
        values ('p', 0, 'default', 'k', 'check-started', now(), '\\x01', '\\x01')
        on conflict (project_id, sequence) do update set entry = excluded.entry`,
    ]) {
      it(`refuse their owner: ${statement.slice(0, 60).replaceAll(/\s+/g, ' ')}`, async () => {
        await expect(client.query(statement)).rejects.toMatchObject({
          // Refused by the grants, or where a superuser passes them, by the trigger.
          code: expect.stringMatching(/^(42501|23001)$/),
        })
        const { rows } = await client.query('select entry, sequence from trueup.ledger_entry')
        expect(rows).toEqual([{ entry: Buffer.from([0]), sequence: '0' }])
      })
    }

    it('refuse an owner who takes the right back, and in sessions that leave ordinary triggers out', async () => {
      await client.query('grant update, delete, truncate on trueup.ledger_entry to current_user')
      await expect(client.query('delete from trueup.ledger_entry')).rejects.toMatchObject({ code: '23001' })
      await client.query('set session_replication_role = replica')
      await expect(client.query('delete from trueup.ledger_entry')).rejects.toMatchObject({ code: '23001' })
      await expect(client.query('truncate trueup.ledger_entry')).rejects.toMatchObject({ code: '23001' })
      await client.query('reset session_replication_role')
    })

    it('grant their owner to add and to read, and no right to change', async () => {
      const { rows } = await client.query(
        `select privilege_type from information_schema.table_privileges
          where table_schema = 'trueup' and table_name = 'ledger_checkpoint'`,
      )
      const granted = rows.map((row) => row.privilege_type)
      expect(granted).toEqual(expect.arrayContaining(['INSERT', 'SELECT']))
      for (const right of ['UPDATE', 'DELETE', 'TRUNCATE']) expect(granted).not.toContain(right)
    })
  })
}
