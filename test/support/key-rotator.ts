import { systemClock, systemRandomBytes } from '../../packages/service/src/adapters/system.ts'
import { readEnvironment } from '../../packages/service/src/environment.ts'
import { openDatabase } from '../../packages/service/src/store/index.ts'
import { keyRingSource } from '../../packages/service/src/vault/key-ring-source.ts'
import { openVault } from '../../packages/service/src/vault/open-vault.ts'
import { retireMasterKey, rotateKeys } from '../../packages/service/src/vault/rotate-keys.ts'

/*
 * A process that changes keys and ends as a power cut would at the edge whose number it is given. It says each edge
 * that it reaches.
 */

const [edge = '0', retire = ''] = process.argv.slice(2)
const environment = readEnvironment(process.env)
const ports = { clock: systemClock, randomBytes: systemRandomBytes }
const database = await openDatabase({ databaseUrl: environment.databaseUrl, home: null, clock: systemClock })
const vault = await openVault({ database, keys: keyRingSource(environment, ports), ...ports })
let reached = 0
const rotation = await rotateKeys({
  database,
  vault,
  randomBytes: systemRandomBytes,
  reseal: true,
  async reached(point) {
    await new Promise<void>((told) => process.stdout.write(`${point}\n`, () => told()))
    reached += 1
    if (reached === Number(edge)) process.kill(process.pid, 'SIGKILL')
  },
})
if (retire !== '') await retireMasterKey({ database, vault, clock: systemClock }, retire)
process.stdout.write(`${JSON.stringify(rotation)}\n`)
await database.close()
