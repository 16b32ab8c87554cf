import type { Clock, Timer } from '@trueup/core'
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

/** How far requests that share a deadline may lie apart. */
const cohortMs = 250

/**
 * Says when a body took too long. Requests that begin within a quarter of a second share a timer, so that most need none;
 * a request has a quarter of a second less at worst.
 */
export class Deadlines {
  readonly #timer: Timer
  readonly #clock: Clock
  readonly #withinMs: number
  #begunAt = Number.NEGATIVE_INFINITY
  #late: Promise<'late'> = Promise.resolve('late')

  constructor(withinMs: number, { timer, clock }: { readonly timer: Timer; readonly clock: Clock }) {
    this.#withinMs = withinMs
    this.#timer = timer
    this.#clock = clock
  }

  /** Resolves when a body that begins now took too long. */
  late(): Promise<'late'> {
    const now = this.#clock.now().getTime()
    if (Math.abs(now - this.#begunAt) > cohortMs) {
      this.#begunAt = now
      this.#late = this.#timer.sleep(this.#withinMs).then(() => 'late' as const)
    }
    return this.#late
  }
}

/**
 * Reads the exact bytes of a body, as many as are allowed at most and for as long as is allowed; the rest of a larger or
 * slower one is not waited for.
 */
export async function readBody(
  request: Request,
  {
    mostBytes,
    budget,
    deadlines,
  }: { readonly mostBytes: number; readonly budget: BodyBudget; readonly deadlines: Deadlines },
): Promise<Uint8Array | RefusalReason> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > mostBytes) return 'body-too-large'
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const late = deadlines.late()
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const step = await Promise.race([reader.read(), late])
      if (step === 'late') return give('body-too-slow')
      if (step.done) return Buffer.concat(chunks)
      if (!budget.take(step.value.byteLength)) return give('overloaded')
      bytes += step.value.byteLength
      if (bytes > mostBytes) return give('body-too-large')
      chunks.push(step.value)
    }
  } catch {
    return 'body-cut-off'
  } finally {
    budget.give(bytes)
  }

  function give(reason: RefusalReason): RefusalReason {
    // Whoever sends is not waited for.
    void reader.cancel().catch(() => {})
    return reason
  }
}
