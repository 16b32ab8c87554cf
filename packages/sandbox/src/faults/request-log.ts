import type { MisbehaviourKind } from './fault.ts'

/** One request as the sandbox answered it. */
export interface LoggedRequest {
  /** Counted from 1 over the life of the server. */
  readonly number: number
  readonly at: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly route: string
  /** The HTTP status that went out; 0 where the connection was reset. */
  readonly status: number
  /** The fault that struck it, `limited` for a rate limit, or null. */
  readonly fault: MisbehaviourKind | 'limited' | null
}

/** How often a route answered with each status. */
export interface RouteCount {
  readonly route: string
  readonly total: number
  readonly byStatus: Readonly<Record<string, number>>
}

const ringSize = 500

/** Routes counted by name; slugs and mistyped paths could name any number of them. */
const routesNamed = 1000

/** Counts requests by route and status, and keeps the last ones. Memory does not grow with the number of requests. */
export class RequestLog {
  #total = 0
  readonly #counts = new Map<string, Map<number, number>>()
  readonly #ring: LoggedRequest[] = []

  record(request: Omit<LoggedRequest, 'number'>): void {
    this.#total += 1
    const named = `${request.method} ${request.route}`
    const key = this.#counts.has(named) || this.#counts.size < routesNamed ? named : 'others'
    const counts = this.#counts.get(key) ?? new Map<number, number>()
    counts.set(request.status, (counts.get(request.status) ?? 0) + 1)
    this.#counts.set(key, counts)
    this.#ring[(this.#total - 1) % ringSize] = { number: this.#total, ...request }
  }

  get total(): number {
    return this.#total
  }

  routes(): readonly RouteCount[] {
    return [...this.#counts].map(([route, counts]) => ({
      route,
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
      byStatus: Object.fromEntries(counts),
    }))
  }

  /** The last requests, oldest first, at most 500. */
  last(): readonly LoggedRequest[] {
    return this.#ring.toSorted((a, b) => a.number - b.number)
  }

  clear(): void {
    this.#total = 0
    this.#counts.clear()
    this.#ring.length = 0
  }
}
