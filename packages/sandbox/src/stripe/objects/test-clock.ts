import type { Born } from './wire.ts'

/** A clock of its own for some customers, moved by hand. Times are Unix seconds. */
export interface TestClock {
  id: string
  object: 'test_helpers.test_clock'
  created: number
  deletes_after: number
  frozen_time: number
  livemode: false
  name: string | null
  status: 'advancing' | 'internal_failure' | 'ready'
  status_details: { advancing?: { target_frozen_time: number } }
}

const THIRTY_DAYS = 30 * 86_400

/** A whole test clock, ready, deleted by itself 30 days after it was made. */
export function makeTestClock(fields: Born & { frozen_time: number } & Partial<TestClock>): TestClock {
  const clock: TestClock = {
    id: fields.id,
    object: 'test_helpers.test_clock',
    created: fields.created,
    deletes_after: fields.created + THIRTY_DAYS,
    frozen_time: fields.frozen_time,
    livemode: false,
    name: null,
    status: 'ready',
    status_details: {},
  }
  return Object.assign(clock, fields)
}
