import { generateClerkBillingWorld } from './clerk-billing/generate-world.ts'
import { generateWorld, type WorldOptions } from './generate-world.ts'
import { buildWorld, readWorldFile } from './read-world-file.ts'
import { emptyWorld, type World, type WorldFrame } from './world.ts'

/** How much of a made-up business there is to be. Without effect on `empty` and on files. */
export interface WorldSize extends Pick<WorldOptions, 'drift' | 'organizationsShare'> {
  /** Default 300 for `demo`, 1,000 for `saas`. */
  readonly customers?: number
}

/** Drifts of the demo as a share: enough for every kind, few enough that repairs need not wait for a person. */
const demoDrift = 0.08

/** `demo`, `saas`, `clerk-billing`, `empty`, the path of a JSON file, or what such a file holds. */
export type WorldName = string | Readonly<Record<string, unknown>>

/**
 * Makes a world by its name: `demo` (some 300 customers, every kind of drift), `saas` (of any size),
 * `clerk-billing` (plans sold through Clerk itself, access in the app's own database), `empty`, the path
 * of a JSON file, or what such a file would hold.
 *
 * @throws SandboxError `invalid-input` for a file that cannot be read, and for numbers out of range.
 * @example
 * const world = await makeWorld('demo', { now: new Date(), seed: 7 }, {})
 */
export async function makeWorld(name: WorldName, frame: WorldFrame, size: WorldSize): Promise<World> {
  if (typeof name !== 'string') return buildWorld(name, frame)
  switch (name) {
    case 'demo':
      return generateWorld({ customers: 300, drift: demoDrift, ...frame, ...size })
    case 'saas':
      return generateWorld({ customers: 1000, ...frame, ...size })
    case 'clerk-billing':
      return generateClerkBillingWorld({ customers: 300, ...frame, ...size })
    case 'empty':
      return emptyWorld(frame)
    default:
      return readWorldFile(name, frame)
  }
}
