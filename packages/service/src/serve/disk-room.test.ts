import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDiskRoom, judgeSpace, reserveBytes } from './disk-room.ts'

const gib = 1024 ** 3
const mib = 1024 ** 2

describe('a disk', () => {
  it.each([
    ['half empty', { free: 50 * gib, total: 100 * gib }, { isShort: false, reserve: 'keep' }],
    ['with a tenth left', { free: 10 * gib, total: 100 * gib }, { isShort: false, reserve: 'leave' }],
    ['with less than a tenth left', { free: 9 * gib, total: 100 * gib }, { isShort: true, reserve: 'leave' }],
    ['that is full', { free: 31 * mib, total: 100 * gib }, { isShort: true, reserve: 'give-up' }],
    [
      'too small for the reserve',
      { free: 100 * mib, total: 600 * mib },
      { isShort: false, reserve: 'leave' },
    ],
  ] as const)('%s', (_, space, judged) => expect(judgeSpace(space)).toEqual(judged))
})

describe('the reserve', () => {
  let folder: string
  let space = { free: 50 * gib, total: 100 * gib }
  const givenUp = vi.fn()
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-room-'))
    givenUp.mockClear()
  })
  afterEach(() => rm(folder, { recursive: true }))
  const room = () => createDiskRoom(folder, { spaceOf: async () => space, onGivenUp: givenUp })

  it('stands while there is room, is given up when the disk is full, once, and comes back', async () => {
    space = { free: 50 * gib, total: 100 * gib }
    await room().look()
    expect((await stat(join(folder, 'reserve'))).size).toBe(reserveBytes)
    expect(await room().readiness()).toEqual([])

    space = { free: 5 * mib, total: 100 * gib }
    await room().look()
    await room().look()
    expect(await readdir(folder)).toEqual([])
    expect(givenUp).toHaveBeenCalledTimes(1)
    expect(await room().readiness()).toEqual([
      'The disk of the database has less than a tenth of its room left.',
    ])

    space = { free: 50 * gib, total: 100 * gib }
    await room().look()
    expect((await stat(join(folder, 'reserve'))).size).toBe(reserveBytes)
  })

  it('reads the disk that holds the folder', async () => {
    const actual = createDiskRoom(folder, { onGivenUp: () => {} })
    expect((await actual.readiness()).length).toBeLessThanOrEqual(1)
  })
})
