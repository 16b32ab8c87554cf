import { createHash } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The id of the incident with this identity: the same drift has the same id in every check, also in those that
 * share no database.
 */
export function incidentId(projectId: string, identityKey: string): string {
  const digest = createHash('sha256').update(`${projectId}\n${identityKey}`).digest()
  return `inc_${[...digest.subarray(0, 20)].map((byte) => alphabet[byte % 32]).join('')}`
}
