import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { StoreError } from '../store/store-error.ts'
import { TeamError } from '../team/team-error.ts'
import { ApiError, apiErrorStatus, notFound } from './api-error.ts'
import { problemOf, retryAfter } from './problem.ts'

function problem(error: unknown) {
  return problemOf(error, 'req_1').problem
}

describe('a problem', () => {
  it('is told as RFC 9457 has it, with a code to decide by and what to do', () => {
    expect(problem(notFound())).toEqual({
      type: 'urn:trueup:problem:not-found',
      title: 'Not found',
      status: 404,
      code: 'not-found',
      detail: 'There is nothing at this address that you can see.',
      fix: 'Look at the id, and at the workspace or project that your session or key is for.',
      requestId: 'req_1',
    })
  })

  it.each(Object.entries(apiErrorStatus))('%s is answered with %i', (code, status) => {
    const error = new ApiError({ code: code as keyof typeof apiErrorStatus, message: '.', fix: '.' })
    expect(problem(error)).toMatchObject({ code, status })
  })

  it('says of what was sent everything that is wrong, and where', () => {
    const problems = [{ at: 'body.name', message: 'Too long.' }]
    const error = new ApiError({ code: 'request-invalid', message: '.', fix: '.', problems })
    expect(problem(error).problems).toEqual(problems)
    let found: unknown
    try {
      parseConfig({ nothing: 1 })
    } catch (thrown) {
      found = thrown
    }
    expect(problem(found)).toMatchObject({
      status: 422,
      problems: expect.arrayContaining([
        { at: expect.any(String), message: expect.stringContaining('needed') },
      ]),
    })
  })

  it('about a person is no matter of the service', () => {
    const error = new TeamError({ code: 'name-malformed', message: 'The name is empty.', fix: 'Give one.' })
    expect(problemOf(error, 'req_1')).toMatchObject({ isOurs: false, problem: { status: 422 } })
  })

  it.each([
    new Error('connect ECONNREFUSED postgres://user:hunter2@db'),
    new TypeError('hunter2 is not a function'),
    Object.assign(new Error('hunter2'), { code: 'ENOENT' }),
    'hunter2',
    undefined,
  ])('of the service itself (%s) is told without its words, and to look in the log', (error) => {
    const told = problemOf(error, 'req_1')
    expect(told).toMatchObject({ isOurs: true, problem: { status: 500, code: 'failed' } })
    expect(JSON.stringify(told.problem)).not.toMatch(/hunter2|postgres|ENOENT/)
    expect(told.problem.fix).toContain('req_1')
    expect(retryAfter(error)).toBeNull()
  })

  it('with the database is told without its place, and to try again in seconds', () => {
    const error = new StoreError({
      code: 'unreachable',
      message: 'The database db.internal:5432/app cannot be reached.',
      fix: 'Start PostgreSQL.',
      retryable: true,
    })
    const told = problemOf(error, 'req_1')
    expect(told).toMatchObject({ isOurs: true, problem: { status: 503, code: 'unavailable' } })
    expect(JSON.stringify(told.problem)).not.toContain('db.internal')
    expect(retryAfter(error)).toBe(5)
  })
})
