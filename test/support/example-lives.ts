import { Story } from './example-story.ts'
import type { ExampleWorld } from './example-world.ts'

export interface LivesOptions {
  readonly seed: string
  readonly stories: number
  /** How many times days pass; stories begin in the first half of them. */
  readonly rounds: number
  /** How many days pass at a time. */
  readonly daysEach: number
  /** How much happens in each story, at most. */
  readonly acts: number
}

/** What the stories went through. */
export interface Lived {
  /** How often each thing happened, so that a run that met little is noticed. */
  readonly met: Readonly<Record<string, number>>
  /** What the app answered that it may not. */
  readonly wrong: readonly string[]
}

/** So much of what the vendors send goes astray on its way. */
const trouble = {
  stripe: [
    { kind: 'dropped', rate: 0.1 },
    { kind: 'doubled', rate: 0.2 },
    { kind: 'reordered', rate: 0.2, places: 3 },
    { kind: 'late', rate: 0.1, delayMs: 3_600_000 },
  ],
  clerk: [
    { kind: 'doubled', rate: 0.2 },
    { kind: 'reordered', rate: 0.2, places: 2 },
    { kind: 'late', rate: 0.1, delayMs: 600_000 },
  ],
}

/** Lets organizations live side by side in the example, with webhooks that get lost, and then waits for quiet. */
export async function liveInExample(world: ExampleWorld, options: LivesOptions): Promise<Lived> {
  const met: Record<string, number> = {}
  const meet = (what: string) => {
    met[what] = (met[what] ?? 0) + 1
  }
  const wrong: string[] = []
  await world.control('stripe', 'POST', 'webhooks/faults', trouble.stripe)
  await world.control('clerk', 'POST', 'webhooks/faults', trouble.clerk)
  await world.control('stripe', 'POST', 'stripe/twins', { rate: 0.1 })
  const planned = Array.from({ length: options.stories }, (_, place) => {
    const story = new Story(world, `${options.seed}:${place}`, `${options.seed}-${place}`, meet)
    const begins = story.between(0, Math.floor(options.rounds / 2) - 1)
    const acts = Array.from({ length: story.between(2, options.acts) }, () =>
      story.between(begins, options.rounds - 1),
    )
    return { story, begins, acts }
  })
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { story, begins, acts } of planned) {
      try {
        if (round === begins) await story.begin()
        for (const _ of acts.filter((act) => act === round)) await story.goOn()
      } catch (error) {
        wrong.push(`${story.person.email} in round ${round}: ${String(error)}`)
      }
    }
    await world.example.pass(options.daysEach)
  }
  await quiet(world)
  return { met, wrong: [...wrong, ...(await leftWaiting(world))] }
}

/** Nothing gets lost any more, and everything that waits is done. */
async function quiet(world: ExampleWorld): Promise<void> {
  await world.control('stripe', 'DELETE', 'webhooks/faults')
  await world.control('clerk', 'DELETE', 'webhooks/faults')
  await world.control('stripe', 'DELETE', 'stripe/twins')
  for (let round = 0; round < 3; round += 1) {
    await world.example.sandbox.drainWebhooks()
    await world.example.pass(1)
  }
}

/** Planned readings wait for their day; nothing else may. */
async function leftWaiting({ example }: ExampleWorld): Promise<readonly string[]> {
  const waiting = await example.billing.waiting(1_000)
  return waiting
    .filter(({ key }) => !key.endsWith(':planned'))
    .map(({ key, lastError }) => `${key} is still waiting: ${lastError}`)
}
