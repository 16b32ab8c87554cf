import type { Timer } from '@trueup/core'
import type { RefusalReason } from './refusal.ts'

/** Bytes of bodies that this process holds while it reads them. */
export class BodyBudget {
  readonly #most: number
  #held = 0

  constructor(mostBytes: number) {
    this.#most = mostBytes
  }

  take(bytes: number): boolean {
    if (this.#held + bytes > this.#most) return false
    this.#held += bytes
    return true
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}

export interface BodyLimits {
  readonly mostBytes: number
  readonly withinMs: number
}

/**
 * Reads the exact bytes of a body, as many as are allowed at most and for as long as is allowed; the rest of a larger or
 * slower one is not waited for.
 */
export async function readBody(
  request: Request,
  { mostBytes, withinMs }: BodyLimits,
  budget: BodyBudget,
  timer: Timer,
): Promise<Uint8Array | RefusalReason> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > mostBytes) return 'body-too-large'
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const done = new AbortController()
  const slow = timer.sleep(withinMs, done.signal).then(
    () => 'slow' as const,
    () => 'slow' as const,
  )
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const step = await Promise.race([reader.read(), slow])
      if (step === 'slow') return give('body-too-slow')
      if (step.done) return Buffer.concat(chunks)
      if (!budget.take(step.value.byteLength)) return give('overloaded')
      bytes += step.value.byteLength
      if (bytes > mostBytes) return give('body-too-large')
      chunks.push(step.value)
    }
  } catch {
    return 'body-cut-off'
  } finally {
    done.abort()
    budget.give(bytes)
  }

  function give(reason: RefusalReason): RefusalReason {
    // Whoever sends is not waited for.
    void reader.cancel().catch(() => {})
    return reason
  }
}
