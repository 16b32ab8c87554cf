/** More than a vendor sends; Stripe's largest events stay well below. */
const mostBytes = 1_048_576

/** The raw bytes of a request, as they were signed; `null`: more than a vendor sends, or read before. */
export async function readBody(
  request: Pick<Request, 'headers' | 'bodyUsed' | 'body'>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes || request.bodyUsed) return null
  if (!request.body) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > mostBytes) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
  const body = new Uint8Array(size)
  let place = 0
  for (const part of parts) {
    body.set(part, place)
    place += part.byteLength
  }
  return body
}
