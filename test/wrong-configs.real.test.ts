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

  test('are not touched where two prices are exchanged that about as many pay for', async () => {
    const exchanged = wrongConfigs(20, 1).filter(({ name }) => name.includes('enterprise sells pro'))
    expect(exchanged).not.toEqual([])
    for (const wrong of exchanged) {
      const outcome = await tryWrongConfig({ ...wrong, paying: { pro: 4, enterprise: 3 } }, customers)
      expect(outcome).toMatchObject({ writes: 0, proposed: 0, incidents: { 'mass-drift': 1 } })
      expect(isNoticed(outcome)).toBe(true)
    }
  })
})
