import type { Bought } from './bought.ts'
import { type HouseholdChanges, household } from './household.ts'
import { type Label, type LabelComponent, type LabelSubject, type PlantedKind, subjectKey } from './label.ts'
import type { AppAccess, Told } from './life.ts'
import type { Scene } from './scene.ts'

/** One drift of a subject. */
export function label(
  kind: PlantedKind,
  component: LabelComponent,
  of: { readonly subject: LabelSubject; readonly customer: string | null },
  story: string,
): Label {
  return { kind, subject: of.subject, customer: of.customer, component, on: subjectKey(of.subject), story }
}

/** A drift between what was bought and what is given. */
export interface Difference {
  readonly kind: PlantedKind
  readonly component: LabelComponent
  readonly bought: Bought
  /** What the app gives, which is wrong. */
  readonly gives: AppAccess
  /** What it would give if it were right. */
  readonly right: AppAccess
  /** As a clause. */
  readonly because: string
}

/**
 * A household with one drift between what was bought and what is given. Where the app keeps access in two places, the
 * same is wrong in both, or in one of them only.
 */
export function differing(scene: Scene, type: LabelSubject['type'], difference: Difference): Told {
  const { kind, component, bought, gives, because } = difference
  const { changes, where } = wrongPlaces(scene, difference)
  const home = household(scene, type, bought, gives, changes)
  const story = `They ${bought.story}; ${because}${where}`
  return {
    ...home,
    drifts: [label(kind, component, { subject: home.subject, customer: home.customer.id }, story)],
  }
}

/** Which of two places is wrong, and how the other differs from it. */
function wrongPlaces(
  scene: Scene,
  { kind, right }: Difference,
): { readonly changes: HouseholdChanges; readonly where: string } {
  if (scene.access !== 'both' || scene.chance(50)) return { changes: {}, where: '' }
  if (kind === 'paid-without-access' && scene.chance(40)) return goneInOne(scene, right)
  return scene.chance(50)
    ? { changes: { inClerk: right }, where: ' Only the database says so.' }
    : { changes: { inDatabase: right }, where: ' Only the mirror in Clerk says so.' }
}

/** One place has no record of them; the other is right. */
function goneInOne(scene: Scene, right: AppAccess) {
  return scene.chance(50)
    ? ({ changes: { inDatabase: 'missing', inClerk: right }, where: ' The database has no row.' } as const)
    : ({ changes: { inDatabase: right, inClerk: 'missing' }, where: ' In Clerk they are gone.' } as const)
}
