import { sellsForGood } from '@trueup/core'
import { fingerprintOf } from '../config/fingerprint.ts'
import type { ProjectConfig } from '../config/project-config.ts'

/** Why what a check read does not tell what would be under a configuration. Closed list. */
export type WhatIfObstacleCode =
  /** There was no full check yet. */
  | 'no-check'
  /** What the last one read was deleted since. */
  | 'readings-gone'
  /** Nobody knows any more under which configuration it read. */
  | 'config-unknown'
  /** Access would be read from other places. */
  | 'access-differs'
  /** Customers would be matched to subjects by other rules. */
  | 'match-differs'
  /** Other objects of billing would be read. */
  | 'billing-differs'
  /** Purchases for good would be sold, and were not read. */
  | 'purchases-not-read'

export interface WhatIfObstacle {
  readonly code: WhatIfObstacleCode
  readonly message: string
  readonly fix: string
}

const newCheck = 'Run a dry run under it: a check that reads both sides and files nothing.'

/**
 * Why readings that were made under one configuration cannot be judged under another; empty: they can. Catalogue, policy
 * and exceptions are weighed anew from what was read; what decides how it is read and put together is not.
 */
export function obstaclesBetween(recorded: ProjectConfig, config: ProjectConfig): readonly WhatIfObstacle[] {
  const obstacles: WhatIfObstacle[] = []
  if (fingerprintOf(placesOf(recorded)) !== fingerprintOf(placesOf(config))) {
    obstacles.push({
      code: 'access-differs',
      message: 'The last check read access from other places than this configuration names.',
      fix: newCheck,
    })
  }
  if (fingerprintOf(rulesOf(recorded)) !== fingerprintOf(rulesOf(config))) {
    obstacles.push({
      code: 'match-differs',
      message: 'The last check matched customers by other rules than this configuration has.',
      fix: newCheck,
    })
  }
  if (readOf(recorded.billing) !== readOf(config.billing)) {
    obstacles.push({
      code: 'billing-differs',
      message:
        'The last check read another billing, or read Stripe Entitlements or features of plans where this configuration does not, or the other way round.',
      fix: newCheck,
    })
  }
  if (sellsForGood(config.catalogue) && !sellsForGood(recorded.catalogue)) {
    obstacles.push({
      code: 'purchases-not-read',
      message: 'This catalogue sells something once and for good; the last check read no such purchases.',
      fix: newCheck,
    })
  }
  return obstacles
}

function placesOf({ access }: ProjectConfig) {
  return access.map(({ kind, name, mappings }) => ({ kind, name, mappings }))
}

/** What of a billing a check reads, as a text to be compared. */
function readOf(billing: ProjectConfig['billing']): string {
  return billing.kind === 'stripe' ? `stripe ${billing.entitlements}` : `clerk-billing ${billing.features}`
}

function rulesOf({ match }: ProjectConfig): readonly string[] {
  return match.map(({ text }) => text)
}

export const noCheck: WhatIfObstacle = {
  code: 'no-check',
  message: 'There was no full check yet, so that there is nothing to judge.',
  fix: 'Run a full check, or a dry run of one.',
}

export const readingsGone: WhatIfObstacle = {
  code: 'readings-gone',
  message: 'What the last full check read was deleted since.',
  fix: 'Run a full check, or a dry run of one.',
}

export const configUnknown: WhatIfObstacle = {
  code: 'config-unknown',
  message: 'The last full check was made under a configuration that is not known any more.',
  fix: 'Run a full check, or a dry run of one, under the configuration as it holds.',
}
