import type { Timer } from '@trueup/core'
import { createTransport } from 'nodemailer'
import type { Outcome } from '../../outgoing/delivery/outcome.ts'
import { detailOf, outcomeOfError } from '../../outgoing/delivery/outcome.ts'
import { OutgoingError } from '../../outgoing/outgoing-error.ts'
import { type Reach, reachableAddress } from '../../outgoing/post/reachable-address.ts'
import { withoutTold } from '../../outgoing/post/without-told.ts'
import type { SmtpSettings } from '../channel-config.ts'
import type { MailContent } from '../render/email.ts'

export interface MailEnvelope {
  readonly from: string
  readonly to: readonly string[]
  /** The same at every try, so that a mail which comes twice can be told. Without angle brackets. */
  readonly messageId: string
  /** The first mail of the same course, so that clients show them as one conversation; `null`: this is it. */
  readonly inReplyTo: string | null
}

const timeoutMs = 20_000
/** Where mail is handed over. Other ports of public addresses are not connected to. */
const mailPorts: readonly number[] = [25, 465, 587, 2525]

/**
 * Hands a mail to a server, once. The name is resolved once and every answer looked at; the password is sent over an
 * encrypted connection alone.
 */
export async function sendEmail(
  smtp: SmtpSettings,
  envelope: MailEnvelope,
  content: MailContent,
  { addresses, lookup, timer }: Reach & { readonly timer: Timer },
): Promise<Outcome> {
  const ended = new AbortController()
  try {
    const to = await reachableAddress(smtp.host, { addresses, lookup })
    if (to.isPublic && addresses.ports !== 'all' && !mailPorts.includes(smtp.port)) {
      throw refused(
        `Mail does not go to port ${smtp.port} of a public address.`,
        `Use ${mailPorts.join(', ')}.`,
      )
    }
    if (to.isPublic && smtp.security === 'none') {
      throw refused(
        'The mail server is public, and the connection would not be encrypted.',
        'Use starttls or tls.',
      )
    }
    const transport = createTransport({
      host: to.address,
      port: smtp.port,
      secure: smtp.security === 'tls',
      requireTLS: smtp.security === 'starttls',
      ignoreTLS: smtp.security === 'none',
      // The certificate is checked against the name, not against the address that was connected to.
      tls: { servername: smtp.host, minVersion: 'TLSv1.2' },
      ...(smtp.user !== null && smtp.password !== null
        ? { auth: { user: smtp.user, pass: smtp.password } }
        : {}),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    const late = timer.sleep(2 * timeoutMs, ended.signal).then(() => {
      transport.close()
      throw new OutgoingError({
        code: 'unreachable',
        message: `The mail server did not take the mail within ${(2 * timeoutMs) / 1000} s.`,
        fix: 'Check the host and the port.',
        retryable: true,
      })
    })
    late.catch(() => {})
    const sent = transport.sendMail({
      from: { name: 'Trueup', address: envelope.from },
      to: envelope.to.map((address) => ({ name: '', address })),
      subject: content.subject,
      text: content.text,
      html: content.html,
      messageId: `<${envelope.messageId}>`,
      ...(envelope.inReplyTo === null
        ? {}
        : { inReplyTo: `<${envelope.inReplyTo}>`, references: `<${envelope.inReplyTo}>` }),
      // https://www.rfc-editor.org/rfc/rfc3834: no out-of-office reply is wanted.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    })
    sent.catch(() => {})
    const { rejected } = await Promise.race([sent, late])
    transport.close()
    return {
      kind: 'sent',
      status: 250,
      detail: rejected.length === 0 ? '' : `Not taken for ${rejected.length} of ${envelope.to.length}.`,
    }
  } catch (error) {
    return error instanceof OutgoingError ? outcomeOfError(error) : outcomeOfSmtp(error, smtp)
  } finally {
    ended.abort()
  }
}

/**
 * What a mail server said: codes from 400 on are for now, those from 500 on for good
 * (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1). Its words may hold the user's name, never the password.
 */
function outcomeOfSmtp(error: unknown, { user, password }: SmtpSettings): Outcome {
  if (!(error instanceof Error)) throw error
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  const said = 'response' in error && typeof error.response === 'string' ? `: ${error.response}` : ''
  return {
    kind: 'failed',
    status,
    detail: detailOf(
      withoutTold(
        `The mail server did not take the mail (${code})${said}`,
        null,
        password === null ? [] : [password, `\0${user ?? ''}\0${password}`],
      ),
    ),
    isRetryable: status === null ? code !== 'EENVELOPE' : status < 500,
    retryAfterSeconds: null,
    isGone: false,
  }
}

function refused(message: string, fix: string): OutgoingError {
  return new OutgoingError({ code: 'address-refused', message, fix })
}
