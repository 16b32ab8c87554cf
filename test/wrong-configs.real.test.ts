import { describe, expect, test } from 'vitest'
import { isNoticed, tryWrongConfig, wrongConfigs } from './support/wrong-configs.ts'

/* The short form of `npm run soak:wrong-configs`. */

const customers = 2000

describe(`${customers} customers, of whom all is right`, () => {
  test('give no incident and no repair under the right configuration', async () => {
    expect(
      await tryWrongConfig({ name: 'right', paying: { pro: 12, enterprise: 3 } }, customers),
    ).toMatchObject({
      writes: 0,
      proposed: 0,
      incidents: {},
    })
  })

  test.each(wrongConfigs(20, 1))('are not touched under a wrong one: $name', async (wrong) => {
    const outcome = await tryWrongConfig(wrong, customers)
    expect(outcome).toMatchObject({ writes: 0, proposed: 0 })
    expect(isNoticed(outcome)).toBe(true)
  })
})
