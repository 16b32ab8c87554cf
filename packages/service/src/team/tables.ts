import type { ColumnType, Generated } from 'kysely'
import type { KeyScope } from '../http/principal.ts'
import type { GivenRole, Role } from './role.ts'
import type { WorkspaceAct } from './workspace-entry.ts'

/** The tables of people, as the statements of this folder see them. The sign-in library writes most of `person_*`. */
export type TeamTables = {
  readonly 'trueup.workspace': {
    readonly workspace_id: string
    readonly name: string
    readonly created_at: Generated<Date>
  }
  readonly 'trueup.person': {
    readonly id: string
    readonly email: string
    readonly email_verified: boolean
    readonly name: string
    readonly two_factor_enabled: Generated<boolean>
    readonly created_at: Date
    readonly updated_at: Date
  }
  readonly 'trueup.person_account': {
    readonly id: string
    readonly person_id: string
    readonly provider_id: string
    readonly account_id: string
    readonly password_hash: string | null
    readonly created_at: Date
    readonly updated_at: Date
  }
  readonly 'trueup.person_session': {
    readonly id: string
    readonly person_id: string
    readonly ip_address: string | null
    readonly user_agent: string | null
    readonly expires_at: Date
    readonly confirmed_at: Date | null
    readonly created_at: Date
  }
  readonly 'trueup.person_two_factor': { readonly person_id: string }
  readonly 'trueup.person_check': {
    readonly id: string
    readonly identifier_hash: string
    readonly value: string
    readonly expires_at: Date
    readonly created_at: Date
    readonly updated_at: Date
  }
  readonly 'trueup.first_sign_up': {
    readonly only: Generated<boolean>
    readonly person_id: string
    readonly at: Date
  }
  readonly 'trueup.sign_up_link': {
    readonly token_hash: Buffer
    readonly email: string
    readonly created_at: Date
    readonly expires_at: Date
    readonly used_at: Date | null
  }
  readonly 'trueup.attempt': {
    readonly attempt_key: string
    readonly window_started_at: Date
    readonly attempts: number
  }
  readonly 'trueup.member': {
    readonly workspace_id: string
    readonly person_id: string
    readonly role: Role
    readonly joined_at: Date
  }
  readonly 'trueup.invite': {
    readonly workspace_id: string
    readonly invite_id: string
    readonly email: string
    readonly role: GivenRole
    readonly token_hash: Buffer
    readonly invited_by: string
    readonly mailed: boolean
    readonly created_at: Date
    readonly expires_at: Date
    readonly accepted_at: Date | null
    readonly accepted_by: string | null
    readonly revoked_at: Date | null
  }
  readonly 'trueup.api_key': {
    readonly workspace_id: string
    readonly key_id: string
    readonly project_id: string | null
    readonly name: string
    readonly scope: KeyScope
    readonly token_hash: Buffer
    readonly last_four: string
    readonly allowed_addresses: readonly string[] | null
    readonly created_by: string
    readonly created_at: Date
    readonly expires_at: Date | null
    readonly last_used_at: Date | null
    readonly revoked_at: Date | null
    readonly revoked_by: string | null
  }
  readonly 'trueup.workspace_entry': {
    readonly workspace_id: string
    readonly entry_number: Generated<number>
    readonly act: WorkspaceAct
    readonly at: Date
    readonly by: string
    readonly facts: ColumnType<Readonly<Record<string, string | number | null>>, string, never>
  }
}
