import { createTransport } from 'nodemailer'
import { smtpOfUrl } from '../../alert/send/smtp-of-url.ts'
import { TeamError } from '../team-error.ts'
import type { MailSettings } from '../team-settings.ts'
import type { SendMail } from './send-mail.ts'

/** Mail through the SMTP server of whoever runs the service. Only on this machine itself it may go unencrypted. */
export function smtpMail({ server, from }: MailSettings): SendMail {
  const { host, port, security, user, password } = smtpOfUrl(server)
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(user !== null && password !== null ? { auth: { user, pass: password } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    // A letter is text of ours: nothing in it is fetched from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async ({ to, subject, text }) => {
    try {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
    } catch (cause) {
      throw new TeamError({
        code: 'mail-failed',
        message: 'The mail server did not take the letter.',
        fix: 'Look at TRUEUP_SMTP_URL and TRUEUP_MAIL_FROM, and at what the mail server says in its log.',
        // What the driver says may hold the server's password.
        cause: new Error(cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'),
      })
    }
  }
}
