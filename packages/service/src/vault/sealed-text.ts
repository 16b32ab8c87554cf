import type { QueryExecutorProvider } from 'kysely'
import type { Secret } from '../secret.ts'

/** Where a sealed value stands. It opens there and nowhere else. */
export interface SealedPlace {
  readonly workspaceId: string
  /** `null` for what belongs to the whole workspace. */
  readonly projectId: string | null
  /** What it is, as its column is declared by `trueup.guard_sealed`. */
  readonly field: string
  /** What names its row, in the order in which the column is declared. */
  readonly row: string | readonly string[]
}

/**
 * Seals texts for rows of a workspace, and opens them.
 *
 * A column of sealed texts is declared in the migration of its table, so that keys can be changed under it and no value
 * is ever kept under a key that is gone:
 *
 * ```sql
 * select trueup.guard_sealed('alert_channel', 'sealed', 'alert-channel', array['channel_id']);
 * ```
 *
 * @example
 * const place = { workspaceId, projectId, field: 'alert-channel', row: channelId }
 * const sealed = await vault.seal(new Secret(url), place)
 * const url = await vault.open(sealed, place)
 */
export interface SealedText {
  /**
   * Gives the text to keep: `v<key>.<nonce>.<ciphertext>`. Keep it at once; a text that is kept a minute later may be
   * refused, when keys were changed meanwhile.
   *
   * @param tx The transaction that one is in, if any: the embedded database has one session, and a statement beside an
   *   open transaction waits for ever.
   * @throws VaultError `encryption-key-retired`, `encryption-key-unknown`
   */
  seal(secret: Secret, place: SealedPlace, tx?: QueryExecutorProvider): Promise<string>
  /** @throws VaultError `sealed-malformed`, `sealed-not-opened`, `data-key-missing`, `encryption-key-unknown` */
  open(sealed: string, place: SealedPlace, tx?: QueryExecutorProvider): Promise<Secret>
}
