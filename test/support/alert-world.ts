import { createHash, randomBytes } from 'node:crypto'
import type { Drift, Incident, IncidentChange, LedgerDraft } from '@trueup/core'
import {
  acknowledgeIncident,
  enterDrafts,
  entriesOfIncidents,
  identityKey,
  identityOf,
  ignoreIncident,
  observeDrift,
  reopenIncident,
  resolveIncident,
} from '@trueup/core'
import { ownMachinePolicy } from '../../packages/service/src/adapters/postgres/connection/index.ts'
import { systemTimer } from '../../packages/service/src/adapters/system.ts'
import type { AlertDependencies } from '../../packages/service/src/alert/alert-dependencies.ts'
import type { JobData, QueueName } from '../../packages/service/src/jobs/job-data.ts'
import type { Jobs } from '../../packages/service/src/jobs/jobs.ts'
import { Secret } from '../../packages/service/src/secret.ts'
import type { Database } from '../../packages/service/src/store/index.ts'
import { openDatabase, openProjectStore } from '../../packages/service/src/store/index.ts'
import { parseKeyRing } from '../../packages/service/src/vault/key-ring.ts'
import { openVault } from '../../packages/service/src/vault/open-vault.ts'
import { createTestDatabase } from './database.ts'

export interface SentJob {
  readonly queue: QueueName
  readonly data: JobData[QueueName]
  readonly startAfter: Date
}

/** A Wednesday, 11:00 in Berlin. */
const beginning = new Date('2026-11-18T10:00:00Z')

/** A project with incidents that can be made to happen, and a clock that is moved by hand. */
export class AlertWorld {
  readonly database: Database
  /** The project that everything is about; {@link renew} makes another. */
  tenant = { workspaceId: 'wsp_1', projectId: '' }
  readonly dependencies: AlertDependencies
  /** Jobs that were sent and not worked on yet. */
  readonly jobs: SentJob[] = []
  #now = beginning
  readonly #close: () => Promise<void>

  private constructor(database: Database, vault: AlertDependencies['vault'], close: () => Promise<void>) {
    this.database = database
    this.#close = close
    const jobs: Pick<Jobs, 'send'> = {
      send: async (queue, data, { startAfter } = {}) => {
        this.jobs.push({ queue, data, startAfter: startAfter ?? this.now })
      },
    }
    this.dependencies = {
      database,
      vault,
      jobs,
      clock: { now: () => this.now },
      timer: systemTimer,
      rng: { next: () => 0.5 },
      randomBytes,
      addresses: ownMachinePolicy,
      lookup: async (host) => (host === 'localhost' ? ['127.0.0.1'] : []),
      publicUrl: 'https://trueup.example.com',
      mail: null,
      advanceLedger: async (tenant) => {
        const enter = enterDrafts({
          origin: 'trueup.example.com/acme',
          sha256: (bytes) => createHash('sha256').update(bytes).digest(),
          salt: () => randomBytes(32),
        })
        await openProjectStore(database, tenant).sequenceEntries(2_000, enter)
      },
    }
  }

  static async open(place: 'server' | 'embedded'): Promise<AlertWorld> {
    const server = place === 'server' ? await createTestDatabase() : null
    const clock = { now: () => new Date() }
    const database = await openDatabase({ databaseUrl: server?.url, home: null, clock })
    await database.pool.query(`insert into trueup.workspace (workspace_id, name) values ('wsp_1', 'Acme')`)
    const ring = parseKeyRing(
      new Secret(`k1:${Buffer.alloc(32, 1).toString('base64')}`),
      'TRUEUP_ENCRYPTION_KEY',
    )
    const keys = { read: async () => ring, create: null }
    const vault = await openVault({ database, keys, clock, randomBytes })
    return new AlertWorld(database, vault, async () => {
      await database.close()
      await server?.drop()
    })
  }

