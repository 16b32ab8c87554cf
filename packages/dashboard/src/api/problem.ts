import type { Shape } from './operation.ts'

/** An answer that is a problem (RFC 9457), or none at all. Decide by `code`; show the message and the fix. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly fix: string
  readonly requestId: string | null
  readonly problems: readonly { readonly at: string; readonly message: string }[]
  readonly findings: NonNullable<Shape<'Problem'>['findings']>
  readonly retryAfterSeconds: number | null

  constructor(problem: Partial<Shape<'Problem'>>, status: number, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? `The service answered ${status} and said no more.`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = problem.code ?? 'failed'
    this.fix = problem.fix ?? 'Try again; if it stays, ask whoever runs this service.'
    this.requestId = problem.requestId ?? null
    this.problems = problem.problems ?? []
    this.findings = problem.findings ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** What is wrong with a field of what was sent; `at` as the field is called there. */
  about(at: string): string | undefined {
    return this.problems.find((problem) => problem.at === at || problem.at.endsWith(`.${at}`))?.message
  }
}

/** The problem of an answer that is no success. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const isProblem = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
  const told: unknown = isProblem ? await response.json().catch(() => null) : null
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiProblem(
    typeof told === 'object' && told ? told : {},
    response.status,
    Number.isFinite(seconds) ? seconds : null,
  )
}

/** The person was asked once more who they are, and did not say. */
export function notConfirmed(): ApiProblem {
  return new ApiProblem(
    {
      code: 'confirmation-needed',
      detail: 'Nothing was changed, since you did not confirm that it is you.',
      fix: 'Do it once more, and confirm with your password.',
    },
    403,
  )
}

/** There was no answer. */
export function outOfReach(): ApiProblem {
  return new ApiProblem(
    {
      code: 'out-of-reach',
      detail: 'The service gives no answer.',
      fix: 'Look whether you are online and the service runs; then try again.',
    },
    0,
  )
}

/** Any error as a problem, so that every error can be shown the same way. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(
    {
      code: 'page-failed',
      detail: 'This page met something that it was not made for.',
      fix: `Load the page again. If it stays, tell us: ${error instanceof Error ? error.message : String(error)}`,
    },
    0,
  )
}
