import pg from 'pg'

/** What somebody who writes to a table noticed. */
export interface Written {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/**
 * Updates one row after the other, each of its own choosing, for so long.
 *
 * @param perSecond Statements a second, as an app with some users sends them; `null`: as many as it can.
 */
export async function write(
  server: { readonly folder: string; readonly port: number },
  { rows, perSecond, seconds }: { rows: number; perSecond: number | null; seconds: number },
): Promise<Written> {
  const client = new pg.Client({
    host: server.folder,
    port: server.port,
    user: 'postgres',
    database: 'postgres',
  })
  await client.connect()
  const took: number[] = []
  const startedAt = performance.now()
  for (let count = 0; performance.now() - startedAt < seconds * 1000; count++) {
    const due = perSecond === null ? 0 : startedAt + (count * 1000) / perSecond
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    const id = 1 + Math.floor(Math.random() * rows)
    const sentAt = performance.now()
    await client.query({
      name: 'touch',
      text: 'update users set last_seen_at = now() where id = $1',
      values: [id],
    })
    took.push(performance.now() - sentAt)
  }
  const total = (performance.now() - startedAt) / 1000
  await client.end()
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { perSecond: took.length / total, p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The medians of several turns. */
export function medianOf(turns: readonly Written[]): Written {
  const of = (value: (turn: Written) => number) => median(turns.map(value))
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
