import { expect, it } from 'vitest'
import type { Told } from './life.ts'
import { Truth } from './truth.ts'

/** A user who pays, and of whom a drift is told or none. */
function told(index: number, drifts: boolean): Told {
  const subject = { type: 'user', id: `user_${index}` } as const
  const customer = {
    id: `cus_${index}`,
    name: null,
    email: null,
    createdAt: 0,
    metadata: {},
    where: 'here',
    subscriptions: [],
    purchases: [],
  } as const
  const life = {
    ...subject,
    firstName: null,
    lastName: null,
    email: null,
    pointsTo: customer.id,
    createdAt: 0,
    updatedAt: 0,
    publicMetadata: {},
    privateMetadata: {},
    unsafeMetadata: {},
  }
  const drift = {
    kind: 'paid-without-access',
    subject,
    customer: customer.id,
    component: 'paid',
    on: `user:${subject.id}`,
    story: '',
  } as const
  return { customers: [customer], subjects: [life], drifts: drifts ? [drift] : [] }
}

it.each([
  [100, 25, false],
  [100, 26, true],
  [5199, 25, false],
  [5199, 26, true],
  [5200, 26, false],
  [5200, 27, true],
  [20_000, 100, false],
  [20_000, 101, true],
])('of %i subjects %i drift: that repairs should wait is %s', (matched, drifting, isHeld) => {
  const truth = new Truth()
  for (let index = 0; index < matched; index += 1) truth.add(told(index, index < drifting))
  const said = { seed: 1, now: new Date(0), customers: matched, subscriptions: 0, writableField: null }
  const { drifts, counts } = truth.labels(said)
  expect([counts.matched, counts.drifting]).toEqual([matched, drifting])
  expect(drifts.some(({ kind, on }) => kind === 'mass-drift' && on === 'hold')).toBe(isHeld)
})
