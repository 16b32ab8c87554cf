// The thread that PGlite runs in: a statement holds up its own thread only. Plain JavaScript, since a worker is loaded
// by Node itself. Takes `{ id, bytes }` in PostgreSQL's protocol, gives `{ id, bytes }` or `{ id, failure }` back.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

if (!parentPort) throw new Error('pglite-worker.mjs runs in a worker thread only.')
const port = parentPort

// Shared buffers lie in the memory of the WASM module, which never shrinks; the system caches the files anyway. The
// rest bounds what the log may hold, and keeps the compiler from working on statements that take milliseconds.
const settings = [
  'shared_buffers=24MB',
  'wal_buffers=1MB',
  'work_mem=8MB',
  'maintenance_work_mem=16MB',
  'max_wal_size=192MB',
  'min_wal_size=32MB',
  'jit=off',
]

const database = await PGlite.create({
  ...(workerData.folder === null ? {} : { dataDir: workerData.folder }),
  startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
})
const { rows } = await database.query('show server_version')
port.postMessage({ ready: /** @type {any} */ (rows[0]).server_version })

port.on('message', async (/** @type {{ id: number, bytes: Uint8Array } | 'close'} */ message) => {
  if (message === 'close') {
    await database.close()
    port.postMessage({ closed: true })
    return
  }
  try {
    const answer = await database.execProtocolRaw(message.bytes)
    // The answer is a view of the module's memory; a copy can be handed over without another one.
    const bytes = answer.slice()
    port.postMessage({ id: message.id, bytes }, [bytes.buffer])
  } catch (error) {
    port.postMessage({ id: message.id, failure: error instanceof Error ? error.message : String(error) })
  }
})
