import type { Rng } from '../server/rng.ts'
import { day, hour, minute } from '../stripe/engine/calendar.ts'
import type { AccessKeeping } from './app-database.ts'
import { companyName, personName } from './people.ts'
import { WorldIds } from './world-ids.ts'

/**
 * Where a story takes place: the moment the world is seen at, its chance, and a supply of ids and names that never
 * repeat. Every moment is in seconds. Nothing that a scene places in the past is younger than half an hour, unless the
 * story asks for it, so that no change looks as if its webhook may still be under way.
 */
export class Scene {
  /** The moment the world is seen at, in seconds. */
  readonly now: number
  readonly #rng: Rng
  /** Whether the app keeps its paid flag in `unsafe_metadata`, where every browser can write it. */
  readonly premiumInUnsafe: boolean
  /** Where the app keeps what it grants. */
  readonly access: AccessKeeping
  /** The user who administers the organizations made last; some people administer several. */
  adminId: string | null = null
  readonly #ids: WorldIds
  #people = 0
  #companies = 0

  constructor(options: {
    readonly now: Date
    readonly rng: Rng
    readonly premiumInUnsafe: boolean
    readonly access: AccessKeeping
  }) {
    this.now = Math.floor(options.now.getTime() / 1000)
    this.#rng = options.rng
    this.#ids = new WorldIds(options.rng)
    this.premiumInUnsafe = options.premiumInUnsafe
    this.access = options.access
  }

  /** A whole number in `low..high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#rng.next() * (high - low + 1))
  }

  /** True in so many of a hundred times. */
  chance(percent: number): boolean {
    return this.#rng.next() * 100 < percent
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#rng.next() * choices.length)] ?? choices[0]
  }

  /** A number in [0, 1). */
  share(): number {
    return this.#rng.next()
  }

  /** An id that no other customer, subscription or purchase of the world has. */
  id(prefix: string): string {
    return this.#ids.stripe(prefix)
  }

  /** The same for users and organizations. Users of an app without Clerk have a UUID, as `gen_random_uuid()` makes them. */
  subjectId(type: 'user' | 'organization'): string {
    if (type === 'organization') return this.#ids.clerk('org')
    return this.access === 'postgres' ? this.#ids.uuid() : this.#ids.clerk('user')
  }

  /** A moment so many days ago, at least half an hour before now. */
  daysAgo(low: number, high: number): number {
    return this.now - Math.max(30 * minute, this.between(low * day, high * day))
  }

  daysAhead(low: number, high: number): number {
    return this.now + Math.max(2 * hour, this.between(low * day, high * day))
  }

  /** The start of a period that began at least an hour ago and ends at least two hours from now, in any month. */
  periodStart(interval: 'month' | 'year'): number {
    const shortestDays = interval === 'month' ? 28 : 365
    return this.now - this.between(hour, shortestDays * day - 3 * hour)
  }

  person(): { readonly name: string; readonly email: string; readonly first: string; readonly last: string } {
    this.#people += 1
    return personName(this.#people - 1)
  }

  company(): { readonly name: string; readonly slug: string } {
    this.#companies += 1
    return companyName(this.#companies - 1)
  }
}
