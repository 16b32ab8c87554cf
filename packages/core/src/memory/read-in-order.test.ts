import { describe, expect, test } from 'vitest'
import { readInOrder } from './read-in-order.ts'

interface Row {
  readonly id: string
}

/** Reads in pages of two, and does something to the rows between one page and the next. */
async function read(rows: Row[], between: (page: number) => void): Promise<readonly string[]> {
  const reading = { sent: () => {}, pageSize: 2 }
  const ids: string[] = []
  let page = 0
  for await (const { rows: read } of readInOrder(
    () => rows,
    (row: Row) => row.id,
    [],
    reading,
  )) {
    ids.push(...read.map(({ id }) => id))
    between(++page)
  }
  return ids
}

const rowsOf = (...ids: string[]): Row[] => ids.map((id) => ({ id }))

describe('rows in memory that change while they are read', () => {
  test('are read in the order of their ids whatever order they are kept in', async () => {
    expect(await read(rowsOf('c', 'a', 'e', 'b', 'd'), () => {})).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('are read where they come behind what was read', async () => {
    const rows = rowsOf('a', 'b', 'd')
    expect(await read(rows, (page) => page === 1 && rows.push({ id: 'c' }))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('are left out where they come before it', async () => {
    const rows = rowsOf('b', 'c', 'd')
    expect(await read(rows, (page) => page === 1 && rows.push({ id: 'a' }))).toEqual(['b', 'c', 'd'])
  })

  test('are left out where they went', async () => {
    const rows = rowsOf('a', 'b', 'c', 'd')
    expect(await read(rows, (page) => page === 1 && rows.pop())).toEqual(['a', 'b', 'c'])
  })

  test('are read where they took the place of others', async () => {
    const rows = rowsOf('a', 'b', 'c', 'd')
    const replace = (page: number) => page === 1 && rows.splice(2, 1, { id: 'e' })
    expect(await read(rows, replace)).toEqual(['a', 'b', 'd', 'e'])
  })
})
