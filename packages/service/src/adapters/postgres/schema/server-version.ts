import type { PostgresReader } from '../connection/index.ts'

/** The server's version as a number: 15.4 is 150004. Trueup knows the catalogs of 13 to 18. */
export async function readServerVersion(reader: PostgresReader): Promise<number> {
  const [row] = await reader.read<{ version: number }>(
    `select pg_catalog.current_setting('server_version_num')::int4 as version`,
  )
  return row?.version ?? 0
}

/** The database-wide collation has a version of its own from here on. */
export const databaseCollationVersions = 150_000
/** `MAINTAIN` is a privilege from here on. */
export const maintainPrivilege = 170_000
