import { day } from '../stripe/engine/calendar.ts'
import { freeAccess, writeAccess } from './app-access.ts'
import { type Bought, boughtNothing } from './bought.ts'
import type { LabelSubject } from './label.ts'
import type {
  AppAccess,
  AppRecord,
  CustomerLife,
  OrganizationLife,
  SubjectLife,
  UserLife,
  Whereabouts,
} from './life.ts'
import type { Scene } from './scene.ts'

/** A customer and the subject it belongs to, with a free user beside them where an organization needs its admin. */
export interface Household {
  readonly customer: CustomerLife
  readonly subject: LabelSubject
  readonly customers: readonly CustomerLife[]
  readonly subjects: readonly SubjectLife[]
}

export interface HouseholdChanges {
  /** A word that the app wrote for the plan, in place of the plan's own. */
  readonly planWord?: string
  readonly where?: CustomerLife['where']
  /** When the app last changed its record, in seconds. Default: some time ago. */
  readonly updatedAt?: number
  /** What the app's database grants where it is not what `gives` says; `missing`: it has no row. */
  readonly inDatabase?: AppAccess | 'missing'
  /** When the row was marked as deleted, in seconds. */
  readonly deletedAt?: number
  /** What Clerk grants where it is not what `gives` says; `missing`: Clerk does not know the subject. */
  readonly inClerk?: AppAccess | 'missing'
  /** Members of an organization beside the one who administers it. */
  readonly memberIds?: readonly string[]
}

/**
 * Puts together who bought something and what the app gives them. Most apps point to the customer and name
 * themselves in the customer's metadata; some do only one of the two, which is enough.
 */
export function household(
  scene: Scene,
  type: LabelSubject['type'],
  bought: Bought,
  gives: AppAccess,
  changes: HouseholdChanges = {},
): Household {
  const who = type === 'user' ? scene.person() : null
  const company = type === 'organization' ? scene.company() : null
  const subject = { type, id: scene.subjectId(type) }
  const link = scene.between(1, 100)
  const { where = 'here' } = changes
  const isPointedTo = link <= 95 || where !== 'here'
  const customer = makeCustomerLife(scene, bought, {
    name: who?.name ?? company?.name ?? null,
    email: who?.email ?? (company ? `billing@${company.slug}.example.com` : null),
    metadata: link <= 85 || !isPointedTo ? namedIn(subject) : {},
    where,
  })
  const lives = subjectLives(scene, subject, {
    who,
    company,
    gives,
    customerId: isPointedTo ? customer.id : null,
    knownSince: customer.createdAt,
    ...changes,
  })
  return { customer, subject, customers: [customer], subjects: lives }
}

/** The metadata by which a customer names its subject. */
export function namedIn(subject: LabelSubject): Readonly<Record<string, string>> {
  return subject.type === 'user' ? { user_id: subject.id } : { organization_id: subject.id }
}

export function makeCustomerLife(
  scene: Scene,
  bought: Bought,
  said: Pick<CustomerLife, 'name' | 'email' | 'metadata'> & { readonly where?: CustomerLife['where'] },
): CustomerLife {
  const first = Math.min(
    scene.daysAgo(1, 500),
    ...bought.subscriptions.map(({ startedAt }) => startedAt),
    ...bought.purchases.map(({ paidAt }) => paidAt),
  )
  return {
    id: scene.id('cus'),
    createdAt: bought === boughtNothing ? first : first - scene.between(60, day),
    subscriptions: bought.subscriptions,
    purchases: bought.purchases,
    where: 'here',
    ...said,
  }
}

