/** A letter of a few lines. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/**
 * Hands a letter to the mail server. Resolves when the server has taken it.
 *
 * @throws TeamError `mail-failed`
 */
export type SendMail = (mail: Mail) => Promise<void>
