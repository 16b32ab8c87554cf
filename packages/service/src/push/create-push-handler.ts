import type { Clock, PushedSubjectStore, PushRefusal } from '@trueup/core'
import { isRefused } from '@trueup/core'
import type { Secret } from '../secret.ts'
import { StoreError } from '../store/index.ts'
import { UsageError } from '../usage-error.ts'
import type { BodyKind } from './parse-body.ts'
import { parseBody } from './parse-body.ts'
import type { PushProblem } from './problem-response.ts'
import { problemResponse } from './problem-response.ts'
import type { PushTarget } from './push-request.ts'
import type { UnreadBody } from './read-body.ts'
import { readBody } from './read-body.ts'
import type { SignatureRefusal } from './signature.ts'
import { refuseSignature, signingKey } from './signature.ts'
import { takePart } from './take-part.ts'

export interface PushHandlerOptions {
  /** The sources of the project that take pushes. */
  readonly targets: readonly PushTarget[]
  /** The project's store. */
  readonly store: PushedSubjectStore
  /** Each of these may sign, so that a secret can be changed without a gap. At least one, of this project alone. */
  readonly secrets: readonly Secret[]
  readonly clock: Clock
  /** The largest body that is taken. Default 8 MiB. */
  readonly maxBodyBytes?: number
  /** Told of what made the handler answer with 500 or 503, which the sender is not told. */
  readonly onError?: (error: unknown) => void
}

const defaultMaxBodyBytes = 8 * 1024 * 1024

/**
 * Answers the requests by which an app pushes its subjects: `PUT` with a signed JSON or NDJSON body. It answers with
 * success only after what was sent is durable, and every refusal as `application/problem+json` with a stable code.
 *
 * @throws UsageError `option-invalid` for a secret that is none, or none at all
 *
 * @example
 * const handle = createPushHandler({ targets: [{ name: 'app', mappings }], store: project, secrets, clock })
 * const response = await handle(request)
 */
export function createPushHandler(options: PushHandlerOptions): (request: Request) => Promise<Response> {
  const { targets, store, clock, maxBodyBytes = defaultMaxBodyBytes, onError = () => {} } = options
  if (options.secrets.length === 0) {
    throw new UsageError({
      code: 'option-invalid',
      message: 'Pushes are taken with a secret alone, and there is none.',
      fix: 'Make one: echo "whsec_$(openssl rand -base64 32)"',
    })
  }
  const keys = options.secrets.map(signingKey)

  const answer = async (request: Request): Promise<Response> => {
    if (request.method !== 'PUT') return problemResponse(methodNotAllowed)
    const kind = bodyKind(request.headers.get('content-type'))
    if (!kind) return problemResponse(mediaTypeUnsupported)
    const encoding = request.headers.get('content-encoding') ?? 'identity'
    if (encoding.toLowerCase() !== 'identity') return problemResponse(encodingUnsupported)
    const body = await readBody(request, maxBodyBytes)
    if (typeof body === 'string') return problemResponse(unread(body, maxBodyBytes))
    const refusal = refuseSignature(keys, request.headers, body, clock.now())
    if (refusal) return problemResponse(unsigned[refusal])
    const parsed = parseBody(body, kind, targets)
    if ('code' in parsed) return problemResponse(parsed)
    const taken = await takePart(store, parsed.request, parsed.subjects, clock.now())
    if (isRefused(taken)) return problemResponse(refused(taken))
    return Response.json(
      {
        push: taken.id,
        source: parsed.request.target.name,
        mode: taken.mode,
        state: taken.result ? 'finished' : 'open',
        received: taken.received,
        nextSequence: taken.nextSequence,
        result: taken.result,
      },
      { headers: { 'cache-control': 'no-store' } },
    )
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      onError(error)
      return problemResponse(failed(error))
    }
  }
}

function bodyKind(contentType: string | null): BodyKind | null {
  switch (contentType?.split(';')[0]?.trim().toLowerCase()) {
    case 'application/json':
      return 'json'
    case 'application/x-ndjson':
      return 'ndjson'
    default:
      return null
  }
}

