import type { RepairAnswer, Settlement, StoredValue, TargetInspection } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { z } from 'zod'
import type { CallbackAnswer } from './send-callback.ts'

const stored: z.ZodType<StoredValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()), z.record(z.string(), stored)]),
)
const values = z.record(z.string(), stored)
const applied = z.object({ result: z.literal('applied'), at: z.iso.datetime({ offset: true }) })
const conflict = z.object({ result: z.literal('conflict'), found: values.nullable() })
const refused = z.object({
  result: z.literal('refused'),
  code: z.enum([
    'cap-reached',
    'deadline-passed',
    'not-allowed',
    'token-superseded',
    'abandoned',
    'switched-off',
  ]),
  message: z.string().max(500).default(''),
})
const inspection = z.object({
  found: z.boolean(),
  values: values.default({}),
  sideEffects: z.array(z.string().max(500)).max(100).default([]),
})
const settlement = z.object({
  result: z.enum(['applied', 'not-applied', 'abandoned', 'cannot-be-told']),
})

/** @throws SourceError when it is no answer to an order: whether it was written is not known then. */
export function readRepairAnswer(source: string, answer: CallbackAnswer): RepairAnswer {
  switch (answer.status) {
    case 200:
      return { kind: 'applied', at: new Date(parsed(source, applied, answer).at) }
    case 409:
      return { kind: 'conflict', found: parsed(source, conflict, answer).found }
    case 422: {
      const { code, message } = parsed(source, refused, answer)
      return { kind: 'refused', code, message }
    }
    default:
      throw unexpected(source, answer.status)
  }
}

/** @throws SourceError */
export function readInspection(source: string, answer: CallbackAnswer): TargetInspection {
  if (answer.status !== 200) throw unexpected(source, answer.status)
  return parsed(source, inspection, answer)
}

/**
 * An endpoint that keeps no journal says so with 501.
 *
 * @throws SourceError
 */
export function readSettlement(source: string, answer: CallbackAnswer): Settlement {
  if (answer.status === 501) return 'cannot-be-told'
  if (answer.status !== 200) throw unexpected(source, answer.status)
  return parsed(source, settlement, answer).result
}

function parsed<T>(source: string, shape: z.ZodType<T>, { body }: CallbackAnswer): T {
  const read = shape.safeParse(jsonOf(body))
  if (read.success) return read.data
  throw new SourceError({
    source,
    code: 'answer-unreadable',
    message: "The answer of the app's endpoint is not in the shape of one.",
    fix: 'Compare it with docs/repair-targets.md.',
    retryable: false,
  })
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function unexpected(source: string, status: number): SourceError {
  if (status === 401 || status === 403) {
    return new SourceError({
      source,
      code: 'key-rejected',
      message: `The app's endpoint does not take the signature (HTTP ${status}).`,
      fix: 'Give the app and Trueup the same signing secret, and check the clock of both machines.',
      retryable: false,
    })
  }
  if (status === 429) {
    return new SourceError({
      source,
      code: 'rate-limited',
      message: "The app's endpoint asks for less (HTTP 429).",
      fix: 'Wait, and let the repair be tried again.',
      retryable: true,
    })
  }
  if (status >= 500) {
    return new SourceError({
      source,
      code: 'source-failed',
      message: `The app's endpoint failed (HTTP ${status}).`,
      fix: "Look at the app's own log; ask it what became of the order.",
      retryable: true,
    })
  }
  return new SourceError({
    source,
    code: 'answer-unreadable',
    message:
      status >= 300 && status < 400
        ? `The app's endpoint leads elsewhere (HTTP ${status}), which is not followed.`
        : `The app's endpoint answered with HTTP ${status}.`,
    fix: 'Give the address of the endpoint itself, which answers as docs/repair-targets.md says.',
    retryable: false,
  })
}
