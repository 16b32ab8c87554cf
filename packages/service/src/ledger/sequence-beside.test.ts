import { expect, test } from 'vitest'
import { sequencingBeside } from './sequence-beside.ts'

/** A ledger that numbers only when it is told to, and how often it was asked. */
function slowLedger() {
  const asked: { end: () => void; fail: (error: Error) => void }[] = []
  return {
    asked,
    sequence: () =>
      new Promise<void>((resolve, reject) => {
        asked.push({ end: resolve, fail: reject })
      }),
  }
}

test('what is staged while entries are being numbered is left to the next time', async () => {
  const ledger = slowLedger()
  const sequencing = sequencingBeside(ledger)
  sequencing.begin()
  sequencing.begin()
  expect(ledger.asked).toHaveLength(1)
  ledger.asked[0]?.end()
  await sequencing.settled()
  sequencing.begin()
  expect(ledger.asked).toHaveLength(2)
})

test('it is waited for, and nothing is waited for where nothing is being numbered', async () => {
  const ledger = slowLedger()
  const sequencing = sequencingBeside(ledger)
  await sequencing.settled()
  sequencing.begin()
  let isSettled = false
  const settled = sequencing.settled().then(() => {
    isSettled = true
  })
  await Promise.resolve()
  expect(isSettled).toBe(false)
  ledger.asked[0]?.end()
  await settled
})

test('a failure is left to whoever seals the ledger, and the next time is tried again', async () => {
  const ledger = slowLedger()
  const sequencing = sequencingBeside(ledger)
  sequencing.begin()
  ledger.asked[0]?.fail(new Error('the database is gone'))
  await expect(sequencing.settled()).resolves.toBeUndefined()
  sequencing.begin()
  expect(ledger.asked).toHaveLength(2)
})
