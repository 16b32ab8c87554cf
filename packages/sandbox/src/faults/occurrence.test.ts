import { expect, test } from 'vitest'
import { type Occurrence, Striker } from './occurrence.ts'
import { pathMatcher, routeOf } from './route.ts'

function strikes(occurrence: Occurrence, seed = 'seed', count = 10): readonly number[] {
  const striker = new Striker(occurrence, seed)
  return Array.from({ length: count }, (_, index) => index + 1).filter(() => {
    const isDue = striker.isDue()
    if (isDue) striker.strike()
    return isDue
  })
}

test.each<[Occurrence, readonly number[]]>([
  [{}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  [{ at: [2, 5] }, [2, 5]],
  [{ from: 8 }, [8, 9, 10]],
  [{ from: 3, limit: 2 }, [3, 4]],
  [{ limit: 1 }, [1]],
  [{ rate: 0 }, []],
  [{ rate: 1, from: 10 }, [10]],
])('%j strikes %j of ten', (occurrence, expected) => {
  expect(strikes(occurrence)).toEqual(expected)
})

test('a rate strikes about its share, the same for the same seed', () => {
  const first = strikes({ rate: 0.2 }, 'a', 10_000)
  expect(first.length).toBeGreaterThan(1800)
  expect(first.length).toBeLessThan(2200)
  expect(strikes({ rate: 0.2 }, 'a', 10_000)).toEqual(first)
  expect(strikes({ rate: 0.2 }, 'b', 10_000)).not.toEqual(first)
})

test('a limit does not shift what a rate draws', () => {
  const all = strikes({ rate: 0.3 }, 'a', 1000)
  expect(strikes({ rate: 0.3, limit: 5 }, 'a', 1000)).toEqual(all.slice(0, 5))
})

test.each([
  ['/v1/users/user_2abCD/metadata', '/v1/users/:id/metadata'],
  ['/v1/organization_memberships', '/v1/organization_memberships'],
  ['/v1/checkout/sessions/cs_test_a1B2', '/v1/checkout/sessions/:id'],
  ['/v1/test_helpers/test_clocks/clock_1N', '/v1/test_helpers/test_clocks/:id'],
  ['/v1/subscription_items', '/v1/subscription_items'],
])('the route of %s is %s', (path, route) => {
  expect(routeOf(path)).toBe(route)
})

test.each([
  ['/v1/users*', '/v1/users/user_1', true],
  ['/v1/users', '/v1/users/user_1', false],
  ['/v1/users/:id', '/v1/users/user_1', true],
  ['/v1/users/:id', '/v1/users/user_1/metadata', false],
  ['user.*', 'user.created', true],
  ['user.*', 'users_created', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(pathMatcher(pattern)(path)).toBe(expected)
})
