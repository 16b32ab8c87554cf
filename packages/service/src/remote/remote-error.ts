/** What keeps a command from its server, where the server itself did not say it. Closed list. */
export const remoteErrorCodes = [
  /** The key would go over the network for all to read. */
  'server-insecure',
  'server-unreachable',
  'server-redirects',
  /** Whoever answers there is no Trueup service, or one of another version. */
  'answer-unreadable',
  'project-unnamed',
  'project-unknown',
  /** The command works on a folder's project only. */
  'only-local',
  /** The command or option needs a server. */
  'only-remote',
] as const
export type RemoteErrorCode = (typeof remoteErrorCodes)[number]

/**
 * A command that could not be carried out at a server: what was found, what to do. Where the server refused, `code` is
 * the stable code of its answer, such as `key-too-narrow` or `not-found`.
 */
export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  readonly code: RemoteErrorCode | (string & {})
  readonly fix: string
  /** The status of the answer; `null`: there was none, or it was not the server that refused. */
  readonly status: number | null

  constructor(problem: {
    readonly code: RemoteErrorCode | (string & {})
    readonly message: string
    readonly fix: string
    readonly status?: number
    readonly cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.status = problem.status ?? null
  }
}
