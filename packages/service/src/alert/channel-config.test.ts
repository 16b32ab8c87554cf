import { describe, expect, test } from 'vitest'
import { channelConfig } from './channel-config.ts'

const smtp = { host: 'mail.example.com', port: 587, security: 'starttls' }

describe('a channel is refused', () => {
  test.each<[string, object]>([
    ['of a kind that there is not', { kind: 'fax', number: '1' }],
    ['with an address that is none', { kind: 'slack', url: 'hooks.slack.com/x' }],
    ['with an address of another protocol', { kind: 'slack', url: 'file:///etc/passwd' }],
    ['with a password in its address', { kind: 'teams', url: 'https://me:secret@example.com/x' }],
    ['with a field that nobody knows', { kind: 'discord', url: 'https://example.com/x', channel: '#ops' }],
    ['with a key that PagerDuty does not give', { kind: 'pagerduty', routingKey: 'short' }],
    [
      'with a secret that is too short',
      { kind: 'webhook', url: 'https://a.example/x', secret: 'whsec_c2hvcnQ=' },
    ],
    [
      'with a secret that is not base64',
      { kind: 'webhook', url: 'https://a.example/x', secret: `whsec_${'a'.repeat(43)}=` },
    ],
    ['with nobody to write to', { kind: 'email', to: [], from: 'a@example.com', smtp }],
    [
      'with a line break in an address',
      { kind: 'email', to: ['a@example.com\nbcc: b@example.com'], from: null, smtp },
    ],
    [
      'with a port that is none',
      { kind: 'email', to: ['a@example.com'], from: 'a@example.com', smtp: { ...smtp, port: 0 } },
    ],
  ])('%s', (_, config) => {
    expect(channelConfig.safeParse(config).success).toBe(false)
  })
})
