import type { ClerkClient } from '@clerk/backend'
import type { Clerk } from '../options.ts'
import type { BillingStore } from '../store/store.ts'

/** What every call of a process that is dead ends with. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * A process of the app that can die between every two steps: before a call to a vendor or to the store, and after it,
 * when the answer is lost; and inside a transaction, which is then rolled back. What is dead does nothing any more.
 */
export class Mortal {
  steps = 0
  #diesAt: number | null = null
  #isDead = false

  get isDead(): boolean {
    return this.#isDead
  }

  /** Dies so many steps from now. */
  dieIn(steps: number): void {
    this.#diesAt = this.steps + steps
  }

  step(): void {
    if (this.#isDead) throw new Killed('The process is dead.')
    this.steps += 1
    if (this.#diesAt === null || this.steps < this.#diesAt) return
    this.#isDead = true
    throw new Killed('The process was killed.')
  }

  /** The network as the process has it. */
  readonly http: typeof fetch = async (...request) => {
    this.step()
    const response = await fetch(...request)
    // The whole answer has to arrive before it can be lost.
    const body = await response.arrayBuffer()
    this.step()
    return new Response(body, response)
  }

  clerk(client: Pick<ClerkClient, 'billing' | 'organizations' | 'users'>): Clerk {
    return {
      billing: this.#calls(client.billing),
      organizations: this.#calls(client.organizations),
      users: this.#calls(client.users),
    }
  }

  store<Transaction>(store: BillingStore<Transaction>): BillingStore<Transaction> {
    return {
      unit: async (act) => {
        this.step()
        const result = await store.unit(async (unit) => {
          const done = await act(unit)
          this.step()
          return done
        })
        this.step()
        return result
      },
      subject: async (subject) => {
        this.step()
        return store.subject(subject)
      },
      within: (transaction) => store.within(transaction),
    }
  }

  #calls<Api extends object>(api: Api): Api {
    return new Proxy(api, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          this.step()
          const answer: unknown = await Reflect.apply(method, target, given)
          this.step()
          return answer
        }
      },
    })
  }
}
