import type { ConnectionFinding } from '@trueup/core'

/** Why a project does not do what was asked. Closed list; callers decide by it, never by the message. */
export type ProjectErrorCode =
  | 'project-unknown'
  | 'name-invalid'
  | 'time-zone-invalid'
  /** There is no configuration yet, or none of this number. */
  | 'config-missing'
  /** Somebody else changed the configuration meanwhile. */
  | 'config-version-conflict'
  /** The configuration names a source that is not connected. */
  | 'source-not-connected'
  | 'source-unknown'
  /** The test of the credential found something without which no check works. */
  | 'source-unfit'
  /** The credential is of another account or mode than the one before. */
  | 'source-other-account'
  | 'credential-malformed'
  /** Nothing was found that a configuration could be made from. */
  | 'nothing-to-propose'
  | 'too-many-secrets'
  | 'secret-unknown'
  /** What was typed is not the name of what is to be deleted. */
  | 'name-differs'
  | 'deletion-asked'
  | 'deletion-not-asked'
  /** Whoever runs the service keeps no demos. */
  | 'demo-not-allowed'
  /** As many demos run as may. */
  | 'demo-full'
  /** The made-up accounts of a demo are not running in any process that can be reached from here. */
  | 'demo-asleep'
  /** The sources of a demo are a part of it. */
  | 'demo-fixed'
  /** The workspace has no demo. */
  | 'demo-missing'

/** What was found, what was needed, what to do; never a credential. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError'
  readonly code: ProjectErrorCode
  readonly fix: string
  /** What a test found, where one was made. */
  readonly findings: readonly ConnectionFinding[]

  constructor(problem: {
    code: ProjectErrorCode
    message: string
    fix: string
    findings?: readonly ConnectionFinding[]
    cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.findings = problem.findings ?? []
  }
}

export function projectUnknown(projectId: string): ProjectError {
  return new ProjectError({
    code: 'project-unknown',
    message: `There is no project ${JSON.stringify(projectId)}.`,
    fix: 'Look at the list of projects.',
  })
}
