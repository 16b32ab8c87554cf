import type { ConnectionFinding } from '@trueup/core'

const oldest = [20, 19] as const

/** Whether this Node is new enough. */
export function readNodeFindings(version: string): readonly ConnectionFinding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  return [
    {
      name: 'version',
      state: isNewEnough ? 'ok' : 'failed',
      found: `Node ${version}`,
      fix: isNewEnough ? null : `Install Node ${oldest.join('.')} or newer.`,
    },
  ]
}
