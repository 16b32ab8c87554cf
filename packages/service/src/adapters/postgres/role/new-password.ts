import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { Secret } from '../../../secret.ts'

/** A password of 192 random bits, in characters that need no escape in a connection string. */
export function newPassword(): Secret {
  return new Secret(randomBytes(24).toString('base64url'))
}

/** What PostgreSQL itself takes, and what every client can do in a moment. */
const iterations = 4096

/**
 * A password as PostgreSQL stores it, so that SQL can set it without the password standing in logs of statements or in
 * an editor's history.
 *
 * https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
export function scramVerifier(password: Secret): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password.reveal(), salt, iterations, 32, 'sha256')
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(sign('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${sign('Server Key').toString('base64')}`
}
