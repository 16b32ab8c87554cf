import type { AccessSource, BillingSource, ProjectStore, Rules, SubjectReading } from '@trueup/core'
import { createMemoryStore, freeKey } from '@trueup/core'
import { observeSubject } from '../check/observe.ts'
import { observeBillingPage } from '../check/observe-billing-page.ts'
import { ruleBase } from '../check/rules-of.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { openSources } from '../main.ts'
import { readConfigVersion } from '../project/config-versions.ts'
import { connectedEnvironment } from '../project/connected-environment.ts'
import { assertConnected } from '../project/open-service-project.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { allowsSecretKey } from '../project/try-credential.ts'
import type { PreviewField, PreviewMatching } from './check-preview.ts'
import { fieldsOf } from './check-preview.ts'

/** So many of each are read at most: enough to see whether a mapping fits, few requests on any account. */
const mostRows = 5_000
const mostExamples = 10

/** A mapping that is tried, as the configuration would hold it. What else the configuration holds comes from the one in force. */
export interface TriedMapping {
  readonly access: unknown
  readonly match?: unknown
}

/** A subject as the mapping reads it. */
export interface SampleRow {
  readonly source: string
  readonly type: 'user' | 'organization'
  readonly id: string
  readonly name: string | null
  readonly customerId: string | null
  /** Each mapped place with what stands there; `null`: nothing. */
  readonly fields: SubjectReading['fields']
}

/** A customer who pays and found nobody. */
export interface UnmatchedPayer {
  readonly customerId: string
  readonly name: string | null
  readonly email: string | null
  /** What was looked for, by rule. */
  readonly tried: readonly { readonly rule: string; readonly value: string }[]
}

/** What a mapping gives, tried on what is connected. Nothing of it is kept. */
export interface TriedOutcome {
  /** Whether everything was read: where not, counts are of a part. */
  readonly isWhole: boolean
  readonly read: { readonly subscriptions: number; readonly users: number; readonly organizations: number }
  readonly matching: PreviewMatching
  readonly unmatched: readonly UnmatchedPayer[]
  readonly fields: readonly PreviewField[]
  readonly rows: readonly SampleRow[]
}

/**
 * Tries a mapping: reads a bounded part of both sides, matches them, and shows rows as the mapping reads them. Files
 * nothing and keeps nothing.
 *
 * @throws ConfigError where the mapping cannot be used; ProjectError `source-not-connected`; SourceError
 */
export async function tryMapping(
  service: ProjectService,
  tenant: ProjectTenant,
  tried: TriedMapping,
): Promise<TriedOutcome> {
  const config = await configOf(service, tenant, tried)
  const {
    environment,
    access,
    sources: connected,
  } = await connectedEnvironment(service, tenant, config.access, 'setting up')
  assertConnected(
    { billing: config.billing, access },
    connected.map(({ name }) => name),
  )
  const project = await createMemoryStore().project(tenant.projectId)
  const sources = await openSources(
    environment,
    { ...config, access },
    { allowSecretKey: allowsSecretKey(service.operator), project, shapes: {} },
  )
  try {
    return await new Trial(project, config, service.clock.now()).run(sources)
  } finally {
    await sources.close()
  }
}

