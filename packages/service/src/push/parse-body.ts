import type { PushedProblem, PushedRecord } from '@trueup/core'
import { parsePushedSubject } from '@trueup/core'
import { lineOfJsonError } from '../config/error-line.ts'
import type { PushProblem } from './problem-response.ts'
import type { PushRequest, PushTarget, RequestProblem } from './push-request.ts'
import { parsePushRequest } from './push-request.ts'
import { fixOfRecord } from './record-fix.ts'

/** The kinds of body that are taken. */
export type BodyKind = 'json' | 'ndjson'

export interface ParsedBody {
  readonly request: PushRequest
  readonly subjects: readonly PushedRecord[]
}

const mostErrors = 20

/**
 * Reads the body of a push: one JSON object with `push` and `subjects`, or lines of which the first holds `push` and
 * each other one a subject. A body with one record that cannot be taken is refused whole.
 */
export function parseBody(
  body: Uint8Array,
  kind: BodyKind,
  targets: readonly PushTarget[],
): ParsedBody | PushProblem {
  const text = decoded(body)
  if (text === null) return unreadable('The body is not UTF-8.')
  const raw = kind === 'json' ? rawOfJson(text) : rawOfLines(text)
  if ('code' in raw) return raw
  const parsed = parsePushRequest(raw.push, targets)
  if ('problems' in parsed) {
    const errors = parsed.problems.slice(0, mostErrors)
    return {
      code: 'push-invalid',
      detail: `The object push has ${count(parsed.problems.length, 'problem')}.`,
      fix: 'Mend what is listed and send it again.',
      errors,
      errorCount: parsed.problems.length,
    }
  }
  return parseRecords(parsed.request, raw.records)
}

interface RawRecord {
  readonly at: string
  readonly json: unknown
}
interface RawBody {
  readonly push: unknown
  readonly records: readonly RawRecord[]
}

function parseRecords(request: PushRequest, records: readonly RawRecord[]): ParsedBody | PushProblem {
  const subjects: PushedRecord[] = []
  const errors: RequestProblem[] = []
  let errorCount = 0
  for (const { at, json } of records) {
    const parsed = parsePushedSubject(json, request.target.mappings)
    if (parsed.ok) {
      subjects.push(parsed.record)
      continue
    }
    errorCount += parsed.problems.length
    if (errors.length < mostErrors)
      errors.push(...parsed.problems.map((problem) => recordProblem(at, problem)))
  }
  if (errorCount === 0) return { request, subjects }
  return {
    code: 'records-invalid',
    detail: `The records have ${count(errorCount, 'problem')}; none was taken.`,
    fix: 'Mend what is listed and send the part again.',
    errors: errors.slice(0, mostErrors),
    errorCount,
  }
}

function rawOfJson(text: string): RawBody | PushProblem {
  const json = parsedJson(text)
  if (!json.ok) return unreadable(`The body is no JSON: see line ${lineOfJsonError(json.error, text)}.`)
  const { value } = json
  const keys = isObject(value) ? Object.keys(value) : []
  if (!isObject(value) || keys.some((key) => key !== 'push' && key !== 'subjects')) {
    return unreadable('The body is not an object with push and subjects, and nothing else.')
  }
  const subjects = value.subjects ?? []
  if (!Array.isArray(subjects)) return unreadable('subjects is not a list.')
  return {
    push: value.push,
    records: subjects.map((one, index) => ({ at: `subjects[${index}]`, json: one })),
  }
}

function rawOfLines(text: string): RawBody | PushProblem {
  const records: RawRecord[] = []
  let push: unknown
  let isFirst = true
  let number = 0
  for (const line of text.split('\n')) {
    number++
    if (line.trim() === '') continue
    const json = parsedJson(line)
    if (!json.ok) return unreadable(`Line ${number} is no JSON.`)
    const { value } = json
    if (!isFirst) {
      records.push({ at: `line ${number}`, json: value })
      continue
    }
    isFirst = false
    if (!isObject(value) || Object.keys(value).join() !== 'push') {
      return unreadable(`Line ${number} is not an object with push alone, which has to come first.`)
    }
    push = value.push
  }
  return { push, records }
}

function parsedJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, error }
  }
}

function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}

function recordProblem(at: string, problem: PushedProblem): RequestProblem {
  const { code, found, needed } = problem
  return {
    code,
    at: problem.field === null || code === 'field-unknown' ? at : `${at}.${problem.field}`,
    found,
    needed,
    fix: fixOfRecord(problem),
  }
}

function unreadable(detail: string): PushProblem {
  return { code: 'body-unreadable', detail, fix: 'Send the body as the documentation shows.' }
}

function count(number: number, noun: string): string {
  return number === 1 ? `one ${noun}` : `${number} ${noun}s`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
