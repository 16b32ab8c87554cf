import type { ClerkClient } from '@clerk/backend'
import type { SubjectId } from '@trueup/core'

/** What the app says that a subject has. */
export interface Has {
  readonly plan: keyof typeof featuresOfPlans
  readonly trialEndsAt?: Date
  /** Features beside those of the plan. */
  readonly addOns?: readonly string[]
  /** Seats of an organization; 0 stands for unlimited. */
  readonly seats?: number
}

const featuresOfPlans = {
  free: [],
  pro: ['reports'],
  team: ['reports', 'shared-spaces'],
  enterprise: ['audit-log', 'reports', 'shared-spaces', 'sso'],
} as const

/**
 * A small app that keeps access in Clerk's metadata. It writes what it is told by whoever tells its story, and has
 * no idea of billing, so that a check of it is a second opinion and not an echo.
 */
export class App {
  readonly #clerk: ClerkClient
  readonly #features = new Map<string, Set<string>>()
  #count = 0

  constructor(clerk: ClerkClient) {
    this.#clerk = clerk
  }

  async signUpUser(externalId?: string): Promise<SubjectId> {
    this.#count += 1
    const user = await this.#clerk.users.createUser({
      emailAddress: [`user${this.#count}@example.com`],
      ...(externalId === undefined ? {} : { externalId }),
    })
    return { type: 'user', id: user.id }
  }

  async signUpOrganization(createdBy: SubjectId): Promise<SubjectId> {
    this.#count += 1
    const organization = await this.#clerk.organizations.createOrganization({
      name: `Organization ${this.#count}`,
      createdBy: createdBy.id,
    })
    return { type: 'organization', id: organization.id }
  }

  async addEmail(user: SubjectId, emailAddress: string): Promise<void> {
    await this.#clerk.emailAddresses.createEmailAddress({ userId: user.id, emailAddress, verified: true })
  }

  /** Keeps the customer where the app keeps it: users in public metadata, organizations in private. */
  async pointTo(subject: SubjectId, customerId: string | null): Promise<void> {
    const keys = { stripe_customer_id: customerId }
    if (subject.type === 'user') {
      await this.#clerk.users.updateUserMetadata(subject.id, { publicMetadata: keys })
    } else {
      await this.#clerk.organizations.updateOrganizationMetadata(subject.id, { privateMetadata: keys })
    }
  }

  /** Sets access to exactly this: what is not named is taken away. */
  async give(subject: SubjectId, has: Has): Promise<void> {
    const features = new Set<string>([...featuresOfPlans[has.plan], ...(has.addOns ?? [])])
    const known = this.#features.get(subject.id) ?? new Set()
    for (const feature of features) known.add(feature)
    this.#features.set(subject.id, known)
    const entitlements = Object.fromEntries([...known].map((feature) => [feature, features.has(feature)]))
    if (subject.type === 'user') {
      await this.write(subject, {
        plan: has.plan,
        is_premium: has.plan !== 'free',
        trial_ends_at: has.trialEndsAt?.toISOString() ?? null,
        entitlements,
      })
      return
    }
    await this.write(subject, { plan: has.plan, entitlements })
    if (has.seats !== undefined) {
      await this.#clerk.organizations.updateOrganization(subject.id, { maxAllowedMemberships: has.seats })
    }
  }

  /** Writes public metadata as it stands here, for apps that write what they should not. */
  async write(subject: SubjectId, publicMetadata: Readonly<Record<string, unknown>>): Promise<void> {
    if (subject.type === 'user')
      await this.#clerk.users.updateUserMetadata(subject.id, { publicMetadata: { ...publicMetadata } })
    else
      await this.#clerk.organizations.updateOrganizationMetadata(subject.id, {
        publicMetadata: { ...publicMetadata },
      })
  }

  async deleteUser(user: SubjectId): Promise<void> {
    await this.#clerk.users.deleteUser(user.id)
  }
}
