import { readFileSync } from 'node:fs'
import { ledgerActs } from '@trueup/core'
import { expect, test } from 'vitest'

test('the second verifier knows every act that the ledger records, and no other', () => {
  const source = readFileSync(new URL('./verify_ledger.py', import.meta.url), 'utf8')
  const known = /^ACTS = """([^"]*)"""/m.exec(source)?.[1]?.trim().split(/\s+/)
  expect(known).toEqual([...ledgerActs])
})
