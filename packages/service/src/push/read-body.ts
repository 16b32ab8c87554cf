/** Why a body was not read. */
export type UnreadBody = 'body-too-large' | 'body-cut-off'

/** Reads the exact bytes of a body, as many as are allowed at most; the rest of a larger one is not waited for. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | UnreadBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'body-too-large'
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = request.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return Buffer.concat(chunks)
      bytes += value.byteLength
      if (bytes > maxBytes) {
        await reader.cancel()
        return 'body-too-large'
      }
      chunks.push(value)
    }
  } catch {
    return 'body-cut-off'
  }
}
