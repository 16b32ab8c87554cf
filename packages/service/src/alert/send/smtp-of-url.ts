import type { Secret } from '../../secret.ts'
import type { SmtpSettings } from '../channel-config.ts'

/**
 * The settings behind `smtp://user:password@host:587` or `smtps://...`. Without TLS from the first byte it is asked for
 * before anything is said, but on this machine itself.
 */
export function smtpOfUrl(server: Secret): SmtpSettings {
  const url = new URL(server.reveal())
  const isSecure = url.protocol === 'smtps:'
  const isOwnMachine = /^(localhost|127\.|\[::1\]$)/.test(url.hostname)
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    security: isSecure ? 'tls' : isOwnMachine ? 'none' : 'starttls',
    user: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  }
}
