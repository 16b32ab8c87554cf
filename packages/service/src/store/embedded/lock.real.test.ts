import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './lock.ts'

const clock = { now: () => new Date('2026-01-15T12:00:00Z') }

describe('the lock of a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-lock-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  /** A process that holds the folder until it is killed. */
  const holder = async () => {
    const child = fork(join(import.meta.dirname, 'lock-holder.mjs'), [folder])
    await once(child, 'message')
    return child
  }
  const killed = async (child: Awaited<ReturnType<typeof holder>>) => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  it('is refused while another process lives, by its number, and free once that was killed', async () => {
    const child = await holder()
    await expect(lockFolder(folder, clock)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${child.pid} `),
    })
    await killed(child)
    await (await lockFolder(folder, clock)).release()
  })

  it('goes to exactly one of many that find what a killed process left', async () => {
    for (let round = 0; round < 10; round++) {
      await killed(await holder())
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, clock)))
      const taken = tries.flatMap((tried) => (tried.status === 'fulfilled' ? [tried.value] : []))
      const refused = tries.flatMap((tried) => (tried.status === 'rejected' ? [tried.reason.code] : []))
      expect(taken).toHaveLength(1)
      expect(refused).toEqual(Array.from({ length: 7 }, () => 'locked'))
      await taken[0]?.release()
    }
  })

  it('holds in a folder whose path is longer than that of a socket may be', async () => {
    const deep = join(folder, 'x'.repeat(100), 'y'.repeat(100))
    mkdirSync(deep, { recursive: true })
    const lock = await lockFolder(deep, clock)
    await expect(lockFolder(deep, clock)).rejects.toMatchObject({ code: 'locked' })
    await lock.release()
  })
})
