import type { Clock } from '@trueup/core'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import type { Tables } from '../store/tables.ts'
import type { SendMail } from './mail/send-mail.ts'
import type { SignInLibrary } from './sign-in/library.ts'
import type { TeamTables } from './tables.ts'
import type { TeamSettings } from './team-settings.ts'

/** What acts on people, workspaces, invites and keys stand on. */
export interface Team {
  readonly database: Database
  readonly clock: Clock
  /** Chance that nobody can foresee. */
  readonly randomBytes: (count: number) => Uint8Array
  readonly settings: TeamSettings
  /** `null`: no mail server is set, and links are shown to whoever asked for them. */
  readonly sendMail: SendMail | null
  readonly library: SignInLibrary
  /** The library with the identity provider; `null`: there is none, or it could not be asked where it signs in. */
  readonly providerLibrary: () => Promise<SignInLibrary | null>
  /** Goes on with work that nobody waits for, such as a letter, and says so in the log where it fails. */
  readonly background: (work: Promise<void>) => void
}

export type TeamDatabase = Kysely<Tables & TeamTables>
export type TeamTransaction = Transaction<Tables & TeamTables>

/** Statements about one workspace. */
export function ofWorkspace({ database }: Pick<Team, 'database'>, workspaceId: string): TeamDatabase {
  return database.scoped({ workspaceId }).withTables<TeamTables>()
}

/** Statements about people, and about what is found before the workspace is known. */
export function ofEverybody({ database }: Pick<Team, 'database'>): TeamDatabase {
  return database.system.withTables<TeamTables>()
}
