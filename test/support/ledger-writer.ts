import { join } from 'node:path'
import { systemClock, systemRandomBytes } from '../../packages/service/src/adapters/system.ts'
import { checkpointFolder } from '../../packages/service/src/ledger/checkpoint-sink.ts'
import { LedgerKeeper } from '../../packages/service/src/ledger/ledger-keeper.ts'
import { keysInHome } from '../../packages/service/src/ledger/signing-key.ts'
import { openStore } from '../../packages/service/src/store/index.ts'
import { sampleDraft } from './ledger-samples.ts'

/*
 * A process that enters acts, signs, and now and then changes its key, until somebody kills it. It says the key of
 * each act once the database has it.
 */

const [databaseUrl = '', home = '', run = ''] = process.argv.slice(2)
const store = await openStore({ databaseUrl, home, clock: systemClock })
const project = await store.project('killed')
const keeper = new LedgerKeeper({
  project,
  keys: keysInHome(home, systemRandomBytes),
  sinks: [checkpointFolder(join(home, 'sent'))],
  clock: systemClock,
  randomBytes: systemRandomBytes,
})
for (let round = 0; ; round++) {
  const drafts = Array.from({ length: 20 }, (_, place) => {
    return sampleDraft(place, { key: `${run}/${round}/${place}` })
  })
  await project.stageEntries(drafts)
  process.stdout.write(drafts.map(({ key }) => `${key}\n`).join(''))
  if (round % 2 === 0) await keeper.seal()
  if (round % 5 === 4) await keeper.changeKey(run)
}
