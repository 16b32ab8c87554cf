import type { ConnectionFinding } from '@trueup/core'
import { ConfigError } from '../config/config-error.ts'
import { ProjectError } from '../project/project-error.ts'
import { StoreError } from '../store/store-error.ts'
import { VaultError } from '../vault/vault-error.ts'
import type { RequestProblem } from './api-error.ts'
import { ApiError, apiErrorStatus } from './api-error.ts'

/** An error as it is answered (RFC 9457). `code` is closed and stable; the texts are not. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fix: string
  /** Names this answer in the logs. */
  readonly requestId: string
  readonly problems?: readonly RequestProblem[]
  /** What the test of a credential found. */
  readonly findings?: readonly ConnectionFinding[]
}

/** An error of any part that says what was found and what to do. */
interface ToldError extends Error {
  readonly code: string
  readonly fix: string
  readonly retryAfterSeconds?: number | null
}

/** Statuses of codes that are not about what was sent; the rest is 422. */
const statusOfCode: Readonly<Record<string, number>> = {
  ...apiErrorStatus,
  'not-signed-in': 401,
  'credentials-wrong': 401,
  'code-needed': 401,
  'too-many-attempts': 429,
  'sign-up-closed': 403,
  'own-role': 403,
  'owner-stays': 403,
  'changed-meanwhile': 409,
  'version-outdated': 409,
  'config-version-conflict': 409,
  'source-other-account': 409,
  'source-not-connected': 409,
  'deletion-asked': 409,
  'deletion-not-asked': 409,
  'demo-not-allowed': 403,
  'demo-full': 409,
  'demo-asleep': 503,
  'demo-fixed': 409,
  'demo-missing': 404,
  'person-exists': 409,
  'already-member': 409,
  // What stands is not what the act is for: look at it again.
  'wrong-state': 409,
  'holds-repairs': 409,
  'delivery-waiting': 409,
  'count-differs': 409,
  'exception-ended': 409,
  'approved-by-proposer': 409,
  'approved-already': 409,
  'not-approved': 409,
  'second-person-needed': 409,
  'approval-expired': 409,
  'approval-altered': 409,
  'in-batch': 409,
  'switched-off': 409,
  held: 409,
  'rate-reached': 409,
  'config-changed': 409,
  'config-missing': 409,
  'check-incomplete': 409,
  'no-check': 409,
  'no-target': 409,
  'nothing-to-undo': 409,
  'ledger-empty': 409,
  'view-name-taken': 409,
  'mail-failed': 502,
  'provider-unreachable': 502,
}

/**
 * What is answered for an error, and whether somebody should look at it. Texts of errors that were not written for
 * readers are not given away.
 */
export function problemOf(
  error: unknown,
  requestId: string,
): { readonly problem: Problem; readonly isOurs: boolean } {
  if (error instanceof StoreError && error.code !== 'check-unknown') {
    const unavailable = new ApiError({
      code: 'unavailable',
      message: 'The database cannot be used at this moment; nothing was changed.',
      fix: 'Try again shortly.',
      retryAfterSeconds: 5,
    })
    return { problem: written(unavailable, requestId), isOurs: true }
  }
  // What keeps secrets from being opened is for whoever runs the service.
  if (error instanceof VaultError) {
    return { problem: { ...written(error, requestId), status: apiErrorStatus.unavailable }, isOurs: true }
  }
  if (isTold(error)) return { problem: written(error, requestId), isOurs: false }
  const failed = new ApiError({
    code: 'failed',
    message: 'Something went wrong here; it is not about what you sent.',
    fix: `Try again. If it stays, look for ${requestId} in the log of the service.`,
  })
  return { problem: written(failed, requestId), isOurs: true }
}

/** Seconds after which it may be tried again; `null`: time alone does not help. */
export function retryAfter(error: unknown): number | null {
  if (error instanceof StoreError) return 5
  return isTold(error) ? (error.retryAfterSeconds ?? null) : null
}

function written(error: ToldError, requestId: string): Problem {
  const status = statusOf(error)
  return {
    type: `urn:trueup:problem:${error.code}`,
    title: titleOf(error.code),
    status,
    code: error.code,
    detail: detailOf(error),
    fix: error.fix,
    requestId,
    ...problemsOf(error),
    ...(error instanceof ProjectError && error.findings.length > 0 ? { findings: error.findings } : {}),
  }
}

/** What is wrong with a configuration is listed beside the sentence that says so, not in it. */
function detailOf(error: ToldError): string {
  if (!(error instanceof ConfigError) || error.problems.length === 0) return error.message
  return error.message.replace(/:\n.*$/s, '.')
}

function problemsOf(error: ToldError): { readonly problems?: readonly RequestProblem[] } {
  if (error instanceof ApiError && error.problems.length > 0) return { problems: error.problems }
  if (!(error instanceof ConfigError)) return {}
  return {
    problems: error.problems.map(({ path, found, needed, fix }) => ({
      at: path,
      message: `Found ${found}, needed ${needed}. ${fix}`,
    })),
  }
}

function statusOf({ code }: ToldError): number {
  const known = statusOfCode[code]
  if (known) return known
  if (/-(?:not-found|unknown)$/.test(code)) return 404
  return 422
}

/** `role-too-low` as `Role too low`. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function isTold(error: unknown): error is ToldError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'fix' in error &&
    typeof error.fix === 'string'
  )
}
