import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionFinding } from '@trueup/core'
import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { systemClock, systemRandomBytes } from '../../adapters/system.ts'
import { smtpOfUrl } from '../../alert/send/smtp-of-url.ts'
import { readNodeFindings } from '../../connect/node-findings.ts'
import type { Environment } from '../../environment.ts'
import { keyOfEnvironment } from '../../ledger/signing-key.ts'
import { readServiceSettings } from '../../serve/service-settings.ts'
import type { Database } from '../../store/index.ts'
import { openDatabase } from '../../store/index.ts'
import type { MailSettings } from '../../team/team-settings.ts'
import { readTeamSettings } from '../../team/team-settings.ts'
import { checkKeys } from '../../vault/check-keys.ts'
import { keyRingSource } from '../../vault/key-ring-source.ts'
import type { Section } from '../output/findings.ts'
import { countText } from '../output/lay-out.ts'
import type { Findings } from './attempt.ts'
import { attempt, failed, findings, ok, warning } from './attempt.ts'

const ports = { clock: systemClock, randomBytes: systemRandomBytes }

/**
 * Tries what `trueup serve` needs of its environment, without starting it: settings, the database and the role in it,
 * the keys that secrets are sealed under, the ledger's key, the mail server. Opening the database brings its schema up to
 * date, as starting the service does.
 */
