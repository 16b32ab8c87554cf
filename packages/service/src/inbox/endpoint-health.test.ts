import { expect, it } from 'vitest'
import type { EndpointAlarm, EndpointFacts } from './endpoint-health.ts'
import { judgeEndpoint } from './endpoint-health.ts'

const now = new Date('2026-11-21T10:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const well: EndpointFacts = {
  provider: 'stripe',
  openedAt: ago(1000),
  secrets: 1,
  lastReceivedAt: ago(1),
  missing: 0,
  newestMissingAt: null,
  lastRefusedAt: null,
  comparedTo: ago(1),
  sweepFailure: null,
  clockSkewSeconds: 0,
  receivedInWeek: 100,
}
const clerk = { provider: 'clerk', comparedTo: null } as const

it.each<[string, Partial<EndpointFacts>, readonly EndpointAlarm[]]>([
  ['where all is well', {}, []],
  ['without a secret', { secrets: 0 }, ['no-secret']],
  ['that was opened just now', { openedAt: ago(1), lastReceivedAt: null, comparedTo: null }, []],
  ['where nothing came in a day', { lastReceivedAt: null }, ['never-received']],
  [
    'where nothing came, and Stripe has events',
    { lastReceivedAt: null, missing: 2, newestMissingAt: ago(2) },
    ['silent'],
  ],
  ['where nothing came since what is missing', { missing: 1, newestMissingAt: ago(0.5) }, ['silent']],
  ['where something is missing, and later ones came', { missing: 1, newestMissingAt: ago(5) }, ['losing']],
  ['that refuses what comes', { lastRefusedAt: ago(0.5) }, ['refusing']],
  ['that refused something before it took others', { lastRefusedAt: ago(2) }, []],
  ['that was not compared for a day', { comparedTo: ago(25) }, ['not-compared']],
  ['a minute from the clock of Stripe', { clockSkewSeconds: -60 }, []],
  ['more than a minute from the clock of Stripe', { clockSkewSeconds: -61 }, ['clock-differs']],
  ['of Clerk, which has no list', { ...clerk }, []],
  ['of Clerk, quiet for a day after a busy week', { ...clerk, lastReceivedAt: ago(25) }, ['silent']],
  [
    'of Clerk, quiet for a day after a quiet week',
    { ...clerk, lastReceivedAt: ago(25), receivedInWeek: 3 },
    [],
  ],
])('an endpoint %s', (_, facts, alarms) => {
  expect(judgeEndpoint({ ...well, ...facts }, now)).toEqual(alarms)
})
