import { problem, type WireProblemKind } from './wire-problem.ts'

/** PostgreSQL's default. With less, whoever listens or pretends to be the server can guess the password quickly. */
const fewestIterations = 4096
/** What a client is made to compute at most: some 50 ms. */
const mostIterations = 100_000

/** How far the two sides have come. */
type Stage = 'begun' | 'asked' | 'challenged' | 'proved' | 'done'

/**
 * Watches a server authenticate: it may let a client in without a password, or ask for SCRAM-SHA-256, by which the
 * password does not leave this machine and the server proves that it knows it. Everything else is refused before it is
 * answered. https://www.postgresql.org/docs/current/sasl-authentication.html
 */
export class AuthenticationWatch {
  readonly #hasPassword: boolean
  #stage: Stage = 'begun'
  #asked = false

  constructor(hasPassword: boolean) {
    this.#hasPassword = hasPassword
  }

  get askedForProof(): boolean {
    return this.#asked
  }

  /** @throws WireProblem when this message must not be answered. */
  admit(bytes: Buffer, from: number, end: number): void {
    if (end - from < 4) throw problem('garbage')
    const code = bytes.readInt32BE(from)
    const rest = bytes.toString('latin1', from + 4, end)
    if (code === 0) this.#letIn(rest)
    else if (code === 10) this.#ask(rest)
    else if (code === 11) this.#challenge(rest)
    else if (code === 12) this.#move('challenged', 'proved')
    else throw problem(refusedWays[code] ?? 'asks-for-other')
  }

  /** @throws WireProblem when the session is not open yet. */
  assertDone(): void {
    if (this.#stage !== 'done') throw problem('garbage')
  }

  #letIn(rest: string): void {
    if (rest !== '') throw problem('garbage')
    if (this.#stage !== 'begun' && this.#stage !== 'proved') throw problem('scram-unproved')
    this.#stage = 'done'
  }

  #ask(rest: string): void {
    if (!/^(?:[^\0]{1,64}\0){1,16}\0$/.test(rest)) throw problem('garbage')
    if (!rest.split('\0').includes('SCRAM-SHA-256')) throw problem('no-scram')
    if (!this.#hasPassword) throw problem('no-password')
    this.#move('begun', 'asked')
    this.#asked = true
  }

  #challenge(rest: string): void {
    const iterations = /^r=[!-+\--~]{1,256},s=[A-Za-z0-9+/]{1,256}={0,2},i=([1-9]\d{0,9})$/.exec(rest)?.[1]
    if (iterations === undefined) throw problem('scram-malformed')
    if (Number(iterations) < fewestIterations) throw problem('scram-too-weak')
    if (Number(iterations) > mostIterations) throw problem('scram-too-strong')
    this.#move('asked', 'challenged')
  }

  #move(before: Stage, after: Stage): void {
    if (this.#stage !== before) throw problem('scram-malformed')
    this.#stage = after
  }
}

const refusedWays: Readonly<Record<number, WireProblemKind>> = {
  3: 'asks-for-clear-text',
  5: 'asks-for-md5',
}
