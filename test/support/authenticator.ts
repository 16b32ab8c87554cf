import { createHmac } from 'node:crypto'

/**
 * An authenticator app, by RFC 6238 and the address that it is set up with: not the code of the library that checks it.
 *
 * @returns gives the code of this moment
 */
export function authenticatorOf(uri: string): () => string {
  const { searchParams } = new URL(uri)
  const secret = fromBase32(searchParams.get('secret') ?? '')
  const digits = Number(searchParams.get('digits') ?? 6)
  const period = Number(searchParams.get('period') ?? 30)
  return () => {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / period)))
    const mac = createHmac('sha1', secret).update(counter).digest()
    const code = (mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff) % 10 ** digits
    return String(code).padStart(digits, '0')
  }
}

/** What the app reads out of the text that it is shown (RFC 4648). */
export function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