/** A user, or an organization with the user who administers it. */
export function subjectLives(
  scene: Scene,
  subject: LabelSubject,
  said: HouseholdChanges & {
    readonly who: ReturnType<Scene['person']> | null
    readonly company: ReturnType<Scene['company']> | null
    readonly gives: AppAccess
    readonly customerId: string | null
    /** The subject was there before this, in seconds. */
    readonly knownSince: number
  },
): readonly SubjectLife[] {
  const createdAt = said.knownSince - scene.between(60, 30 * day)
  const updatedAt = said.updatedAt ?? Math.max(createdAt, scene.daysAgo(0, 40))
  const inClerk = said.inClerk === 'missing' ? freeAccess : (said.inClerk ?? said.gives)
  const { publicMetadata, unsafeMetadata } = writeAccess(scene, subject.type, inClerk, {
    customerId: said.customerId,
    premiumInUnsafe: scene.premiumInUnsafe,
    ...(said.planWord === undefined ? {} : { planWord: said.planWord }),
  })
  const shared = { id: subject.id, pointsTo: said.customerId, createdAt, updatedAt, publicMetadata }
  const record = recordOf(said)
  if (subject.type === 'user') {
    const { first, last, email } = said.who ?? scene.person()
    return [
      {
        type: 'user',
        firstName: first,
        lastName: last,
        email,
        privateMetadata: {},
        unsafeMetadata,
        ...shared,
        ...whereabouts(scene, said, record),
      },
    ]
  }
  const { name, slug } = said.company ?? scene.company()
  const admin = administrator(scene, createdAt)
  const organization: OrganizationLife = {
    type: 'organization',
    name,
    slug,
    privateMetadata: said.customerId === null ? {} : { stripe_customer_id: said.customerId },
    seats: inClerk.seats ?? defaultSeats,
    adminId: admin.id,
    ...shared,
    ...whereabouts(scene, said, record && { ...record, memberIds: [admin.id, ...(said.memberIds ?? [])] }),
  }
  return admin.life === null ? [organization] : [admin.life, organization]
}

/** What the app's database holds of a subject; `null` when it has no row. */
function recordOf(said: HouseholdChanges & { readonly gives: AppAccess }): AppRecord | null {
  if (said.inDatabase === 'missing') return null
  return {
    access: said.inDatabase ?? said.gives,
    ...(said.planWord === undefined ? {} : { planWord: said.planWord }),
    ...(said.deletedAt === undefined ? {} : { deletedAt: said.deletedAt }),
  }
}

/** Where a subject stands, as far as the app of this scene has such places. */
function whereabouts(scene: Scene, said: HouseholdChanges, record: AppRecord | null): Whereabouts {
  if (scene.access === 'clerk') return {}
  const isOutsideClerk = scene.access === 'postgres' || said.inClerk === 'missing'
  return { record, ...(isOutsideClerk ? { isOutsideClerk } : {}) }
}

/** What Clerk allows an organization unless told otherwise. */
export const defaultSeats = 5

/** Somebody who runs an organization and is a free user themselves; every other time the one who runs the last. */
function administrator(
  scene: Scene,
  before: number,
): { readonly id: string; readonly life: UserLife | null } {
  if (scene.adminId !== null && scene.chance(50)) return { id: scene.adminId, life: null }
  const id = scene.subjectId('user')
  scene.adminId = id
  return { id, life: freeUser(scene, id, before) }
}

/** A user who never came near billing. Some apps write nothing at all for them. */
export function freeUser(scene: Scene, id: string, before: number): UserLife {
  const { first, last, email } = scene.person()
  const written = scene.chance(40)
    ? { publicMetadata: {}, unsafeMetadata: {} }
    : writeAccess(scene, 'user', freeAccess, { customerId: null, premiumInUnsafe: scene.premiumInUnsafe })
  const createdAt = before - scene.between(60, 30 * day)
  return {
    type: 'user',
    id,
    firstName: first,
    lastName: last,
    email,
    pointsTo: null,
    createdAt,
    updatedAt: Math.max(createdAt, scene.daysAgo(0, 40)),
    privateMetadata: {},
    ...written,
    ...whereabouts(scene, {}, { access: freeAccess }),
  }
}
