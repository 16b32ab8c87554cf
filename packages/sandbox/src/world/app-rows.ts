import type { Rng } from '../server/rng.ts'
import {
  type AccessKeeping,
  type AppDatabase,
  type AppEntitlementRow,
  type AppMemberRow,
  type AppOrganizationRow,
  type AppUserRow,
  appSchemaSql,
} from './app-database.ts'
import { planSpellings } from './catalogue.ts'
import { defaultSeats } from './household.ts'
import type { AppRecord, OrganizationLife, SubjectLife, UserLife } from './life.ts'
import { WorldIds } from './world-ids.ts'

/** Features that an app switched off for somebody and left standing as a row. */
const switchedOff = ['beta', 'sso', 'reports-plus'] as const

/**
 * Puts subjects into the tables of the app. It has a chance of its own, so that the tables change nothing of what the
 * world's stories tell.
 */
export class AppRows {
  readonly #keeping: AccessKeeping
  readonly #rng: Rng
  readonly #ids: WorldIds
  readonly #users: AppUserRow[] = []
  readonly #organizations: AppOrganizationRow[] = []
  readonly #members: AppMemberRow[] = []
  readonly #entitlements: AppEntitlementRow[] = []
  /** The key of a user's row, by the id that the subject goes by. */
  readonly #keys = new Map<string, string>()

  constructor(keeping: AccessKeeping, rng: Rng) {
    this.#keeping = keeping
    this.#rng = rng
    this.#ids = new WorldIds(rng)
  }

  /** Adds the rows of a subject; none where the database does not know it. */
  add(life: SubjectLife): void {
    const { record } = life
    if (!record) return
    if (life.type === 'user') this.#addUser(life, record)
    else this.#addOrganization(life, record)
  }

  /** The database with all rows added so far. */
  database(): AppDatabase {
    return {
      schemaSql: appSchemaSql(this.#keeping === 'both'),
      users: this.#users,
      organizations: this.#organizations,
      organizationMembers: this.#members,
      userEntitlements: this.#entitlements,
    }
  }

  #addUser(life: UserLife, record: AppRecord): void {
    const usesClerk = this.#keeping === 'both'
    const id = usesClerk ? this.#ids.uuid() : life.id
    if (usesClerk) this.#keys.set(life.id, id)
    const { access } = record
    const isPaid = access.plan !== 'free'
    this.#users.push({
      id,
      clerk_user_id: usesClerk ? life.id : null,
      email: life.email,
      email_verified_at: life.email !== null && this.#chance(90) ? date(life.createdAt + 60) : null,
      full_name: [life.firstName, life.lastName].filter((name) => name !== null).join(' ') || null,
      locale: this.#pick(['en', 'en', 'de', 'fr', 'ja']),
      stripe_customer_id: life.pointsTo,
      plan: this.#planOf(record, isPaid),
      // A free user without a flag is as good as one with a false flag: the plan says it.
      is_premium: isPaid ? true : this.#chance(90) ? false : null,
      trial_ends_at: access.trialEndsAt === null ? null : date(access.trialEndsAt),
      last_seen_at: this.#chance(80) ? date(life.updatedAt) : null,
      ...momentsOf(life, record),
    })
    for (const feature of access.features) {
      this.#entitlements.push({ user_id: id, feature, enabled: true })
    }
    if (this.#chance(10)) {
      const feature = this.#pick(switchedOff)
      if (!access.features.includes(feature))
        this.#entitlements.push({ user_id: id, feature, enabled: false })
    }
  }

  #addOrganization(life: OrganizationLife, record: AppRecord): void {
    const { access, memberIds = [] } = record
    this.#organizations.push({
      id: life.id,
      name: life.name,
      slug: life.slug,
      stripe_customer_id: life.pointsTo,
      plan: this.#planOf(record, access.plan !== 'free'),
      features: access.features,
      seats: access.seats ?? (this.#chance(80) ? defaultSeats : null),
      ...momentsOf(life, record),
    })
    memberIds.forEach((memberId, at) => {
      this.#members.push({
        organization_id: life.id,
        user_id: this.#keys.get(memberId) ?? memberId,
        role: at === 0 ? 'admin' : 'member',
        joined_at: date(life.createdAt),
      })
    })
  }

  /** The plan in one of the app's own words. Some code paths wrote none for those who never bought. */
  #planOf({ access, planWord }: AppRecord, isPaid: boolean): string | null {
    if (planWord !== undefined) return planWord
    if (!isPaid && this.#chance(10)) return null
    return this.#pick(planSpellings[access.plan])
  }

  #chance(percent: number): boolean {
    return this.#rng.next() * 100 < percent
  }

  #pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#rng.next() * choices.length)] ?? choices[0]
  }
}

function momentsOf(life: SubjectLife, record: AppRecord) {
  return {
    created_at: date(life.createdAt),
    updated_at: date(Math.max(life.updatedAt, record.deletedAt ?? 0)),
    deleted_at: record.deletedAt === undefined ? null : date(record.deletedAt),
  }
}

function date(seconds: number): Date {
  return new Date(seconds * 1000)
}