  /** A new project, called Acme app, at the beginning of time, with nothing in it. */
  async renew(): Promise<void> {
    this.tenant = { ...this.tenant, projectId: `prj_${randomBytes(6).toString('hex')}` }
    this.jobs.length = 0
    this.#now = beginning
    await this.database.pool.query(
      `insert into trueup.project (project_id, workspace_id, name, time_zone)
        values ($1, 'wsp_1', 'Acme app', 'Europe/Berlin')`,
      [this.tenant.projectId],
    )
  }

  close(): Promise<void> {
    return this.#close()
  }

  get now(): Date {
    return this.#now
  }

  /** Moves the clock. */
  set now(at: Date) {
    this.#now = at
  }

  after(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000)
  }

  /** A check finds these drifts, each anew or again. */
  async find(...drifts: readonly Drift[]): Promise<readonly Incident[]> {
    const store = openProjectStore(this.database, this.tenant)
    const known = await store.incidentsByIdentity(drifts.map((drift) => identityKey(identityOf(drift))))
    return await this.#save(
      drifts.map((drift) => {
        const before = known.get(identityKey(identityOf(drift))) ?? null
        const id = `inc_${createHash('sha256')
          .update(identityKey(identityOf(drift)))
          .digest('hex')
          .slice(0, 12)}`
        return { ...observeDrift(before, drift, id, this.#by('check:1')), before }
      }),
    )
  }

  async resolve(...incidents: readonly Incident[]): Promise<readonly Incident[]> {
    return await this.#change(incidents, (incident) => resolveIncident(incident, this.#by('check:2')))
  }

  async acknowledge(...incidents: readonly Incident[]): Promise<readonly Incident[]> {
    return await this.#change(incidents, (incident) => acknowledgeIncident(incident, this.#by('ann')))
  }

  async ignore(...incidents: readonly Incident[]): Promise<readonly Incident[]> {
    return await this.#change(incidents, (incident) =>
      ignoreIncident(incident, this.#by('ann'), 'a test account', null),
    )
  }

  async reopen(...incidents: readonly Incident[]): Promise<readonly Incident[]> {
    return await this.#change(incidents, (incident) => reopenIncident(incident, this.#by('ann')))
  }

  /** Acts of the ledger other than those of incidents. */
  async stage(...drafts: readonly LedgerDraft[]): Promise<void> {
    await openProjectStore(this.database, this.tenant).stageEntries(drafts)
  }

  /** The jobs of a queue that are due by now, taken out. */
  dueJobs<Q extends QueueName>(queue: Q): readonly JobData[Q][] {
    const due = this.jobs.filter((job) => job.queue === queue && job.startAfter <= this.now)
    for (const job of due) this.jobs.splice(this.jobs.indexOf(job), 1)
    // Jobs of one queue carry what that queue's jobs carry.
    return due.map(({ data }) => data as JobData[Q])
  }

  async #change(
    incidents: readonly Incident[],
    act: (incident: Incident) => Omit<IncidentChange, 'before'>,
  ): Promise<readonly Incident[]> {
    return await this.#save(incidents.map((before) => ({ ...act(before), before })))
  }

  async #save(changes: readonly IncidentChange[]): Promise<readonly Incident[]> {
    const store = openProjectStore(this.database, this.tenant)
    const incidents = changes.map(({ incident }) => incident)
    const entries = entriesOfIncidents(changes, { checkId: null, ...this.#by('check:1') })
    await store.saveIncidents(incidents, null, entries)
    return incidents
  }

  #by(by: string) {
    return { by, at: this.now }
  }
}

/** A drift of one account, with defaults for all that a test is not about. */
export function driftOf(id: string, change: Partial<Drift> = {}): Drift {
  return {
    kind: 'paid-without-access',
    component: 'paid',
    hurts: 'customer',
    owed: true,
    granted: false,
    allowed: true,
    on: `user:${id}`,
    subject: { type: 'user', id },
    customerId: `cus_${id}`,
    access: null,
    sentence: `${id} pays for pro and is granted nothing paid.`,
    touches: [],
    evidence: [],
    moneyAtRisk: { currency: 'usd', amount: 2_000 },
    moneyNote: null,
    ...change,
  }
}
