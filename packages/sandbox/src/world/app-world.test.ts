import { describe, expect, it } from 'vitest'
import type { AppDatabase, AppEntitlementRow, AppOrganizationRow, AppUserRow } from './app-database.ts'
import { appSql } from './app-sql.ts'
import { driftKindsOf, generateWorld, type WorldOptions } from './generate-world.ts'
import { type LabelSubject, subjectKey } from './label.ts'
import { buildWorld } from './read-world-file.ts'
import type { World } from './world.ts'

const now = new Date('2026-11-21T12:00:00Z')
const make = (options: Partial<WorldOptions>) =>
  generateWorld({ customers: 1500, drift: 0.08, lean: true, now, ...options })
const places = ['postgres', 'both'] as const
const worlds = places.flatMap((access) => [1, 2].map((seed) => ({ access, world: make({ access, seed }) })))
const mirrored = worlds.flatMap(({ access, world }) => (access === 'both' ? [world] : []))

function appOf({ app }: World): AppDatabase {
  if (app === null) throw new Error('The app of this world has no database.')
  return app
}

/** What a subject has in each place, with the words taken away. */
function placesOf(world: World, subject: LabelSubject) {
  const app = appOf(world)
  if (subject.type === 'organization') {
    const row = app.organizations.find(({ id }) => id === subject.id)
    const found = world.clerk.organizations.get(subject.id)
    return [
      row && { ...inRow(row), features: row.features.length, seats: row.seats, trial: null },
      found && {
        customer: found.private_metadata.stripe_customer_id ?? null,
        features: featuresIn(found.public_metadata),
        seats: found.max_allowed_memberships,
        trial: null,
        isDeleted: false,
      },
    ]
  }
  const row = app.users.find(({ clerk_user_id }) => clerk_user_id === subject.id)
  const user = world.clerk.users.get(subject.id)
  const isOn = ({ user_id, enabled }: AppEntitlementRow) => user_id === row?.id && enabled
  return [
    row && {
      ...inRow(row),
      features: app.userEntitlements.filter(isOn).length,
      seats: null,
      trial: row.trial_ends_at?.getTime() ?? null,
    },
    user && {
      customer: user.public_metadata.stripe_customer_id ?? null,
      features: featuresIn(user.public_metadata),
      seats: null,
      trial: momentIn(user.public_metadata.trial_ends_at),
      isDeleted: false,
    },
  ]
}

function inRow(row: AppUserRow | AppOrganizationRow) {
  return { customer: row.stripe_customer_id, isDeleted: row.deleted_at !== null }
}

function momentIn(value: unknown): number | null {
  if (typeof value === 'number') return value < 1e11 ? value * 1000 : value
  return typeof value === 'string' ? Date.parse(value) : null
}

function featuresIn({ entitlements }: Readonly<Record<string, unknown>>): number {
  if (Array.isArray(entitlements)) return entitlements.length
  return Object.values(entitlements ?? {}).filter((value) => value === true).length
}

describe('a world whose app keeps access in its own database', () => {
  it('is the same for the same seed, row by row', () => {
    for (const access of places) {
      const rows = () => [...appSql(appOf(make({ access, customers: 200, seed: 'a' })))].join('')
      expect(rows()).toBe(rows())
    }
  })

  it('has no database when the app keeps everything in Clerk, and no Clerk when it keeps nothing there', () => {
    expect(make({ customers: 20 }).app).toBeNull()
    const { app, clerk } = make({ customers: 20, access: 'postgres' })
    expect(app?.users.length).toBeGreaterThan(10)
    expect([clerk.users.size, clerk.organizations.size]).toEqual([0, 0])
  })

  it('plants every kind of drift that can occur there', () => {
    for (const { access, world } of worlds) {
      const found = new Set(world.labels.drifts.map(({ kind }) => kind))
      expect(driftKindsOf(access).filter((kind) => !found.has(kind))).toEqual([])
    }
  })

  it('agrees in everything when no drift is wanted', () => {
    for (const access of places) {
      const { labels } = make({ access, drift: 0, customers: 400 })
      expect([labels.drifts, labels.cannotTell, labels.settling]).toEqual([[], [], []])
    }
  })

  it('holds rows that hang together: members and entitlements belong to users that are there', () => {
    for (const { world } of worlds) {
      const { users, organizations, organizationMembers, userEntitlements } = appOf(world)
      const userIds = new Set(users.map(({ id }) => id))
      const organizationIds = new Set(organizations.map(({ id }) => id))
      expect([userIds.size, organizationIds.size]).toEqual([users.length, organizations.length])
      const members = new Set(organizationMembers.map((row) => `${row.organization_id} ${row.user_id}`))
      const features = new Set(userEntitlements.map(({ user_id, feature }) => `${user_id} ${feature}`))
      expect([members.size, features.size]).toEqual([organizationMembers.length, userEntitlements.length])
      expect(userEntitlements.every(({ user_id }) => userIds.has(user_id))).toBe(true)
      expect(
        organizationMembers.every(
          ({ user_id, organization_id }) => userIds.has(user_id) && organizationIds.has(organization_id),
        ),
      ).toBe(true)
    }
  })

  it('knows users by a UUID, and by their id in Clerk where the app uses Clerk', () => {
    for (const { access, world } of worlds) {
      const { users } = appOf(world)
      expect(
        users.every(({ id }) =>
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
        ),
      ).toBe(true)
      expect(users.every(({ clerk_user_id }) => (clerk_user_id === null) === (access === 'postgres'))).toBe(
        true,
      )
    }
  })

  it('marks rows as deleted that still say what they granted, of payers and of those who left', () => {
    for (const { world } of worlds) {
      const gone = appOf(world).users.filter(({ deleted_at }) => deleted_at !== null)
      expect(gone.some(({ plan, is_premium }) => plan !== null && is_premium === true)).toBe(true)
      const labelled = world.labels.drifts.filter(({ kind }) => kind === 'payer-deleted-subject')
      expect(gone.length).toBeGreaterThan(labelled.length)
    }
  })

  it('has organizations with more members than they pay for, and says so', () => {
    for (const { world } of worlds) {
      const over = new Set(world.labels.drifts.flatMap(({ kind, on }) => (kind === 'seats-over' ? [on] : [])))
      const app = appOf(world)
      const crowded = app.organizations.filter(
        ({ id, seats }) =>
          app.organizationMembers.filter(({ organization_id }) => organization_id === id).length >
          (seats ?? 5),
      )
      for (const { id } of crowded) expect(over).toContain(`organization:${id}`)
    }
    const { labels } = make({ access: 'postgres', drift: { 'seats-over': 0.02 } })
    expect(labels.drifts.some(({ story }) => story.includes('people use them'))).toBe(true)
  })

  it('tells labels about subjects that are in the database or in Clerk', () => {
    for (const { access, world } of worlds) {
      const { users, organizations } = appOf(world)
      const known = new Set([
        ...users.map(({ id, clerk_user_id }) => `user:${access === 'both' ? clerk_user_id : id}`),
        ...organizations.map(({ id }) => `organization:${id}`),
        ...world.clerk.users.all().map(({ id }) => `user:${id}`),
        ...world.clerk.organizations.all().map(({ id }) => `organization:${id}`),
      ])
      const about = world.labels.drifts.filter(
        ({ subject, kind }) => subject !== null && kind !== 'payer-deleted-subject',
      )
      expect(about.every(({ subject }) => subject !== null && known.has(subjectKey(subject)))).toBe(true)
    }
  })
})

