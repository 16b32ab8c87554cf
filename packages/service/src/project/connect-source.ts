import type { LedgerDraft } from '@trueup/core'
import { parseConfig } from '../config/parse-config.ts'
import { Secret } from '../secret.ts'
import { toJson } from '../store/json-codec.ts'
import { readConfigVersion } from './config-versions.ts'
import type { Credential } from './credential.ts'
import { listSources } from './list-sources.ts'
import { ProjectError } from './project-error.ts'
import { dropSecrets, keepSecret } from './project-secrets.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { enter, lockProject, tablesOf } from './project-service.ts'
import type { SecretField } from './secret-field.ts'
import type { ConnectedSource, SourceSettings } from './source.ts'
import { noSettings, repairNameOf } from './source.ts'
import type { KnownOfProject, TriedCredential } from './try-credential.ts'
import { tryCredential } from './try-credential.ts'

export interface ConnectOptions {
  /** Who does it. */
  readonly by: string
  /** Take the place of a credential of another account, or of the other mode. Default: refused. */
  readonly acceptOtherAccount?: boolean
}

/**
 * Connects a project to a source, or connects it anew with another credential: tried first, then sealed and entered in
 * the ledger. Until the new one has passed its test the old one holds, and stays when it does not pass.
 *
 * @throws SourceError when the credential is no good; ProjectError `source-unfit` with all that the test found,
 *   `source-other-account`, `credential-malformed`, `name-invalid`
 *
 * @example
 * await connectSource(service, tenant, { kind: 'stripe', key: new Secret('rk_test_…') }, { by: 'ada@example.com' })
 */
export async function connectSource(
  service: ProjectService,
  tenant: ProjectTenant,
  given: Credential,
  { by, acceptOtherAccount = false }: ConnectOptions,
): Promise<ConnectedSource> {
  const credential = trimmed(given)
  const { name, field, secret, settings } = keptOf(credential)
  const before = await findSource(service, tenant, name)
  const operator = await service.operatorOf(tenant)
  const tried = await tryCredential(operator, credential, await knownOf(service, tenant))
  if (before && !acceptOtherAccount) assertSameAccount(before, tried)

  const now = service.clock.now()
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      const replaced = await dropSecrets(tenant, tx, { field, name })
      const secretId = await keepSecret(service, tenant, tx, { field, name, secret, label: tried.label, by })
      const row = {
        kind: credential.kind,
        settings: toJson(settings),
        place: tried.place,
        is_live: tried.isLive,
        findings: toJson(tried.findings),
        connected_at: now,
        connected_by: by,
        tested_at: now,
        failure: null,
      }
      await tx
        .insertInto('trueup.project_source')
        .values({ workspace_id: tenant.workspaceId, project_id: tenant.projectId, name, ...row })
        .onConflict((conflict) => conflict.columns(['workspace_id', 'project_id', 'name']).doUpdateSet(row))
        .execute()
      const draft: LedgerDraft = {
        key: `source-connected:${secretId}`,
        act: replaced > 0 ? 'source-reconnected' : 'source-connected',
        at: now,
        by,
        about: { source: name },
        facts: { kind: credential.kind, place: tried.place, isLive: tried.isLive },
        personal: null,
      }
      await enter(tenant, tx, [draft])
    })
  const connected = await findSource(service, tenant, name)
  if (!connected) throw sourceUnknown(name)
  return connected
}

/** @throws ProjectError `source-unknown` */
export async function requireSource(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
): Promise<ConnectedSource> {
  const found = await findSource(service, tenant, name)
  if (found) return found
  throw sourceUnknown(name)
}

async function findSource(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
): Promise<ConnectedSource | null> {
  const sources = await listSources(service, tenant)
  return sources.find((source) => source.name === name) ?? null
}

