import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type { Server } from 'node:net'
import { connect, createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@trueup/core'
import { StoreError } from '../store-error.ts'

/** A folder held by this process. */
export interface FolderLock {
  release(): Promise<void>
}

/**
 * Takes a folder for this process alone, until it is released or the process ends in whatever way.
 *
 * The lock is a listening socket, since the system closes it with its process: a lock file would outlive a kill, and
 * the process id in it says nothing to a process in another container that has the same folder. A socket that nobody
 * listens on any more was left by a process that was killed, and is taken over.
 *
 * @throws StoreError `locked` when another process holds the folder
 */
export async function lockFolder(folder: string, clock: Clock): Promise<FolderLock> {
  const address = socketOf(folder)
  const holderFile = join(folder, 'holder.json')
  const server = await hold(address, holderFile).catch((error: unknown) => {
    address.done()
    throw error
  })
  const holder: Holder = { pid: process.pid, host: hostname(), since: clock.now().toISOString() }
  writeFileSync(holderFile, JSON.stringify(holder), { mode: 0o600 })
  return {
    async release() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      address.done()
    },
  }
}

interface Address {
  readonly path: string
  /** A name that only one process can have while it removes what a killed one left; `null` where there is none. */
  readonly turn: string | null
  readonly done: () => void
}

async function hold(address: Address, holderFile: string): Promise<Server> {
  const first = await listen(address.path)
  if (first) return first
  // Two that find the same dead socket must not remove each other's new one.
  const turn = address.turn === null ? null : await listen(address.turn)
  try {
    const isTaken = (address.turn !== null && !turn) || (await isAnswered(address.path))
    if (!isTaken) {
      unlinkSync(address.path)
      const server = await listen(address.path)
      if (server) return server
    }
  } finally {
    turn?.close()
  }
  throw held(holderFile)
}

/** A server at this address; `null` when there is one already. */
async function listen(path: string): Promise<Server | null> {
  return await new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen({ path, exclusive: true }, () => resolve(server))
    server.unref()
  })
}

async function isAnswered(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Whatever else is wrong, a socket that cannot be shown to be dead counts as held.
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
    })
  })
}

/**
 * Where the socket of a folder is. On Linux it lies in the folder and is reached through an open descriptor of the
 * folder, because the path of a socket may have no more than 107 bytes; other systems name it after the folder.
 */
function socketOf(folder: string): Address {
  const { dev, ino } = statSync(folder)
  if (process.platform === 'linux') {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
    return {
      path: `/proc/self/fd/${descriptor}/lock`,
      turn: `\0trueup-${dev}-${ino}`,
      done: () => closeSync(descriptor),
    }
  }
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\trueup-${encodeURIComponent(realpathSync(folder))}`
      : join(tmpdir(), `trueup-${dev}-${ino}.lock`)
  return { path, turn: null, done: () => {} }
}

function held(holderFile: string): StoreError {
  return new StoreError({
    code: 'locked',
    message: `The embedded database is in use by ${holderIn(holderFile)}, and only one process at a time can open it.`,
    fix: 'Stop that process, use another folder (TRUEUP_HOME), or let both use a PostgreSQL server (DATABASE_URL).',
    retryable: true,
  })
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** The file says who took the folder last; it may be missing for the moment between taking and saying so. */
function holderIn(holderFile: string): string {
  try {
    const { pid, host, since }: Holder = JSON.parse(readFileSync(holderFile, 'utf8'))
    return `process ${pid}${host === hostname() ? '' : ` on ${host}`} since ${since}`
  } catch {
    return 'another process'
  }
}