describe('a world whose app mirrors its database in Clerk', () => {
  it('holds the same in both places, but for those of whom a label tells', () => {
    for (const world of mirrored) {
      const told = new Set([
        ...world.labels.drifts.flatMap(({ subject, touches }) => [
          ...(subject ? [subjectKey(subject)] : []),
          ...(touches ?? []),
        ]),
      ])
      for (const { id } of world.clerk.organizations.all()) {
        const subject = { type: 'organization', id } as const
        if (told.has(subjectKey(subject))) continue
        const [row, mirror] = placesOf(world, subject)
        expect(row?.features).toBe(mirror?.features)
      }
    }
  })

  it('plants disagreements where the two places differ in what the label names', () => {
    const kinds = new Set<string>()
    for (const seed of [1, 2, 3]) {
      const world = make({ access: 'both', seed, drift: { 'grants-disagree': 0.06 }, customers: 1000 })
      for (const { kind, subject, component } of world.labels.drifts) {
        if (kind !== 'grants-disagree' || subject === null) continue
        const [row, mirror] = placesOf(world, subject)
        kinds.add(component)
        // A record that one place does not have, or has marked as deleted, opens nothing there.
        if (!row || row.isDeleted || !mirror) expect(component).toBe('paid')
        else if (component === 'trialEndsAt') expect(row.trial).not.toBe(mirror.trial)
        else if (component === 'seats') expect(row.seats).not.toBe(mirror.seats)
        else if (component === 'customer') expect(row.customer).not.toBe(mirror.customer)
        else expect(row.features).not.toBe(mirror.features)
      }
    }
    expect([...kinds].sort()).toEqual([
      'customer',
      'entitlement:reports-plus',
      'paid',
      'plan',
      'seats',
      'trialEndsAt',
    ])
  })

  it('names its partners in the configuration, since nobody pays for them', () => {
    const { config, labels } = make({ access: 'both', drift: { 'grants-disagree': 0.06 } })
    const partners = config.exceptions ?? []
    expect(partners.length).toBeGreaterThan(0)
    const disagree = labels.drifts.map(({ on }) => on)
    for (const { subject } of partners) expect(disagree).toContain(subject)
  })

  it('sets the database before its mirror, so that the mirror is what gets repaired', () => {
    expect(mirrored[0]?.config.access.map((each) => Object.keys(each)[0])).toEqual(['postgres', 'clerk'])
  })
})

describe('the SQL of an app', () => {
  it('writes every value as PostgreSQL reads it', () => {
    const app = appOf(make({ access: 'both', customers: 5 }))
    const [organization] = app.organizations
    const [user] = app.users
    if (!organization || !user) throw new Error('A world of five customers has both.')
    const sql = [
      ...appSql({
        ...app,
        users: [{ ...user, full_name: "Ada O'Neil", plan: null, is_premium: true, trial_ends_at: now }],
        organizations: [{ ...organization, features: ["it's", 'b'], seats: 7 }],
      }),
    ].join('')
    expect(sql).toContain("'Ada O''Neil'")
    expect(sql).toContain("null, true, '2026-11-21T12:00:00.000Z'")
    expect(sql).toContain("array['it''s', 'b']::text[], 7")
  })
})

describe('what cannot be a world', () => {
  it('is a file with a database, a browser-writable flag without Clerk, a disagreement of one place', () => {
    expect(() => buildWorld({}, { now, access: 'postgres' })).toThrow("access is 'postgres'")
    expect(() => make({ access: 'postgres', premiumInUnsafe: true })).toThrow('keeps nothing in Clerk')
    expect(() => make({ access: 'postgres', drift: { 'grants-disagree': 0.1 } })).toThrow(
      'keeps access in one place',
    )
  })
})
