import type { ConnectionFinding, SubjectType } from '@trueup/core'
import type { Secret } from '../../secret.ts'
import type { ClerkConnection } from './client.ts'
import { isLiveKey } from './key.ts'
import { readRecent } from './read-some.ts'

/**
 * Tries the key on one user, and on one organization where the project has them.
 *
 * @throws SourceError when the key is refused or Clerk cannot be reached.
 */
export async function testClerk(
  connection: ClerkConnection,
  key: Secret,
  subjectTypes: readonly SubjectType[],
): Promise<readonly ConnectionFinding[]> {
  const users = await readRecent(connection, 'user', 1)
  const findings: ConnectionFinding[] = [
    {
      name: 'key',
      state: 'ok',
      found: `${key.label()}, ${isLiveKey(key) ? 'production' : 'development'} instance`,
      fix: null,
    },
    users.length > 0
      ? { name: 'users', state: 'ok', found: 'may be read', fix: null }
      : {
          name: 'users',
          state: 'warning',
          found: 'this instance has none',
          fix: 'Check that the key is of the right instance.',
        },
  ]
  if (subjectTypes.includes('organization')) {
    await readRecent(connection, 'organization', 1)
    findings.push({ name: 'organizations', state: 'ok', found: 'may be read', fix: null })
  }
  return findings
}
