import type { ConnectionFinding } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { parseCallbackUrl, resolveCallback } from '../adapters/callback/callback-address.ts'
import { isLiveKey as isLiveClerkKey } from '../adapters/clerk/key.ts'
import {
  hostedPolicy,
  openPostgresForRepairs,
  parseAddressPolicy,
  parseConnectionString,
  placeOf,
  systemLookup,
} from '../adapters/postgres/connection/index.ts'
import { repairTablesOf } from '../adapters/postgres/repair/repair-tables.ts'
import { testRepairConnection } from '../adapters/postgres/repair/test-connection.ts'
import { testPostgres } from '../adapters/postgres/test-source.ts'
import { createRestrictedKey, isLiveKey as isLiveStripeKey } from '../adapters/stripe/key.ts'
import { systemRng, systemTimer } from '../adapters/system.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { readBillingFindings } from '../connect/find-billing.ts'
import type { Environment } from '../environment.ts'
import type { SourcesConfig } from '../main.ts'
import { openBilling, openClerk, unconfigured } from '../main.ts'
import { openAppDatabase } from '../open-app-database.ts'
import { signingKey } from '../push/signature.ts'
import type { Secret } from '../secret.ts'
import { UsageError } from '../usage-error.ts'
import type { Credential } from './credential.ts'
import { connectionStringOf, projectEnvironment } from './project-environment.ts'
import { ProjectError } from './project-error.ts'
import type { SecretField } from './secret-field.ts'

/** Somebody looks at the page until the test has passed or failed, and can have it made again. */
const patienceMs = 3_000

/** What a credential turned out to open. */
export interface TriedCredential {
  readonly findings: readonly ConnectionFinding[]
  /** Account, instance, or host and database. */
  readonly place: string
  readonly isLive: boolean | null
  /** What may be shown of the credential. */
  readonly label: string
}

/** What a credential has to fit. */
export interface KnownOfProject {
  /** By it is known what must be readable; `null`: there is none yet. */
  readonly config: ProjectConfig | null
  /** The certificates that the server of a database was connected with, as PEM text. */
  readonly authorityOf: (source: string) => string | null
}

/**
 * Tries a credential before anything is kept: what cannot be one is told from what it looks like, and the rest by
 * asking.
 *
 * @throws SourceError, ProjectError `source-unfit` (with all findings), `credential-malformed`
 */
export async function tryCredential(
  operator: Environment,
  credential: Credential,
  { config, authorityOf }: KnownOfProject,
): Promise<TriedCredential> {
  const tried = await attempt(operator, credential, config ?? unconfigured, authorityOf)
  const unfit = tried.findings.filter(({ state }) => state === 'missing' || state === 'failed')
  if (unfit.length === 0) return tried
  throw new ProjectError({
    code: 'source-unfit',
    message: unfit.map(({ name, found }) => `${name}: ${found}`).join('. '),
    fix: [...new Set(unfit.flatMap(({ fix }) => (fix === null ? [] : [fix])))].join(' '),
    findings: tried.findings,
  })
}

async function attempt(
  operator: Environment,
  credential: Credential,
  config: SourcesConfig,
  authorityOf: KnownOfProject['authorityOf'],
): Promise<TriedCredential> {
  switch (credential.kind) {
    case 'stripe':
      return await tryStripe(operator, credential.key, config)
    case 'clerk':
      return await tryClerk(operator, credential.key, config)
    case 'clerk-repairs':
      // A key of Clerk has no scopes: one that reads can write.
      return await tryClerk(operator, credential.key, unconfigured)
    case 'postgres':
      return await tryPostgres(operator, credential, config)
    case 'postgres-repairs':
      return await tryPostgresForRepairs(operator, credential, config, authorityOf(credential.source))
    case 'callback':
      return await tryCallback(operator, credential)
  }
}

async function tryStripe(
  operator: Environment,
  key: Secret,
  config: SourcesConfig,
): Promise<TriedCredential> {
  const environment = alone(operator, { 'stripe-key': key }, config)
  const allowSecretKey = allowsSecretKey(operator)
  try {
    const ownConfig = config.billing.kind === 'stripe' ? config : { ...config, billing: unconfigured.billing }
    const tested = await openBilling(environment, ownConfig, { allowSecretKey, patienceMs }).test()
    // Where plans are sold through Clerk, what Stripe still holds is worth a word.
    const beside =
      config.billing.kind === 'stripe'
        ? []
        : await readBillingFindings(environment, 'clerk-billing', { allowSecretKey, patienceMs })
    const findings = [...tested, ...beside]
    const account = findings.find(({ name, state }) => name === 'account' && state === 'ok')?.found
    return { findings, place: account ?? 'unknown account', isLive: isLiveStripeKey(key), label: key.label() }
  } catch (error) {
    throw error instanceof SourceError && error.code === 'key-too-powerful' ? tooPowerful(error) : error
  }
}

/** Whether the operator lets projects connect a full Stripe secret key, which can do everything. */
export function allowsSecretKey(operator: Environment): boolean {
  return /^(1|true|yes)$/i.test(operator.secretNamed('TRUEUP_ALLOW_SECRET_KEY')?.reveal() ?? '')
}

/** What allows such a key on the command line is of no use to somebody in a browser. */
function tooPowerful({ source, code, message, retryable }: SourceError): SourceError {
  const fix = `${createRestrictedKey} Only whoever runs this server can allow this key all the same, with TRUEUP_ALLOW_SECRET_KEY=1.`
  return new SourceError({ source, code, message, fix, retryable })
}

