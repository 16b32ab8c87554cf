import type { AccessStep, KeptException, Policy, ProjectStore, SaidAccess } from '@trueup/core'
import {
  agreementKey,
  components,
  promiseOf,
  readAccessState,
  readAgreementKey,
  subjectKey,
} from '@trueup/core'
import type { ProjectConfig } from '../config/project-config.ts'
import type { GrantedLevel, Level } from './customer-history.ts'
import { drawnSides, keysOf, levelsIn } from './customer-history.ts'
import type { UnknownBecause } from './stretches.ts'
import { stretchesOf } from './stretches.ts'

/** What billing promised. */
export interface PromisedThen {
  readonly owed: Level
  readonly allowed: Level
}

/** One pair as it was at a moment. */
export interface PairAt {
  readonly key: string
  /** `null`: it is known. Else both sides as the look before and the look after saw them, where there were any. */
  readonly unknown: UnknownBecause | null
  readonly seenAt: Date | null
  readonly there: boolean
  readonly granted: readonly GrantedLevel[]
  /** Under the policy of then, as it was worked out then. */
  readonly promised: PromisedThen | null
  /** Under the policy and the catalogue as they hold now; `null`: `promisedNowUnknown` says why. */
  readonly promisedNow: PromisedThen | null
  readonly promisedNowUnknown: 'billing-not-kept' | 'not-known-then' | null
  /** Exceptions that were running then. */
  readonly exceptions: readonly Pick<KeptException, 'id' | 'reason' | 'until'>[]
}

export interface CustomerAt {
  readonly time: Date
  /** The policy then; `null`: it is not known. */
  readonly policyThen: Policy | null
  readonly policyNow: Policy
  /** Empty: nobody knows such a customer or subject. */
  readonly pairs: readonly PairAt[]
}

export interface AtQuestion {
  readonly project: ProjectStore
  /** As it holds. */
  readonly config: ProjectConfig
  /** As it held at that moment, where that is known. */
  readonly configThen: ProjectConfig | null
  readonly name: string
  readonly time: Date
}

const mostSteps = 1_000
const mostLooks = 2_000
const mostExceptions = 1_000
const dayMs = 86_400_000

/**
 * What a customer or subject had and was owed at a moment, under the policy of then and of now. What was not seen is not
 * made up: where the looks before and after it saw different things, both are unknown.
 *
 * @example
 * const { pairs } = await customerAt({ project, config, configThen, name: 'user_1', time })
 */
export async function customerAt(question: AtQuestion): Promise<CustomerAt> {
  const { project, config, configThen, name, time } = question
  const keys = await keysOf(project, name)
  const steps = await project.accessSteps(keys, mostSteps)
  // A look after the moment shows whether what was seen before it still held.
  const looks = await project.looksAtAll(new Date(time.getTime() + 30 * dayMs), mostLooks)
  const pairs: PairAt[] = []
  for (const key of keys) {
    const own = steps.filter(({ pairKey }) => pairKey === key)
    if (own.length === 0) continue
    const touching = stretchesOf(own, looks, { from: time, to: time })
    // At the moment of a look it is known, whatever is not known before and after it.
    const stretch = touching.find(({ known }) => known) ?? touching.at(-1) ?? null
    const step = stretch?.known ? stretch.step : null
    pairs.push({
      key,
      unknown: stretch === null || stretch.known ? null : stretch.because,
      seenAt: step?.seenAt ?? null,
      there: step !== null && step.state !== null,
      ...sides(step, config),
      ...(step === null ? notKnown : promisedNow(step, question)),
      exceptions: await exceptionsAt(project, key, time),
    })
  }
  return { time, policyThen: configThen?.policy ?? null, policyNow: config.policy, pairs }
}

const notKnown = { promisedNow: null, promisedNowUnknown: 'not-known-then' } as const

function sides(step: AccessStep | null, config: ProjectConfig): Pick<PairAt, 'granted' | 'promised'> {
  if (step === null) return { granted: [], promised: null }
  const { owed, allowed, granted } = drawnSides(step, config.catalogue)
  return { granted, promised: owed && allowed && { owed, allowed } }
}

function promisedNow(
  step: AccessStep,
  { config, configThen, time }: AtQuestion,
): Pick<PairAt, 'promisedNow' | 'promisedNowUnknown'> {
  const levelOf = levelsIn(config.catalogue)
  const said = step.state === null ? null : readAccessState(step.state)
  if (step.facts !== null) {
    const { owed, allowed } = promiseOf(step.facts, { ...config, now: time })
    const mapped = components.filter((component) => said && component in said.owed)
    const level = (access: typeof owed): Level => {
      const read: SaidAccess = readAgreementKey(agreementKey(access, mapped, time)) ?? {}
      return levelOf(read)
    }
    return { promisedNow: { owed: level(owed), allowed: level(allowed) }, promisedNowUnknown: null }
  }
  // What follows from the same rules is the same.
  if (said && configThen && configThen.fingerprint === config.fingerprint) {
    return {
      promisedNow: { owed: levelOf(said.owed), allowed: levelOf(said.allowed) },
      promisedNowUnknown: null,
    }
  }
  return { promisedNow: null, promisedNowUnknown: 'billing-not-kept' }
}

async function exceptionsAt(project: ProjectStore, key: string, time: Date): Promise<PairAt['exceptions']> {
  const all = await project.exceptions({ now: time, subject: key, limit: mostExceptions })
  return all
    .filter(
      ({ subject, createdAt, until, endedAt }) =>
        subjectKey(subject) === key &&
        createdAt <= time &&
        until > time &&
        (endedAt === null || endedAt > time),
    )
    .map(({ id, reason, until }) => ({ id, reason, until }))
}
