import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailServer } from '../../outgoing/receivers.ts'
import { startMailServer } from '../../outgoing/receivers.ts'
import { Secret } from '../../secret.ts'
import { smtpMail } from './smtp.ts'

const letter = { to: 'ada@example.com', subject: 'Grüße von Trueup', text: 'A line, and a link.\n' }

describe('a letter', () => {
  let server: MailServer
  beforeAll(async () => {
    server = await startMailServer()
  })
  afterAll(async () => {
    await server.close()
  })
  const through = (login: string) =>
    smtpMail({
      server: new Secret(`smtp://${login}127.0.0.1:${server.port}`),
      from: 'Trueup <t@example.com>',
    })

  it('reaches the mail server, with the user and the password that are set', async () => {
    await through('trueup:correct%20horse@')(letter)
    const [got] = server.received.splice(0)
    expect(got).toMatchObject({ from: 't@example.com', to: ['ada@example.com'], user: 'trueup' })
    expect(got?.raw.toString()).toContain('A line, and a link.')
  })

  it('goes to nobody but the address, whatever stands in its subject', async () => {
    await through('')({ ...letter, subject: 'Acme\r\nBcc: eve@example.com' })
    const [got] = server.received.splice(0)
    expect(got?.to).toEqual(['ada@example.com'])
    expect(got?.raw.toString()).not.toMatch(/^Bcc:/m)
  })

  it('that is not taken is told, without the password', async () => {
    const error = await through('trueup:hunter2-hunter2@')(letter).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'mail-failed', cause: { message: 'EAUTH' } })
    expect(String((error as Error).stack)).not.toContain('hunter2')
  })

  it('is not sent in the clear to another machine, whatever it offers', async () => {
    const bare = await startMailServer({ disabledCommands: ['STARTTLS'] })
    // Another name of this machine, which is not one of those that are known to be its own.
    const elsewhere = smtpMail({
      server: new Secret(`smtp://trueup:correct%20horse@0.0.0.0:${bare.port}`),
      from: 't@example.com',
    })
    await expect(elsewhere(letter)).rejects.toMatchObject({ code: 'mail-failed' })
    expect(bare.received).toEqual([])
    await bare.close()
  })
})
