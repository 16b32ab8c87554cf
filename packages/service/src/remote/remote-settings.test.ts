import { describe, expect, test } from 'vitest'
import { systemRandomBytes } from '../adapters/system.ts'
import { makeKey } from '../team/keys/key-format.ts'
import { readRemoteSettings } from './remote-settings.ts'

const key = makeKey(systemRandomBytes)
const read = (url: string | undefined, named: string | null = null) =>
  readRemoteSettings({ TRUEUP_URL: url, TRUEUP_API_KEY: key, TRUEUP_PROJECT: 'prj_1' }, named)

const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
  return null
}

describe('the server that commands work on', () => {
  test.each([
    ['https://trueup.example.com', 'https://trueup.example.com'],
    ['https://trueup.example.com/', 'https://trueup.example.com'],
    ['https://trueup.example.com:8443', 'https://trueup.example.com:8443'],
    ['http://localhost:7310', 'http://localhost:7310'],
    ['http://127.0.0.1:7310', 'http://127.0.0.1:7310'],
    ['http://[::1]:7310', 'http://[::1]:7310'],
    [' http://127.9.9.9 ', 'http://127.9.9.9'],
  ])('%s is one', (given, url) => {
    expect(read(given)?.url).toBe(url)
  })

  test.each([
    ['http://trueup.example.com', 'server-insecure'],
    ['http://10.0.0.1:7310', 'server-insecure'],
    ['http://localhost.example.com', 'server-insecure'],
    ['http://127.0.0.1.example.com', 'server-insecure'],
    ['http://[::2]', 'server-insecure'],
    ['ftp://localhost', 'option-invalid'],
    ['trueup.example.com', 'option-invalid'],
    ['https://trueup.example.com/api/v1', 'option-invalid'],
    ['https://ada:secret@trueup.example.com', 'option-invalid'],
    ['https://trueup.example.com/?project=1', 'option-invalid'],
  ])('%s is none: %s', (given, code) => {
    expect(codeOf(() => read(given))).toBe(code)
  })

  test('without an address commands work on this folder, whatever else is set', () => {
    expect(read(undefined)).toBeNull()
    expect(read('')).toBeNull()
  })

  test('the project of the command line comes before that of the environment', () => {
    expect(read('https://trueup.example.com')?.projectId).toBe('prj_1')
    expect(read('https://trueup.example.com', 'prj_2')?.projectId).toBe('prj_2')
    expect(codeOf(() => read(undefined, 'prj_2'))).toBe('only-remote')
  })

  test.each([
    ['without its end', key.slice(0, -1)],
    ['with a line break in it', `${key}\nX-Other: 1`],
    ['with another character', `tu_${key.at(3) === 'A' ? 'B' : 'A'}${key.slice(4)}`],
  ])('a key %s is refused, and the error does not hold it', (_, wrong) => {
    const act = () => readRemoteSettings({ TRUEUP_URL: 'https://a.example', TRUEUP_API_KEY: wrong }, null)
    expect(codeOf(act)).toBe('option-invalid')
    expect(act).not.toThrow(wrong)
  })
})
