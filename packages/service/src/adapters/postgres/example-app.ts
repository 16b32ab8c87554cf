import type { Catalogue, PostgresMapping, SubjectType, Timer } from '@trueup/core'
import { type PostgresMappingShape, parsePostgresMapping } from '@trueup/core'

/** A free and a paid plan, for tests of reading. */
export const twoPlans: Catalogue = {
  plans: [
    { id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
    { id: 'pro', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
  ],
  addOns: [],
  seatPacks: [],
}

/** A mapping that is known to be well-formed. */
export function mappingOf(type: SubjectType, shape: PostgresMappingShape): PostgresMapping {
  const { mapping, refusals } = parsePostgresMapping(type, shape)
  if (!mapping) throw new Error(JSON.stringify(refusals))
  return mapping
}

/** Waiting that takes no time, for tests of what is tried again. */
export const noWaiting: Timer = { sleep: async () => {} }
