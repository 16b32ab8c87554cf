import { createHash } from 'node:crypto'
import type { Clock, RepairOrder, RepairTarget, Timer } from '@trueup/core'
import { signingKey, signPush } from '../../push/signature.ts'
import type { Secret } from '../../secret.ts'
import type { AddressPolicy, Lookup } from '../postgres/connection/index.ts'
import { systemLookup } from '../postgres/connection/reach.ts'
import { parseCallbackUrl, resolveCallback } from './callback-address.ts'
import { readInspection, readRepairAnswer, readSettlement } from './read-callback-answer.ts'
import { type CallbackAnswer, sendCallback } from './send-callback.ts'

export interface CallbackTargetOptions {
  /** The access source whose records the app changes. */
  readonly source: string
  /** The app's endpoint. */
  readonly url: string
  /** Shared with the app: `whsec_` and at least 24 bytes in base64. */
  readonly secret: Secret
  /** Where callbacks may go. */
  readonly addresses: AddressPolicy
  readonly clock: Clock
  readonly timer: Timer
  /** Default: the resolver of this machine. */
  readonly lookup?: Lookup
}

/** What a callback asks the app to do. */
export type CallbackType = 'repair.inspect' | 'repair.apply' | 'repair.settle' | 'repair.abandon'

type Asked = Pick<RepairOrder, 'container' | 'record' | 'changes'> & Partial<RepairOrder>

/**
 * Repairs that the app makes itself: each call is posted to its endpoint, signed as Standard Webhooks has it
 * (https://www.standardwebhooks.com), and the app answers what it did. The format is in `docs/repair-targets.md`.
 *
 * The comparison, the journal and the cap are the app's. Nothing is sent twice by itself; an order that is sent again
 * has the same repair id, which the app must know again.
 *
 * @throws SourceError `unreachable` for an address that cannot be used; UsageError `option-invalid` for a secret that
 *   is none.
 *
 * @example
 * const target = createCallbackTarget({ source: 'app', url, secret, addresses: hostedPolicy, clock, timer })
 */
export function createCallbackTarget(options: CallbackTargetOptions): RepairTarget {
  const { source, clock } = options
  const url = parseCallbackUrl(source, options.url)
  // Tried at once, so that a secret that is none is told before there is anything to sign.
  signingKey(options.secret)
  const { addresses, timer, lookup = systemLookup } = options

  const ask = async (type: CallbackType, order: Asked): Promise<CallbackAnswer> => {
    const to = await resolveCallback(source, url, { addresses, lookup })
    const now = clock.now()
    const body = JSON.stringify({ type, timestamp: now.toISOString(), data: dataOf(source, order) })
    const headers = signPush({ secret: options.secret.reveal(), id: messageId(type, order, body), body, now })
    return await sendCallback(source, to, { headers: { ...headers }, body }, timer)
  }
  return {
    source,
    how: 'callback',
    inspect: async (order) => readInspection(source, await ask('repair.inspect', order)),
    async apply(order) {
      if (clock.now() > order.deadline) {
        return { kind: 'refused', code: 'deadline-passed', message: 'The deadline of the order has passed.' }
      }
      return readRepairAnswer(source, await ask('repair.apply', order))
    },
    settle: async (order) => readSettlement(source, await ask('repair.settle', order)),
    abandon: async (order) => readSettlement(source, await ask('repair.abandon', order)),
  }
}

/** A value that is absent has no key, in `before` as in `after`. */
function dataOf(source: string, { container, record, changes, repairId, deadline, token }: Asked) {
  return {
    ...(repairId === undefined ? {} : { repairId }),
    source,
    container,
    record,
    changes: changes.map(({ field, before, after }) => ({ field, before, after })),
    ...(deadline ? { deadline: deadline.toISOString() } : {}),
    ...(token === undefined ? {} : { token }),
  }
}

/** Names the message: the same when the same is asked again. Signatures take it without dots. */
function messageId(type: CallbackType, { repairId }: Asked, body: string): string {
  const about = createHash('sha256')
    .update(repairId ?? body)
    .digest('base64url')
  return `${type.replace('.', '_')}_${about}`
}
