import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that tests make their databases on, and the name of the database that each is a copy of. */
    readonly testDatabase: { readonly url: string; readonly template: string }
  }
}

/**
 * Makes one PostgreSQL ready for a run of the tests and says which: the server of `TEST_DATABASE_URL`, or a private
 * one. Runs once, before the first test file.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const cluster = given ? null : await startCluster()
  const url = given ?? cluster?.url ?? ''
  const template = `trueup_template_${process.pid}`
  const version = await ask(url, 'show server_version')
  process.stdout.write(
    `Tests use PostgreSQL ${version}, ${given ? 'the server of TEST_DATABASE_URL' : 'started for this run'}.\n`,
  )
  project.provide('testDatabase', { url, template })
  return async () => {
    if (cluster) await cluster.stop()
    else await ask(url, `drop database if exists "${template}" with (force)`)
  }
}

async function ask(url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, string>>(sql)
    return Object.values(rows[0] ?? {})[0] ?? ''
  } finally {
    await client.end()
  }
}