/** The mapping put into the configuration that holds, or into the least one that there can be. */
async function configOf(
  service: ProjectService,
  tenant: ProjectTenant,
  { access, match }: TriedMapping,
): Promise<ProjectConfig> {
  const version = await readConfigVersion(service, tenant)
  const held = isObject(version?.document) ? version.document : {}
  return parseConfig({
    billing: held.billing ?? { stripe: {} },
    catalogue: held.catalogue ?? { plans: [{ id: 'free' }] },
    policy: held.policy ?? {},
    access,
    ...(match === undefined ? {} : { match }),
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

class Trial {
  readonly #project: ProjectStore
  readonly #config: ProjectConfig
  readonly #at: Date
  readonly #rules: Rules
  readonly #readings: SubjectReading[] = []
  readonly #read = { subscriptions: 0, users: 0, organizations: 0 }
  #isWhole = true

  constructor(project: ProjectStore, config: ProjectConfig, at: Date) {
    this.#project = project
    this.#config = config
    this.#at = at
    this.#rules = ruleBase({ config }, { asOf: at })
  }

  async run(sources: {
    readonly billing: BillingSource
    readonly access: readonly AccessSource[]
  }): Promise<TriedOutcome> {
    const { id: checkId } = await this.#project.startCheck(
      {
        kind: 'full',
        dryRun: true,
        asOf: this.#at,
        startedAt: this.#at,
        configFingerprint: this.#config.fingerprint,
      },
      () => [],
    )
    await Promise.all([
      this.#readBilling(checkId, sources.billing),
      ...sources.access.map((source) => this.#readAccess(checkId, source)),
    ])
    await this.#project.match(checkId, this.#rules.match)
    const { coverage, subjects, matched } = await this.#project.counts(checkId)
    const rules = this.#config.match.map(({ text }) => text)
    return {
      isWhole: this.#isWhole,
      read: this.#read,
      matching: {
        subjects,
        matchedSubjects: matched,
        byRule: rules.map((rule, place) => {
          const line = coverage.byRule.find((candidate) => candidate.rule === place)
          return { rule, customers: line?.customers ?? 0, paying: line?.paying ?? 0 }
        }),
        ambiguous: coverage.ambiguous,
        unmatched: coverage.unmatched,
      },
      unmatched: await this.#unmatched(checkId, rules),
      fields: fieldsOf(this.#readings),
      rows: this.#sampleRows(),
    }
  }

  async #readBilling(checkId: string, billing: BillingSource): Promise<void> {
    for await (const page of billing.read('subscriptions', [])) {
      const observed = await observeBillingPage(
        { project: this.#project },
        checkId,
        this.#rules,
        'subscriptions',
        page,
      )
      await this.#project.writePage(checkId, {
        source: billing.name,
        part: 'subscriptions',
        cursors: page.cursors,
        ...observed,
      })
      this.#read.subscriptions += page.rows.length
      if (this.#read.subscriptions < mostRows) continue
      this.#isWhole = page.cursors.every(({ done }) => done) && this.#isWhole
      return
    }
  }

  async #readAccess(checkId: string, source: AccessSource): Promise<void> {
    for (const type of source.subjectTypes) {
      const part = type === 'user' ? 'users' : 'organizations'
      let rows = 0
      for await (const page of source.read(part, [])) {
        await this.#project.writePage(checkId, {
          source: source.name,
          part,
          cursors: page.cursors,
          subjects: page.rows.map((reading) => observeSubject(reading, this.#rules)),
        })
        this.#readings.push(...page.rows)
        rows += page.rows.length
        if (rows < mostRows) continue
        this.#isWhole = page.cursors.every(({ done }) => done) && this.#isWhole
        break
      }
      this.#read[part] += rows
    }
  }

  async #unmatched(checkId: string, rules: readonly string[]): Promise<readonly UnmatchedPayer[]> {
    const freeKeys = {
      user: freeKey(this.#rules, 'user'),
      organization: freeKey(this.#rules, 'organization'),
    }
    const found: UnmatchedPayer[] = []
    let after: string | null = null
    do {
      const page = await this.#project.differing(checkId, freeKeys, after, 500)
      for (const { subject, payers, unanswered } of page.pairs) {
        const [payer] = payers
        if (subject !== null || !payer || found.length === mostExamples) continue
        found.push({
          customerId: payer.customer.id,
          name: payer.customer.name,
          email: payer.customer.email,
          tried: unanswered.map(({ rule, value }) => ({ rule: rules[rule] ?? '', value })),
        })
      }
      after = page.next
    } while (after !== null && found.length < mostExamples)
    return found
  }

  /** Some that say something, and then whatever there is. */
  #sampleRows(): readonly SampleRow[] {
    const told = (reading: SubjectReading) => reading.fields.filter(({ found }) => found !== null).length
    return this.#readings
      .slice(0, 500)
      .toSorted((a, b) => told(b) - told(a))
      .slice(0, mostExamples)
      .map(({ source, subject, name, customerId, fields }) => ({
        source,
        type: subject.type,
        id: subject.id,
        name,
        customerId: customerId.state === 'value' ? customerId.value : null,
        fields,
      }))
  }
}
