import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { ClerkMappingField } from '@trueup/core'
import { nameList } from '@trueup/core'
import { defaultUrlVariable } from '../../config/default-url-variable.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { renderConfig } from '../../config/render-config.ts'
import type { ChosenMapping, ChosenPaths } from '../../connect/chosen-mapping.ts'
import { chooseMapping, parseChosen, proposedPaths } from '../../connect/chosen-mapping.ts'
import { clerkSeats, draftConfig } from '../../connect/draft-config.ts'
import { findBilling } from '../../connect/find-billing.ts'
import type { Learned } from '../../connect/learn-catalogue.ts'
import { learnCatalogue, nothingLearned } from '../../connect/learn-catalogue.ts'
import type { LookedAt, ProposedTables } from '../../connect/look-at-accounts.ts'
import { lookAtAccounts, lookAtTables } from '../../connect/look-at-accounts.ts'
import { readPayingAccounts } from '../../connect/read-paying-accounts.ts'
import type { Environment } from '../../environment.ts'
import type { SourcesConfig } from '../../main.ts'
import { openBilling, openClerk, soldThroughClerk, unconfigured } from '../../main.ts'
import { assertKeys } from '../../missing-keys.ts'
import { openAppDatabase } from '../../open-app-database.ts'
import type { Secret } from '../../secret.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import type { InitTalk } from '../init-talk.ts'
import { askingTalk, plainTalk } from '../init-talk.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { assertWritable, writeNamedFile } from '../write-file.ts'

export interface InitOptions {
  readonly output: string
  readonly yes: boolean
  readonly force: boolean
  readonly allowSecretKey: boolean
  readonly customerId?: string
  readonly plan?: string
  readonly premium?: string
  readonly trialEndsAt?: string
  readonly entitlements?: string
  readonly organizationCustomerId?: string
  readonly organizationPlan?: string
  readonly organizationPremium?: string
  readonly organizationTrialEndsAt?: string
  readonly organizationEntitlements?: string
  readonly organizationSeats?: string
}

/** Looks at both accounts, talks it over, and writes the configuration. */
export async function writeFirstConfig(context: CommandContext, options: InitOptions): Promise<void> {
  const path = resolve(options.output)
  await assertFree(path, options)
  if (!options.yes && !context.terminal.canAsk) throw nobodyToAsk()
  const talk = options.yes ? plainTalk(context) : askingTalk(context)
  talk.begin()
  const looked = await look(context, talk, options)
  const mapping = await chooseFields(talk, looked, options)
  const learned = await talk.during('Comparing what accounts pay for with what they have', () =>
    learn(context, looked, mapping, options),
  )
  const draft = draftConfig(looked, mapping, learned)
  parseConfig(draft.config)
  talk.propose(draft, learned)
  await talk.confirm(relative(process.cwd(), path) || path)
  await writeNamedFile(path, renderConfig(draft.config))
  talk.end(options.output)
}

async function look(context: CommandContext, talk: InitTalk, options: InitOptions): Promise<LookedAt> {
  const environment = context.environment()
  const url = environment.secretNamed(defaultUrlVariable)
  // Whoever names a database and no key of Clerk keeps what is granted there alone.
  const hasClerk = environment.clerkSecretKey !== null || url === null
  const sold = await findBilling(environment)
  assertKeys(environment, { billing: sold.billing, access: hasClerk ? unconfigured.access : [] })
  for (;;) {
    const looked = await talk.during(`Looking at ${placesText(sold, hasClerk, url !== null)}`, async () => {
      const billing = openBilling(environment, sold, options)
      const clerk = hasClerk ? openClerk(environment, {}, unconfigured.catalogue) : null
      const asked = lookAtAccounts(billing, clerk, url ? await lookInto(environment, url) : null)
      return unlessAborted(context.signal, asked)
    })
    talk.found(looked)
    const isEmpty = looked.users.fields.length === 0 && looked.organizations.fields.length === 0
    if (!isEmpty || looked.tables || userFlags(options).customerId || !(await talk.again())) return looked
  }
}

function placesText({ billing }: SourcesConfig, hasClerk: boolean, hasDatabase: boolean): string {
  const places = billing.kind === 'stripe' ? ['Stripe'] : ['Clerk Billing']
  return nameList([...places, ...(hasClerk ? ['Clerk'] : []), ...(hasDatabase ? ['your database'] : [])])
}

async function lookInto(environment: Environment, url: Secret): Promise<ProposedTables> {
  const database = { name: 'postgres', urlVariable: defaultUrlVariable, url, ca: null }
  const { connection } = openAppDatabase(environment, database)
  try {
    return await lookAtTables(connection)
  } finally {
    await connection.close()
  }
}

async function chooseFields(talk: InitTalk, looked: LookedAt, options: InitOptions): Promise<ChosenMapping> {
  const users = await talk.choose('users', looked.users, proposedPaths(looked.users, userFlags(options)))
  const organizations = await talk.choose(
    'organizations',
    looked.organizations,
    proposedPaths(looked.organizations, organizationFlags(options)),
  )
  try {
    return chooseMapping(looked, users, organizations)
  } catch (error) {
    const isInTables = looked.tables?.users || looked.tables?.organizations
    if (isInTables && error instanceof UsageError && error.code === 'fields-not-found') return nothingChosen
    throw error
  }
}

const nothingChosen: ChosenMapping = { users: null, organizations: null }

/** Reads how both sides fit together, by the mapping that was chosen. */
async function learn(
  context: CommandContext,
  looked: LookedAt,
  mapping: ChosenMapping,
  options: InitOptions,
): Promise<Learned> {
  const { users, organizations } = mapping
  if (!users && !organizations) return nothingLearned
  const clerk = parseChosen({
    users,
    organizations: organizations && { seats: clerkSeats, ...organizations },
  })
  const environment = context.environment()
  const sold = looked.billing === 'stripe' ? unconfigured : soldThroughClerk
  const billing = openBilling(environment, sold, options)
  const access = openClerk(environment, clerk, unconfigured.catalogue)
  const reading = readPayingAccounts(billing, access, clerk)
  const { paying, free } = await unlessAborted(context.signal, reading)
  return learnCatalogue(paying, free)
}

async function assertFree(path: string, { output, force }: InitOptions): Promise<void> {
  await assertWritable(path)
  if (!existsSync(path) || force) return
  throw new UsageError({
    code: 'file-exists',
    message: `${output} exists already.`,
    fix: 'Name another file with --output, or write over it with --force.',
  })
}

function userFlags(options: InitOptions): ChosenPaths {
  const { customerId, plan, premium, trialEndsAt, entitlements } = options
  return given({ customerId, plan, premium, trialEndsAt, entitlements })
}

function organizationFlags(options: InitOptions): ChosenPaths {
  return given({
    customerId: options.organizationCustomerId,
    plan: options.organizationPlan,
    premium: options.organizationPremium,
    trialEndsAt: options.organizationTrialEndsAt,
    entitlements: options.organizationEntitlements,
    seats: options.organizationSeats,
  })
}

function given(flags: Readonly<Partial<Record<ClerkMappingField, string | undefined>>>): ChosenPaths {
  return Object.fromEntries(Object.entries(flags).filter(([, path]) => path !== undefined))
}

function nobodyToAsk(): UsageError {
  return new UsageError({
    code: 'not-a-terminal',
    message: 'There is no terminal to ask at.',
    fix: 'Take what is proposed with --yes, and name fields with --customer-id, --plan and the like where it is wrong.',
  })
}
