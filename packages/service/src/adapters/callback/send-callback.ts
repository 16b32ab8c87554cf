import type { Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { NoAnswer, postToAddress } from '../post-to-address.ts'
import type { CallbackAddress } from './callback-address.ts'

/** What the app's endpoint answered. */
export interface CallbackAnswer {
  readonly status: number
  readonly body: string
}

const limits = { withinMs: 10_000, mostBytes: 64 * 1024 }

/**
 * Posts a signed body to the app's endpoint, once. No redirect is followed, and neither a slow answer nor a long one
 * is waited for: it has 10 s and 64 KiB, all in all.
 *
 * @throws SourceError `unreachable` or `answer-unreadable`: no answer came that could be read.
 */
export async function sendCallback(
  source: string,
  { url, address, family }: CallbackAddress,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  timer: Timer,
): Promise<CallbackAnswer> {
  const { status, body, isCut } = await postToAddress(
    url,
    async () => ({ address, family }),
    message,
    limits,
    timer,
  ).catch((error: unknown) => {
    throw error instanceof NoAnswer ? noAnswer(source, reasons[error.why]) : error
  })
  if (!isCut) return { status, body }
  throw new SourceError({
    source,
    code: 'answer-unreadable',
    message: `The app's endpoint answered with more than ${limits.mostBytes / 1024} KiB.`,
    fix: 'Answer with the JSON that docs/repair-targets.md names.',
    retryable: false,
  })
}

const reasons = {
  late: `The app's endpoint gave no answer within ${limits.withinMs / 1000} s.`,
  unreachable: "The app's endpoint cannot be reached, or breaks off.",
  'breaks-off': "The answer of the app's endpoint breaks off.",
} as const satisfies Record<NoAnswer['why'], string>

function noAnswer(source: string, message: string): SourceError {
  return new SourceError({
    source,
    code: 'unreachable',
    message,
    fix: 'Check that the endpoint of the app is up; ask it what became of the order.',
    retryable: true,
  })
}
