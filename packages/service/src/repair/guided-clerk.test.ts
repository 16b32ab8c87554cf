import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlOf } from './guided-clerk.ts'

const request = { method: 'PATCH', url: 'https://api.clerk.com/v1/users/user_1/metadata' } as const

test('a request to copy names the key by a variable of the shell, and never holds it', () => {
  const curl = curlOf({ ...request, body: '{"public_metadata":{"plan":"pro"}}' })
  expect(curl).toContain('Authorization: Bearer $CLERK_SECRET_KEY')
  expect(curl).toContain(`-d '{"public_metadata":{"plan":"pro"}}'`)
})

test('a value of the app ends no quote of the shell, whatever stands in it', () => {
  const body = JSON.stringify({ plan: `'; echo taken; '$(echo taken)\`echo taken\`` })
  const shown = curlOf({ ...request, body }).replace(/^curl/, `printf '%s\\n'`)
  const words = execFileSync('sh', ['-c', shown], { encoding: 'utf8' }).trimEnd().split('\n')
  expect(words.at(-1)).toBe(body)
})
