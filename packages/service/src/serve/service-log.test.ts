import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { Secret } from '../secret.ts'
import { databaseError } from '../store/database-error.ts'
import type { LogFields } from './service-log.ts'
import { createServiceLog } from './service-log.ts'

function logOf(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = []
  return { log: createServiceLog(level, (line) => void lines.push(line)), lines }
}

describe('the log', () => {
  it('is one JSON document a line, with its time, its level and its words', () => {
    const { log, lines } = logOf()
    log.info('Answered.', { route: 'GET /healthz', status: 200 })
    log.warn('Two\nlines "and" more')
    expect(lines.map((line) => line.endsWith('\n') && line.split('\n').length)).toEqual([2, 2])
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.any(String), route: 'GET /healthz', status: 200, msg: 'Answered.' },
      { level: 'warn', time: expect.any(String), msg: 'Two\nlines "and" more' },
    ])
  })

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at the level %s says %i of the four levels', (level, count) => {
    const { log, lines } = logOf(level)
    log.debug('.')
    log.info('.')
    log.warn('.')
    log.error('.', new Error('x'))
    expect(lines).toHaveLength(count)
  })

  it('takes no field that is not on its list', () => {
    // @ts-expect-error: an address of somebody
    const fields: LogFields = { email: 'ada@example.com' }
    expect(fields).toBeDefined()
  })

  it('says of an error its class, its code, where it was thrown, and its words without keys', () => {
    const { log, lines } = logOf()
    const error = Object.assign(new TypeError('No such key: rk_live_abcdef123456'), { code: 'no-key' })
    log.error('It failed.', error, { requestId: 'req_1' })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      requestId: 'req_1',
      error: {
        class: 'TypeError',
        code: 'no-key',
        message: 'No such key: [secret]',
        at: expect.stringMatching(/^at .*service-log\.test\.ts/),
      },
    })
  })

  it('bounds the words of an error, and logs what is none by its kind alone', () => {
    const { log, lines } = logOf()
    log.error('It failed.', new Error('x'.repeat(10_000)))
    log.error('It failed.', { password: 'hunter22' })
    log.error('It failed.', 'hunter22')
    expect(JSON.parse(lines[0] ?? '').error.message).toHaveLength(500)
    expect(lines.slice(1).map((line) => JSON.parse(line).error)).toEqual([
      { class: 'object' },
      { class: 'string' },
    ])
  })

  it('repeats no word of a database, which may hold the values of a row, whoever tells of it', () => {
    const { log, lines } = logOf()
    const said = new pg.DatabaseError('invalid input syntax for type json: "hunter22"', 0, 'error')
    Object.assign(said, { severity: 'ERROR', code: '22P02', detail: 'Failing row contains (hunter22).' })
    log.error('It failed.', said)
    log.error('It failed.', databaseError(said, 'db.example.com'))
    log.error('It failed.', new Error('Not saved: "hunter22"', { cause: databaseError(said, 'here') }))
    expect(lines.join('')).not.toContain('hunter22')
    expect(lines.map((line) => JSON.parse(line).error.code)).toEqual(['22P02', 'query-failed', undefined])
  })

  it('prints no secret, however it is handed over', () => {
    const { log, lines } = logOf()
    const secret = new Secret('hunter22-hunter22')
    log.error(`For ${secret}.`, Object.assign(new Error(`${secret}`), { secret }))
    expect(lines.join('')).not.toContain('hunter22')
  })
})
