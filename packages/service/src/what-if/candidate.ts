import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'

/** Parts of a configuration to be tried in place of those that hold. */
export interface WhatIfChanges {
  /** Laid over the policy that holds, setting by setting. */
  readonly policy?: unknown
  /** In place of the whole catalogue. */
  readonly catalogue?: unknown
  /** In place of all exceptions of the configuration. */
  readonly exceptions?: unknown
}

/**
 * The configuration that holds with some of its parts changed.
 *
 * @throws ConfigError `config-invalid` with all that is wrong with the outcome
 * @example
 * candidateOf(document, { policy: { pastDue: { days: 3 } } }) // grace of 3 days, all else as it is
 */
export function candidateOf(document: unknown, changes: WhatIfChanges): ProjectConfig {
  if (!isObject(document)) return parseConfig(document)
  const { policy, catalogue, exceptions } = changes
  return parseConfig({
    ...document,
    ...(policy === undefined ? {} : { policy: laidOver(document.policy, policy) }),
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(exceptions === undefined ? {} : { exceptions }),
  })
}

function laidOver(under: unknown, over: unknown): unknown {
  if (!isObject(under) || !isObject(over)) return over
  const names = new Set([...Object.keys(under), ...Object.keys(over)])
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      Object.hasOwn(over, name) ? laidOver(under[name], over[name]) : under[name],
    ]),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
