import { X509Certificate } from 'node:crypto'

export type ParsedAuthority =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly found: string }

/** The bundle of a large cloud holds a hundred of them. */
const longest = 512 * 1024
const block = /-----BEGIN CERTIFICATE-----[\sA-Za-z\d+/=]+?-----END CERTIFICATE-----/g

/**
 * Reads the certificates of an authority that the user pins. Text around them, as some files have it, is dropped; a
 * private key among them is refused, since it should not be here at all.
 *
 * @example
 * parseAuthority('/etc/ssl/ca.pem') // { ok: false, found: 'a path' }
 */
export function parseAuthority(text: string): ParsedAuthority {
  if (text.length > longest) return { ok: false, found: 'a text of more than 512 KiB' }
  if (/PRIVATE KEY-----/.test(text)) return { ok: false, found: 'a private key' }
  const blocks = text.match(block) ?? []
  if (blocks.length === 0)
    return { ok: false, found: /^\s*[/~.A-Z]:?[\w./\\-]*$/.test(text) ? 'a path' : 'no certificate' }
  return blocks.every(isCertificate)
    ? { ok: true, pem: blocks.join('\n') }
    : { ok: false, found: 'a certificate that cannot be read' }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
