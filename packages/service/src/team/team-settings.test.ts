import { describe, expect, it } from 'vitest'
import { readTeamSettings } from './team-settings.ts'

const defaultUrl = 'http://localhost:7310'
const mail = {
  TRUEUP_SMTP_URL: 'smtp://user:hunter2@mail.example.com:587',
  TRUEUP_MAIL_FROM: 'trueup@example.com',
}
const provider = {
  TRUEUP_OIDC_ISSUER: 'https://id.example.com/',
  TRUEUP_OIDC_CLIENT_ID: 'trueup',
  TRUEUP_OIDC_CLIENT_SECRET: 'a secret of the provider',
}

describe('what the environment says about people', () => {
  it('is by default: by invite, without mail, without a provider, at the address of the process', () => {
    expect(readTeamSettings({}, defaultUrl)).toEqual({
      publicUrl: defaultUrl,
      otherOrigins: [],
      signUp: 'invite',
      mail: null,
      oidc: null,
    })
  })

  it('names the mail server and the provider, whose secrets do not print', () => {
    const settings = readTeamSettings(
      { ...mail, ...provider, TRUEUP_PUBLIC_URL: 'https://t.example.com/' },
      defaultUrl,
    )
    expect(settings.publicUrl).toBe('https://t.example.com')
    expect(settings.oidc).toMatchObject({ issuer: 'https://id.example.com', name: 'Single sign-on' })
    expect(settings.oidc?.clientSecret.reveal()).toBe('a secret of the provider')
    expect(settings.mail?.server.reveal()).toBe(mail.TRUEUP_SMTP_URL)
    expect(JSON.stringify(settings)).not.toMatch(/hunter2|a secret/)
  })

  it.each([
    ['open sign-up without a mail server', { TRUEUP_SIGN_UP: 'open' }, 'TRUEUP_SIGN_UP'],
    ['a sign-up rule that is none', { TRUEUP_SIGN_UP: 'anybody' }, 'TRUEUP_SIGN_UP'],
    ['an address with a path', { TRUEUP_PUBLIC_URL: 'https://example.com/trueup' }, 'TRUEUP_PUBLIC_URL'],
    [
      'an origin that is none',
      { TRUEUP_ALLOWED_ORIGINS: 'https://a.example.com, *' },
      'TRUEUP_ALLOWED_ORIGINS',
    ],
    ['half a mail server', { TRUEUP_SMTP_URL: mail.TRUEUP_SMTP_URL }, 'TRUEUP_MAIL_FROM'],
    ['a mail server that is none', { ...mail, TRUEUP_SMTP_URL: 'mail.example.com' }, 'TRUEUP_SMTP_URL'],
    ['half a provider', { ...provider, TRUEUP_OIDC_CLIENT_ID: '' }, 'TRUEUP_OIDC_CLIENT_ID'],
    ['an issuer that is none', { ...provider, TRUEUP_OIDC_ISSUER: 'id' }, 'TRUEUP_OIDC_ISSUER'],
    [
      'a switch that is none',
      { ...provider, TRUEUP_OIDC_TRUST_ADDRESSES: 'yes' },
      'TRUEUP_OIDC_TRUST_ADDRESSES',
    ],
  ])('is refused: %s', (_, environment, name) => {
    const read = () => readTeamSettings(environment, defaultUrl)
    expect(read).toThrow(expect.objectContaining({ code: 'setting-invalid' }))
    expect(read).toThrow(name)
    expect(read).not.toThrow(/hunter2|a secret/)
  })
})