export async function examineServe(
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly Section[]> {
  const settings = await attempt('settings', async () => readServiceSettings(variables))
  const port = settings.answer?.port ?? 0
  const team = await attempt('settings', async () => readTeamSettings(variables, `http://localhost:${port}`))
  const opened = await attempt('database', () =>
    openDatabase({ databaseUrl: environment.databaseUrl, home: environment.home, clock: systemClock }),
  )
  const database = opened.answer
  try {
    return [
      { name: 'Node', findings: readNodeFindings(process.versions.node) },
      {
        name: 'Settings',
        findings: [
          ...settings.failed,
          ...(settings.answer ? [ok('listens', `${settings.answer.host}:${settings.answer.port}`)] : []),
          ...team.failed,
          ...(team.answer ? [publicUrlFinding(team.answer.publicUrl, variables)] : []),
        ],
      },
      {
        name: 'Database',
        findings: database
          ? await findings('database', examineDatabase(database, environment))
          : opened.failed,
      },
      { name: 'Encryption keys', findings: await findings('keys', examineKeys(environment, database)) },
      { name: 'Ledger', findings: await findings('key', examineLedgerKey(environment)) },
      ...(team.answer ? [{ name: 'Mail', findings: await examineMail(team.answer.mail) }] : []),
    ]
  } finally {
    await database?.close()
  }
}

function publicUrlFinding(
  publicUrl: string,
  variables: Readonly<Record<string, string | undefined>>,
): ConnectionFinding {
  if (publicUrl.startsWith('https://')) return ok('public address', publicUrl)
  if (!variables.TRUEUP_PUBLIC_URL?.trim()) {
    return warning(
      'public address',
      `not set: links in mail and alerts begin with ${publicUrl}`,
      'Set TRUEUP_PUBLIC_URL to where people reach the service: https://trueup.example.com.',
    )
  }
  return warning(
    'public address',
    `${publicUrl} is without TLS: sessions and keys can be read on the way`,
    'Put a proxy that speaks TLS before it, and set TRUEUP_PUBLIC_URL to its https:// address.',
  )
}

async function examineDatabase(database: Database, { databaseUrl, home }: Environment): Promise<Findings> {
  const { rows } = await sql<{
    readonly version: string
    readonly user: string
    readonly bypasses: boolean
    readonly superuser: boolean
  }>`select current_setting('server_version') as version, current_user as user,
      rolsuper as superuser, rolsuper or rolbypassrls as bypasses
    from pg_roles where rolname = session_user`.execute(database.system)
  const [server] = rows
  const place = databaseUrl
    ? ok('server', `PostgreSQL ${server?.version}, by DATABASE_URL`)
    : warning(
        'embedded',
        `PostgreSQL ${server?.version} in ${home}; one process, and it may not survive a loss of power`,
        'Set DATABASE_URL to a PostgreSQL server for more than a small team.',
      )
  const role =
    databaseUrl && server?.superuser
      ? warning(
          'role',
          'the user of DATABASE_URL is a superuser',
          'Give it a user of its own that owns the database and is no superuser; statements run as trueup_app meanwhile.',
        )
      : ok('role', 'has no more powers than it needs')
  return [place, role, await rowSecurityFinding(database)]
}

/** Whether a workspace sees nothing of another one: how tables are guarded, and what a stranger really sees. */
async function rowSecurityFinding(database: Database): Promise<ConnectionFinding> {
  const { rows: unguarded } = await sql<{ readonly name: string }>`select c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'trueup'
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
    order by 1`.execute(database.system)
  const stranger = database.scoped({ workspaceId: 'a workspace that is none' })
  const { rows: seen } = await sql<{
    readonly rows: number
  }>`select count(*)::int as rows from trueup.project`.execute(stranger)
  const names = unguarded.map(({ name }) => name)
  if ((seen[0]?.rows ?? 0) > 0) {
    return failed(
      'row security',
      'a workspace sees the projects of others',
      'Use a user that is neither superuser nor has BYPASSRLS, or make it a member of trueup_app.',
    )
  }
  if (names.length > 0) {
    return failed(
      'row security',
      `it does not guard ${names.join(', ')}`,
      'Somebody changed the schema: compare it with a new installation.',
    )
  }
  return ok('row security', 'every table of a workspace is guarded, and a stranger sees nothing')
}

async function examineKeys(environment: Environment, database: Database | null): Promise<Findings> {
  const ring = await keyRingSource(environment, ports).read()
  if (!ring) {
    return environment.databaseUrl
      ? [
          failed(
            'keys',
            'no encryption key is given',
            'Make one with `trueup keys new`, and set TRUEUP_ENCRYPTION_KEY to it on every machine; keep a copy.',
          ),
        ]
      : [ok('keys', `none yet: the first start makes one in ${environment.home}`)]
  }
  const given = ok('keys', ring.keys.map(({ id }) => id).join(', '))
  if (!database)
    return [given, warning('opens', 'not tried: the database cannot be opened', 'Mend the database first.')]
  const { problems, dataKeys, values } = await checkKeys(database, ring, ports)
  if (problems.length === 0) {
    return [given, ok('opens', `${countText(dataKeys)} data keys and ${countText(values)} values`)]
  }
  return [
    given,
    ...problems.map((problem) =>
      failed('opens', problem, 'Give the key that it was sealed under as well: trueup keys list says which.'),
    ),
  ]
}

async function examineLedgerKey({ ledgerKey, databaseUrl, home }: Environment): Promise<Findings> {
  if (ledgerKey) {
    await keyOfEnvironment(ledgerKey).current()
    return [ok('key', 'by TRUEUP_LEDGER_KEY')]
  }
  const found = existsSync(join(home, 'ledger-key'))
    ? `the file ledger-key in ${home}`
    : `none yet: the first entry makes one in ${home}`
  return databaseUrl
    ? [
        warning(
          'key',
          `${found}; another machine would not have it`,
          'Set TRUEUP_LEDGER_KEY to the same on every machine (openssl rand -base64 32).',
        ),
      ]
    : [ok('key', found)]
}

/** Greets the mail server as a letter would, signs in where it is told to, and sends nothing. */
async function examineMail(mail: MailSettings | null): Promise<Findings> {
  if (!mail) {
    return [
      warning(
        'mail',
        'no mail server is set: invites and new passwords are links that somebody passes on',
        'Set TRUEUP_SMTP_URL and TRUEUP_MAIL_FROM.',
      ),
    ]
  }
  const { host, port, security, user, password } = smtpOfUrl(mail.server)
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(user !== null && password !== null ? { auth: { user, pass: password } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  })
  try {
    await transport.verify()
    return [ok('mail', `${host}:${port} greets, from ${mail.from}`)]
  } catch (error) {
    // Only the code: what the driver says may hold the server's password.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return [
      failed(
        'mail',
        `${host}:${port} does not take mail (${code})`,
        code === 'EAUTH'
          ? 'Look at the user and the password in TRUEUP_SMTP_URL.'
          : 'Look at the host, the port and the protocol (smtp:// or smtps://) in TRUEUP_SMTP_URL.',
      ),
    ]
  } finally {
    transport.close()
  }
}
