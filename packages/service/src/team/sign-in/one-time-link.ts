import { createHash } from 'node:crypto'

/** A secret that opens one thing once: what is sent, and what is kept. */
export interface OneTimeToken {
  readonly token: string
  readonly hash: Buffer
}

/** A new token of 256 random bits. */
export function newToken(randomBytes: (count: number) => Uint8Array): OneTimeToken {
  const token = Buffer.from(randomBytes(32)).toString('base64url')
  return { token, hash: hashOf(token) }
}

/** A token as it is kept. It is 256 random bits, so that a plain hash of it tells nothing. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/**
 * The address of a page with a token. It stands behind `#`, which a browser sends to nobody: not in a request, so not
 * into the log of a proxy, and not as the page that one came from.
 */
export function linkTo(
  publicUrl: string,
  page: 'invite' | 'sign-up' | 'reset-password',
  token: string,
): string {
  return `${publicUrl}/${page}#${token}`
}
