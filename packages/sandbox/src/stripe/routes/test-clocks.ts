import { listPage } from '../answer/list.ts'
import { makeTestClock, type TestClock } from '../objects/test-clock.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { find, IN_PATH } from '../request/find.ts'
import { badRequest } from '../stripe-error.ts'

export const testClockRoutes: readonly Route[] = [
  route('GET /v1/test_helpers/test_clocks', 'test_helpers.test_clock[]', (call) =>
    listPage(call, call.state.testClocks, 'test clock', '/v1/test_helpers/test_clocks'),
  ),
  route('POST /v1/test_helpers/test_clocks', 'test_helpers.test_clock', createClock),
  route('GET /v1/test_helpers/test_clocks/{id}', 'test_helpers.test_clock', foundClock),
  route('DELETE /v1/test_helpers/test_clocks/{id}', 'test_helpers.test_clock', (call) =>
    call.engine.deleteClock(foundClock(call)),
  ),
  route('POST /v1/test_helpers/test_clocks/{id}/advance', 'test_helpers.test_clock', advanceClock),
]

function createClock(call: Call): TestClock {
  const { parameters, state } = call
  if (state.livemode) throw badRequest('Test clocks exist in test mode only.')
  const frozen = parameters.number('frozen_time') ?? state.now()
  const clock = makeTestClock({
    id: state.ids.next('clock'),
    created: state.now(),
    frozen_time: frozen,
    name: parameters.text('name') ?? null,
  })
  state.testClocks.insert(clock)
  state.emit('test_helpers.test_clock.created', clock)
  return clock
}

function advanceClock(call: Call): TestClock {
  const clock = foundClock(call)
  const to = call.parameters.number('frozen_time') ?? 0
  if (clock.status !== 'ready') {
    throw badRequest(`Test clock ${clock.id} is ${clock.status}; wait until it is ready before advancing it.`)
  }
  if (to <= clock.frozen_time) {
    throw badRequest(
      'The `frozen_time` must be later than the current frozen time of the test clock.',
      'frozen_time',
    )
  }
  return call.engine.advanceClock(clock, to)
}

function foundClock(call: Call): TestClock {
  return find(call.state, call.state.testClocks, 'test clock', pathId(call), IN_PATH)
}