async function tryClerk(operator: Environment, key: Secret, config: SourcesConfig): Promise<TriedCredential> {
  const mappings =
    config.access.flatMap((source) => (source.kind === 'clerk' ? [source.mappings] : []))[0] ?? {}
  const environment = alone(operator, { 'clerk-key': key }, config)
  const tested = await openClerk(environment, mappings, config.catalogue, { patienceMs }).test()
  const findings = [...tested, ...(await billingFindings(environment, config))]
  return { findings, place: instanceOf(key), isLive: isLiveClerkKey(key), label: key.label() }
}

/** The key of Clerk reads Clerk Billing too: as the project's billing, or to see whether it holds what no check sees. */
async function billingFindings(
  environment: Environment,
  config: SourcesConfig,
): Promise<readonly ConnectionFinding[]> {
  if (config.billing.kind === 'clerk-billing') {
    const findings = await openBilling(environment, config, { allowSecretKey: false, patienceMs }).test()
    return findings.filter(({ name }) => name !== 'key')
  }
  const kind = config === unconfigured ? null : 'stripe'
  return await readBillingFindings(environment, kind, { allowSecretKey: false, patienceMs })
}

function instanceOf(key: Secret): string {
  return isLiveClerkKey(key) ? 'production instance' : 'development instance'
}

async function tryPostgres(
  operator: Environment,
  { source, url, ca, allowWriteRole }: Extract<Credential, { readonly kind: 'postgres' }>,
  config: SourcesConfig,
): Promise<TriedCredential> {
  const environment = alone(operator, {}, config)
  const database = { name: source, urlVariable: connectionStringOf(source), url, ca }
  const { target } = readConnectionString(source, url, ca)
  const { connection } = openAppDatabase(environment, database)
  const mapped = config.access.find(({ name }) => name === source)
  const mappings = mapped?.kind === 'postgres' ? mapped.mappings : {}
  try {
    const findings = await testPostgres(connection, { mappings, allowWriteRole }, () => {})
    return { findings, place: placeOf(target), isLive: null, label: labelOf(target) }
  } finally {
    await connection.close()
  }
}

async function tryPostgresForRepairs(
  operator: Environment,
  { source, url }: Extract<Credential, { readonly kind: 'postgres-repairs' }>,
  { access, catalogue }: SourcesConfig,
  ca: string | null,
): Promise<TriedCredential> {
  const { target } = readConnectionString(source, url, ca)
  const connection = openPostgresForRepairs(target, {
    source,
    timer: systemTimer,
    rng: systemRng,
    addresses: addressesOf(operator),
  })
  const mapped = access.find(({ name }) => name === source)
  const mappings = mapped?.kind === 'postgres' ? Object.values(mapped.mappings) : []
  try {
    const findings = await testRepairConnection(connection, repairTablesOf(mappings, catalogue))
    return { findings, place: placeOf(target), isLive: null, label: labelOf(target) }
  } finally {
    await connection.close()
  }
}

async function tryCallback(
  operator: Environment,
  { url: text, secret }: Extract<Credential, { readonly kind: 'callback' }>,
): Promise<TriedCredential> {
  const url = parseCallbackUrl('callback', text)
  assertSigningSecret(secret)
  const { address } = await resolveCallback('callback', url, {
    addresses: addressesOf(operator),
    lookup: systemLookup,
  })
  const findings: readonly ConnectionFinding[] = [
    { name: 'address', state: 'ok', found: `${url.host} leads to ${address}`, fix: null },
  ]
  return { findings, place: url.host, isLive: null, label: secret.label() }
}

function assertSigningSecret(secret: Secret): void {
  try {
    signingKey(secret)
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new ProjectError({
      code: 'credential-malformed',
      message:
        'The secret of the callback is not one that calls can be signed with: whsec_ and at least 24 bytes in base64 are needed.',
      fix: cause.fix,
      cause,
    })
  }
}

/** The credential that is tried, and no other. */
function alone(
  operator: Environment,
  secrets: Readonly<Partial<Record<SecretField, Secret>>>,
  config: SourcesConfig,
): Environment {
  const none = { callbackUrl: null, secretOf: (field: SecretField) => secrets[field] ?? null }
  return projectEnvironment(operator, none, config.access)
}

function readConnectionString(source: string, url: Secret, ca: string | null) {
  const parsed = parseConnectionString(url.reveal(), ca)
  if (parsed.ok) return { target: parsed.value }
  const { found, needed, fix } = parsed.refusal
  throw new ProjectError({
    code: 'credential-malformed',
    message: `${connectionStringOf(source)} cannot be used: found ${found}, needed ${needed}.`,
    fix,
  })
}

/** @throws ProjectError where the operator's word cannot be read: then nothing is reached. */
function addressesOf(operator: Environment) {
  const said = (name: string) => operator.secretNamed(name)?.reveal() ?? null
  const parsed = parseAddressPolicy(
    { privateHosts: said('TRUEUP_ALLOW_PRIVATE_HOSTS'), ports: said('TRUEUP_ALLOW_DATABASE_PORTS') },
    hostedPolicy,
  )
  if (parsed.ok) return parsed.value
  throw new ProjectError({
    code: 'credential-malformed',
    message: `${parsed.refusal.found}.`,
    fix: parsed.refusal.fix,
  })
}

function labelOf(target: { readonly user: string } & Parameters<typeof placeOf>[0]): string {
  return `${target.user}@${placeOf(target)}`
}