const methodNotAllowed: PushProblem = {
  code: 'method-not-allowed',
  detail: 'Subjects are pushed with PUT.',
  fix: 'Send the request with PUT.',
}
const mediaTypeUnsupported: PushProblem = {
  code: 'media-type-unsupported',
  detail: 'The body has to be application/json or application/x-ndjson.',
  fix: 'Set the header content-type.',
}
const encodingUnsupported: PushProblem = {
  code: 'encoding-unsupported',
  detail: 'The body has a content-encoding; it is taken as it is signed, not compressed.',
  fix: 'Send it uncompressed, in several parts where it is large.',
}

function unread(code: UnreadBody, maxBodyBytes: number): PushProblem {
  return code === 'body-too-large'
    ? {
        code,
        detail: `The body has more than ${maxBodyBytes} bytes.`,
        fix: 'Send the push in several parts, numbered by sequence.',
      }
    : { code, detail: 'The connection ended before the body did.', fix: 'Send the same part again.' }
}

const unsigned: Readonly<Record<SignatureRefusal, PushProblem>> = {
  'signature-missing': {
    code: 'signature-missing',
    detail: 'One of webhook-id, webhook-timestamp and webhook-signature is missing.',
    fix: 'Sign the request as Standard Webhooks has it.',
  },
  'signature-expired': {
    code: 'signature-expired',
    detail: 'webhook-timestamp is more than five minutes from now.',
    fix: 'Sign anew before sending again, and set the clock of the machine.',
  },
  'signature-invalid': {
    code: 'signature-invalid',
    detail: 'No signature fits the id, the time and the bytes of the body.',
    fix: 'Sign the exact bytes that are sent, with a secret of this project.',
  },
}

/** A refusal of the store in the words of the answer. */
function refused(refusal: PushRefusal): PushProblem {
  switch (refusal.code) {
    case 'push-unknown':
      return {
        code: refusal.code,
        detail: 'No part with the sequence 1 was taken for this push.',
        fix: 'Begin again with sequence 1.',
      }
    case 'push-superseded':
      return {
        code: refusal.code,
        detail: 'A full push that was begun later ended this one; nothing of it was kept.',
        fix: 'Let one process push at a time, and begin again under a new id.',
      }
    case 'push-finished':
      return {
        code: refusal.code,
        detail: 'This push was finished before; it takes no more parts.',
        fix: 'Give every push an id of its own.',
      }
    case 'mode-differs':
      return {
        code: refusal.code,
        detail: `This push was begun as ${refusal.mode}.`,
        fix: 'Give every push an id of its own.',
      }
    case 'sequence-unexpected':
      return {
        code: refusal.code,
        detail: `The part ${refusal.nextSequence} is waited for.`,
        fix: `Go on with sequence ${refusal.nextSequence}.`,
        nextSequence: refusal.nextSequence,
      }
    case 'part-differs':
      return {
        code: refusal.code,
        detail: 'A part with this sequence was taken before and held something else.',
        fix: 'Send the same part again unchanged, or begin again under a new id.',
      }
    case 'subject-duplicate':
      return {
        code: refusal.code,
        detail: `Some subjects stand in the push more than once: ${refusal.subjects.map(({ type, id }) => `${type} ${id}`).join(', ')}.`,
        fix: 'Send each subject once.',
      }
    case 'push-too-small':
      return {
        code: refusal.code,
        detail: `The source holds ${refusal.before} subjects, and would hold ${refusal.after}.`,
        fix: 'See why the rest is missing; where it is right, send the last part again with allowShrink.',
      }
  }
}

/** What failed on this side stays on this side. */
function failed(error: unknown): PushProblem {
  if (error instanceof StoreError) {
    return {
      code: 'store-unavailable',
      detail: 'The store could not be written. Whether the part was taken is not known.',
      fix: 'Send the same part again later; it is taken once.',
    }
  }
  return {
    code: 'unexpected',
    detail: 'The request could not be answered. Whether the part was taken is not known.',
    fix: 'Send the same part again; it is taken once.',
  }
}