/** What is known of a project that its credentials have to fit. */
export async function knownOf(service: ProjectService, tenant: ProjectTenant): Promise<KnownOfProject> {
  const version = await readConfigVersion(service, tenant)
  const sources = await listSources(service, tenant)
  const config = version && parseConfig(version.document)
  return {
    config,
    authorityOf(name) {
      const mapped = config?.access.find((source) => source.name === name)
      const pinned = mapped?.kind === 'postgres' ? mapped.ca : null
      return pinned ?? sources.find((source) => source.name === name)?.settings.ca ?? null
    },
  }
}

/** What stands around a secret when it was copied from a page does not belong to it. */
function trimmed(credential: Credential): Credential {
  const trim = (secret: Secret) => new Secret(secret.reveal().trim())
  switch (credential.kind) {
    case 'stripe':
    case 'clerk':
    case 'clerk-repairs':
      return { ...credential, key: trim(credential.key) }
    case 'postgres':
    case 'postgres-repairs':
      return { ...credential, url: trim(credential.url) }
    case 'callback':
      return { ...credential, url: credential.url.trim(), secret: trim(credential.secret) }
  }
}

/** What is kept of a credential, and under which name. */
function keptOf(credential: Credential): {
  readonly name: string
  readonly field: SecretField
  readonly secret: Secret
  readonly settings: SourceSettings
} {
  switch (credential.kind) {
    case 'stripe':
      return { name: 'stripe', field: 'stripe-key', secret: credential.key, settings: noSettings }
    case 'clerk':
      return { name: 'clerk', field: 'clerk-key', secret: credential.key, settings: noSettings }
    case 'clerk-repairs':
      return {
        name: repairNameOf('clerk'),
        field: 'clerk-repair-key',
        secret: credential.key,
        settings: noSettings,
      }
    case 'postgres': {
      const { source, url, ca, allowWriteRole } = credential
      return {
        name: databaseName(source),
        field: 'postgres-url',
        secret: url,
        settings: { ...noSettings, ca, allowWriteRole },
      }
    }
    case 'postgres-repairs': {
      const { source, url } = credential
      return {
        name: repairNameOf(databaseName(source)),
        field: 'postgres-repair-url',
        secret: url,
        settings: noSettings,
      }
    }
    case 'callback':
      return {
        name: 'callback',
        field: 'callback-secret',
        secret: credential.secret,
        settings: { ...noSettings, url: credential.url },
      }
  }
}

/** The same names as a configuration takes for its databases. */
function databaseName(source: string): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(source) && !['stripe', 'clerk', 'callback', 'billing'].includes(source))
    return source
  throw new ProjectError({
    code: 'name-invalid',
    message: `${JSON.stringify(source.slice(0, 60))} cannot be the name of a database.`,
    fix: "Name it as the configuration does, in small letters, digits and hyphens, such as 'postgres'.",
  })
}

function assertSameAccount(before: ConnectedSource, tried: TriedCredential): void {
  // A key that may not ask which account it belongs to says nothing of it.
  const accounts = [before.place, tried.place].filter((place) => /^acct_/.test(place))
  const isOtherAccount = before.kind === 'stripe' && new Set(accounts).size > 1
  const isOther = isOtherAccount || before.isLive !== tried.isLive
  if (!isOther) return
  throw new ProjectError({
    code: 'source-other-account',
    message: `This credential is of ${described(tried)}; the project is connected to ${described(before)}.`,
    fix: 'Enter the credential of the same account, or say that the other one is meant: what is known of the old one no longer fits then.',
    findings: tried.findings,
  })
}

function described({ place, isLive }: Pick<TriedCredential, 'place' | 'isLive'>): string {
  return isLive === null ? place : `${place} (${isLive ? 'live' : 'test'} mode)`
}

function sourceUnknown(name: string): ProjectError {
  return new ProjectError({
    code: 'source-unknown',
    message: `The project is not connected to ${JSON.stringify(name)}.`,
    fix: 'Connect it first.',
  })
}
