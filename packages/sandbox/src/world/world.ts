import { ClerkState } from '../clerk/state.ts'
import { type Clock, ManualClock } from '../server/clock.ts'
import { seededRng } from '../server/rng.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import { StripeState } from '../stripe/state.ts'
import type { AccessKeeping, AppDatabase } from './app-database.ts'
import { AppRows } from './app-rows.ts'
import { type WorldConfig, worldConfig } from './config.ts'
import { type Enactment, enactCustomer, enactSubject } from './enact.ts'
import { enactCatalogue } from './enact-catalogue.ts'
import type { Labels } from './label.ts'
import type { ExceptionMade, Told } from './life.ts'
import { Truth } from './truth.ts'
import { WorldIds } from './world-ids.ts'

/**
 * A Stripe account, a Clerk instance and where it has one the database of one app, how the app is set up, and the
 * truth about its drifts.
 */
export interface World {
  readonly stripe: StripeState
  readonly clerk: ClerkState
  /** `null`: the app keeps what it grants in Clerk alone. */
  readonly app: AppDatabase | null
  readonly config: WorldConfig
  readonly labels: Labels
}

/** What every world needs, wherever its lives come from. */
export interface WorldFrame {
  /** The same seed and options give the same world, byte by byte. Default 1. */
  readonly seed?: string | number
  /** The moment the world is seen at; everything in it lies before, or is planned for later. */
  readonly now: Date
  /**
   * Where the app keeps what it grants: in Clerk, in a database of its own (then Clerk is empty), or in both, the
   * database first and Clerk as its mirror. Default `clerk`.
   */
  readonly access?: AccessKeeping
  /** Keeps the paid flag of users in `unsafe_metadata`, which a browser can write: a drift of its own. Default false. */
  readonly premiumInUnsafe?: boolean
  /** Whether Stripe's objects are live ones. Default false. */
  readonly livemode?: boolean
  /** Leaves out cards, and payments of which nothing went back, to save memory. Checks find the same. Default false. */
  readonly lean?: boolean
  /** The time by which the states go on once the world is made. Default: stands still at `now`. */
  readonly clock?: Clock
}

/** A world that is being made. */
export interface WorldInTheMaking {
  /** The moment the world is seen at, in seconds. */
  readonly now: number
  readonly customers: number
  readonly ids: WorldIds
  /** Makes lives real, and keeps the truth that was told about them. */
  add(told: Told): void
  finish(): World
}

/** Begins a world: its catalogue is there, and nobody lives in it yet. */
export function beginWorld(frame: WorldFrame): WorldInTheMaking {
  const { seed = 1, access = 'clerk', premiumInUnsafe = false, livemode = false } = frame
  if (premiumInUnsafe && access === 'postgres') {
    throw new SandboxError(
      'invalid-input',
      'premiumInUnsafe is true in a world whose app keeps nothing in Clerk',
      "Leave it out, or make the world with access 'clerk' or 'both'.",
    )
  }
  const now = Math.floor(frame.now.getTime() / 1000)
  const clock = frame.clock ?? new ManualClock(frame.now)
  const stripe = new StripeState({
    clock,
    rng: seededRng(`stripe:${seed}`),
    livemode,
    account: { created: now - 5 * 365 * 86_400 },
  })
  const clerk = new ClerkState({ seed, clock })
  const enactment: Enactment = {
    stripe,
    clerk,
    prices: enactCatalogue(stripe, now),
    now,
    // Apart from the chance of the stories, so that what is left out of a lean world changes none of them.
    ids: new WorldIds(seededRng(`ids:${seed}`)),
    isLean: frame.lean ?? false,
  }
  const truth = new Truth()
  const app = access === 'clerk' ? null : new AppRows(access, seededRng(`app:${seed}`))
  const exceptions: ExceptionMade[] = []
  return {
    now,
    ids: enactment.ids,
    get customers() {
      return stripe.customers.size
    },
    add(told) {
      for (const customer of told.customers) enactCustomer(enactment, customer)
      for (const subject of told.subjects) {
        if (!subject.isOutsideClerk) enactSubject(enactment, subject)
        app?.add(subject)
      }
      exceptions.push(...(told.exceptions ?? []))
      truth.add(told)
    },
    finish() {
      const premium = premiumInUnsafe ? 'unsafe_metadata.is_premium' : 'public_metadata.is_premium'
      const config = worldConfig({ access, premium, exceptions })
      const labels = truth.labels({
        seed,
        now: frame.now,
        customers: stripe.customers.size,
        subscriptions: stripe.subscriptions.size,
        writableField: premiumInUnsafe ? premium : null,
      })
      return { stripe, clerk, app: app?.database() ?? null, config, labels }
    },
  }
}

/** A world with a catalogue and nobody in it. */
export function emptyWorld(frame: WorldFrame): World {
  return beginWorld(frame).finish()
}
