// The thread that PGlite runs in: a statement holds up its own thread only. Plain JavaScript, since a worker is loaded
// by Node itself. Takes `{ id, bytes }` in PostgreSQL's protocol, gives `{ id, bytes }` or `{ id, failure }` back.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'

if (!parentPort) throw new Error('pglite-worker.mjs runs in a worker thread only.')
const port = parentPort

// Shared buffers and the hashes of joins lie in the memory of the WASM module, which never shrinks; the system caches
// the files anyway. The rest bounds what the log may hold, and keeps the compiler from working on statements that take
// milliseconds.
const settings = [
  'shared_buffers=32MB',
  'wal_buffers=1MB',
  'work_mem=4MB',
  'hash_mem_multiplier=1',
  'maintenance_work_mem=16MB',
  'max_wal_size=512MB',
  'min_wal_size=32MB',
  'jit=off',
]

const database = await PGlite.create({
  ...(workerData.folder === null ? {} : { dataDir: workerData.folder }),
  ...(isNew(workerData.folder) ? archived(workerData.beginning) : {}),
  startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
})
const { rows } = await database.query('show server_version')
port.postMessage({ ready: /** @type {any} */ (rows[0]).server_version })

/** @param {string | null} folder */
function isNew(folder) {
  return folder === null || !existsSync(join(folder, 'PG_VERSION'))
}

/**
 * Where there is no archive PGlite makes the files itself, which takes seconds.
 * @param {string | null} archive
 */
function archived(archive) {
  if (archive === null || !existsSync(archive)) return {}
  return { loadDataDir: new Blob([brotliDecompressSync(readFileSync(archive))]) }
}

/** One message at a time, in the order in which they came. */
let turn = Promise.resolve()
port.on('message', (/** @type {{ id: number, bytes: Uint8Array } | 'archive' | 'close'} */ message) => {
  turn = turn.then(() => {
    if (message === 'close') return close()
    return message === 'archive' ? archive() : answer(message)
  })
})

async function archive() {
  // Whoever begins from it then has nothing to make up for.
  await database.exec('checkpoint')
  const archive = await database.dumpDataDir('none')
  port.postMessage({ archive: new Uint8Array(await archive.arrayBuffer()) })
}

async function close() {
  await database.close()
  port.postMessage({ closed: true })
}

/** @param {{ id: number, bytes: Uint8Array }} message */
async function answer({ id, bytes }) {
  try {
    const given = await database.execProtocolRaw(bytes)
    // The answer is a view of the module's memory; a copy can be handed over without another one.
    const copy = given.slice()
    // The last message says whether a transaction is open: ReadyForQuery, five bytes and its state.
    const isIdle = copy.at(-6) === 'Z'.charCodeAt(0) && copy.at(-1) === 'I'.charCodeAt(0)
    port.postMessage({ id, bytes: copy }, [copy.buffer])
    if (isIdle) await limitLog(bytes.length)
  } catch (error) {
    port.postMessage({ id, failure: error instanceof Error ? error.message : String(error) })
  }
}

let bytesTaken = 0
let statementsTaken = 0
let checkpointAt = 0

/**
 * A PostgreSQL of one process makes no checkpoints of its own before it ends: without these its log would grow by a
 * gigabyte in a check of a hundred thousand customers, and be read again after a kill.
 * @param {number} taken
 */
async function limitLog(taken) {
  bytesTaken += taken
  statementsTaken += 1
  if (bytesTaken < workerData.logBytes / 64 && statementsTaken < 200) return
  bytesTaken = 0
  statementsTaken = 0
  const written = await database.query("select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes")
  const { bytes } = /** @type {{ bytes: number }} */ (written.rows[0])
  if (bytes - checkpointAt < workerData.logBytes) return
  await database.exec('checkpoint')
  checkpointAt = bytes
}
