import { expect, test } from 'vitest'
import { Secret } from '../../secret.ts'
import { smtpOfUrl } from './smtp-of-url.ts'

test.each([
  [
    'smtps://me:p%40ss@mail.example.com',
    { host: 'mail.example.com', port: 465, security: 'tls', user: 'me', password: 'p@ss' },
  ],
  [
    'smtp://me:pw@mail.example.com',
    { host: 'mail.example.com', port: 587, security: 'starttls', user: 'me', password: 'pw' },
  ],
  [
    'smtp://mail.example.com:2525',
    { host: 'mail.example.com', port: 2525, security: 'starttls', user: null, password: null },
  ],
  ['smtp://localhost:25', { host: 'localhost', port: 25, security: 'none', user: null, password: null }],
  ['smtp://[::1]:1025', { host: '::1', port: 1025, security: 'none', user: null, password: null }],
])('the mail server %s is asked for encryption, unless it is this machine', (url, settings) => {
  expect(smtpOfUrl(new Secret(url))).toEqual(settings)
})
