import { PGlite } from '@electric-sql/pglite'
import type { PgClient } from '@trueup/sdk/postgres'
import type { Database } from './database.ts'

type Row = Readonly<Record<string, unknown>>

/** A PostgreSQL inside of this process, for trying the app without one. It has one session, so clients take turns. */
export async function openEmbedded(): Promise<Database> {
  const engine = await PGlite.create()
  let turn: Promise<void> = Promise.resolve()
  const connect = async (): Promise<PgClient> => {
    const before = turn
    let end: () => void = () => undefined
    turn = new Promise((resolve) => {
      end = resolve
    })
    await before
    return { query: (text, values) => engine.query<Row>(text, values), release: () => end() }
  }
  return {
    pool: {
      connect,
      async query(text, values) {
        const client = await connect()
        try {
          return await client.query(text, values)
        } finally {
          client.release()
        }
      },
    },
    close: () => engine.close(),
  }
}
