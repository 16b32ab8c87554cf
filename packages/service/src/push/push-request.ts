import type { PushedMappings, PushMode } from '@trueup/core'
import { foundText } from '@trueup/core'
import { nearestWord } from '../config/nearest-word.ts'

/** A source that takes pushes: its name, and what it holds. */
export interface PushTarget {
  readonly name: string
  readonly mappings: PushedMappings
}

/** What a request does, as its body says it, where the signature covers it. */
export interface PushRequest {
  readonly target: PushTarget
  readonly push: string
  readonly mode: PushMode
  readonly sequence: number
  readonly last: boolean
  readonly allowShrink: boolean
}

/** One thing that is wrong with a request, and where. */
export interface RequestProblem {
  readonly code: string
  /** `push.mode`, `subjects[3]`, `line 4`. */
  readonly at: string
  readonly found: string
  readonly needed: string
  readonly fix: string
}

const fields = ['id', 'source', 'mode', 'sequence', 'last', 'allowShrink'] as const
const mostSequence = 1_000_000

/** Reads the object `push` of a body, and says everything that is wrong with it at once. */
export function parsePushRequest(
  json: unknown,
  targets: readonly PushTarget[],
): { readonly request: PushRequest } | { readonly problems: readonly RequestProblem[] } {
  if (!isObject(json)) {
    return {
      problems: [
        problem(
          'push',
          json,
          'an object with id and mode',
          'Begin the body with it, as the documentation shows.',
        ),
      ],
    }
  }
  const problems: RequestProblem[] = unknownKeys(json)
  const refuse = (field: string, needed: string, fix: string) => {
    problems.push(problem(`push.${field}`, json[field], needed, fix))
  }
  const { id, mode, last } = json
  const sequence = json.sequence ?? 1
  const allowShrink = json.allowShrink ?? false
  const target = targetOf(json.source, targets)
  if (!isPushId(id)) {
    refuse('id', 'a text of 1 to 200 characters that can be seen', 'Give every push an id of its own.')
  }
  if (mode !== 'full' && mode !== 'incremental') {
    refuse('mode', '"full" or "incremental"', 'Say whether the push brings all subjects or some.')
  }
  if (!isSequence(sequence)) {
    refuse('sequence', `a whole number from 1 to ${mostSequence}`, 'Number the parts of a push from 1.')
  }
  if (typeof last !== 'boolean' && !(last === undefined && mode === 'incremental')) {
    refuse('last', 'true or false', 'Say with each part of a full push whether it is the last.')
  }
  if (typeof allowShrink !== 'boolean') refuse('allowShrink', 'true or false', 'Leave it out, or write true.')
  if (!target) {
    const names = targets.map(({ name }) => name)
    const near = typeof json.source === 'string' ? nearestWord(json.source, names) : null
    refuse(
      'source',
      `one of ${names.join(', ')}`,
      near ? `Did you mean ${near}?` : 'Name a source of the project.',
    )
  }
  const isWhole =
    isPushId(id) && (mode === 'full' || mode === 'incremental') && isSequence(sequence) && target !== null
  if (!isWhole || problems.length > 0) return { problems }
  return {
    request: {
      target,
      push: id,
      mode,
      sequence,
      last: last === undefined || last === true,
      allowShrink: allowShrink === true,
    },
  }
}

function targetOf(source: unknown, targets: readonly PushTarget[]): PushTarget | null {
  if (source === undefined) return targets.length === 1 ? (targets[0] ?? null) : null
  return targets.find(({ name }) => name === source) ?? null
}

function isPushId(id: unknown): id is string {
  return typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id)
}

function isSequence(sequence: unknown): sequence is number {
  return (
    typeof sequence === 'number' && Number.isInteger(sequence) && sequence >= 1 && sequence <= mostSequence
  )
}

function unknownKeys(json: Readonly<Record<string, unknown>>): RequestProblem[] {
  return Object.keys(json)
    .filter((key) => !fields.some((field) => field === key))
    .map((key) => {
      const near = nearestWord(key, fields)
      return {
        code: 'field-unknown',
        at: 'push',
        found: `the field ${foundText(key)}`,
        needed: `only ${fields.join(', ')}`,
        fix: near ? `Did you mean ${near}?` : 'Take the field out.',
      }
    })
}

function problem(at: string, found: unknown, needed: string, fix: string): RequestProblem {
  return { code: 'value-invalid', at, found: foundText(found), needed, fix }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
