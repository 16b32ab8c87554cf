import type {
  BillingFact,
  Clock,
  MemoryRecord,
  MemoryRepairOptions,
  MemoryRepairTarget,
  PostgresMapping,
  ProjectStore,
  Repair,
  Store,
  SubjectReading,
} from '@trueup/core'
import {
  createMemoryAccessSource,
  createMemoryBillingSource,
  createMemoryRepairTarget,
  createMemoryStore,
  defaultPolicy,
  postgresRowReader,
} from '@trueup/core'
import { catalogue, customer, prices, subscription } from '../../packages/core/src/check/recorded-pairs.ts'
import type { CheckOutcome } from '../../packages/service/src/check/run-check.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import type { ProjectConfig } from '../../packages/service/src/config/project-config.ts'
import { incidentId } from '../../packages/service/src/incident-id.ts'
import type { RepairDependencies } from '../../packages/service/src/repair/repair-dependencies.ts'

const start = new Date('2026-06-01T12:00:00Z')

export const usersMapping: PostgresMapping = {
  schema: 'public',
  table: 'users',
  key: 'id',
  subject: null,
  customerId: 'stripe_customer_id',
  email: null,
  emailVerified: null,
  plan: 'plan',
  premium: 'is_premium',
  trialEndsAt: null,
  entitlements: null,
  seats: null,
  members: null,
  deletedAt: null,
  updatedAt: null,
}

export const usersTable = 'public.users'

/** What an account pays for and what the app has on record for it. */
export interface WorldUser {
  readonly pays: 'price_pro' | 'price_enterprise' | null
  readonly plan: string | null
  readonly premium: boolean | null
}

export interface RepairWorldOptions {
  readonly users: Readonly<Record<string, WorldUser>>
  readonly store?: Store
  readonly target?: Partial<MemoryRepairOptions>
  readonly config?: Partial<ProjectConfig>
  readonly reached?: RepairDependencies['reached']
}

/**
 * An app with a table of users in memory, and billing beside it: a check reads both, and repairs write to the table
 * through the journal of a repair function. Time stands still until it is moved on.
 */
export class RepairWorld {
  readonly target: MemoryRepairTarget
  readonly dependencies: RepairDependencies
  readonly project: ProjectStore
  #now = start
  readonly #payments = new Map<string, WorldUser['pays']>()

  static async open(options: RepairWorldOptions): Promise<RepairWorld> {
    const store = options.store ?? createMemoryStore()
    return new RepairWorld(options, await store.project('app'))
  }

  private constructor(options: RepairWorldOptions, project: ProjectStore) {
    this.project = project
    const ids = Object.keys(options.users)
    const rows: Record<string, MemoryRecord> = {}
    for (const [id, user] of Object.entries(options.users)) {
      this.#payments.set(id, user.pays)
      rows[id] = { plan: user.plan, is_premium: user.premium, stripe_customer_id: `cus_${id}` }
    }
    const clock: Clock = { now: () => this.#now }
    this.target = createMemoryRepairTarget({
      source: 'app',
      clock,
      records: { [usersTable]: rows },
      ...options.target,
    })
    const read = postgresRowReader({ type: 'user', mapping: usersMapping, catalogue, source: 'app' })
    const readings = (): readonly SubjectReading[] =>
      ids.flatMap((id) => {
        const row = this.target.read(usersTable, id)
        return row ? [read({ values: { id, ...row }, features: null, members: null }, this.#now)] : []
      })
    const facts = () => ids.flatMap((id) => this.#fact(id))
    const customers = ids.map((id) => customer(`cus_${id}`))
    this.dependencies = {
      project,
      clock,
      config: {
        catalogue,
        policy: { ...defaultPolicy, settleMinutes: 0, brake: { hold: 1_000_000, collapse: 1_000_000 } },
        match: [{ from: { kind: 'customer.id' }, to: 'customerId', text: 'customer.id' }],
        exceptions: [],
        access: [
          {
            kind: 'postgres',
            name: 'app',
            mappings: { user: usersMapping },
            urlVariable: 'APP_URL',
            allowWriteRole: false,
            ca: null,
          },
        ],
        billing: { kind: 'stripe', entitlements: false, requestsPerDay: null },
        fingerprint: 'config-1',
        ...options.config,
      },
      billing: createMemoryBillingSource({
        billing: {
          prices,
          refunds: [],
          disputes: [],
          purchases: [],
          gone: [],
          customers,
          get subscriptions() {
            return facts().map((fact) => ({ fact, customer: customer(fact.customerId) }))
          },
        },
      }),
      access: [
        createMemoryAccessSource({
          name: 'app',
          subjectTypes: ['user'],
          access: {
            get users() {
              return readings()
            },
            organizations: [],
          },
        }),
      ],
      targets: [this.target],
      incidentId: (key) => incidentId('app', key),
      reached: options.reached ?? (async () => {}),
    }
  }

  get now(): Date {
    return this.#now
  }

  pass(minutes: number): void {
    this.#now = new Date(this.#now.getTime() + minutes * 60_000)
  }

  /** The account pays for something else from now on; `null`: for nothing. */
  pays(id: string, price: WorldUser['pays']): void {
    this.#payments.set(id, price)
  }

  /** What the app itself writes. */
  write(id: string, fields: MemoryRecord): void {
    this.target.write(usersTable, id, { ...this.target.read(usersTable, id), ...fields })
  }

  row(id: string): MemoryRecord | null {
    return this.target.read(usersTable, id)
  }

  async check(): Promise<CheckOutcome> {
    return await runCheck(this.dependencies, { dryRun: false, fresh: true })
  }

  async repair(id: string): Promise<Repair> {
    const repair = await this.project.repair(id)
    if (!repair) throw new Error(`There is no repair ${id}.`)
    return repair
  }

  /** The acts that the ledger was given about a repair, in order. */
  async acts(about: { readonly repair?: string; readonly incident?: string }): Promise<readonly string[]> {
    const acts: string[] = []
    await this.#stage()
    for (const draft of this.#drafts) {
      const isMeant =
        (about.repair !== undefined && draft.about.repair === about.repair) ||
        (about.incident !== undefined && draft.about.incident === about.incident)
      if (isMeant) acts.push(draft.act)
    }
    return acts
  }

  readonly #drafts: import('@trueup/core').LedgerDraft[] = []

  async #stage(): Promise<void> {
    while (
      (await this.project.sequenceEntries(1000, (drafts) => {
        this.#drafts.push(...drafts)
        return []
      })) > 0
    );
  }

  #fact(id: string): readonly BillingFact[] {
    const price = this.#payments.get(id)
    if (!price) return []
    return [subscription([price], { id: `sub_${id}`, customerId: `cus_${id}` })]
  }
}
