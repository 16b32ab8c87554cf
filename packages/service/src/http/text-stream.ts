/**
 * Texts as the body of an answer, in few large pieces, made no faster than they are taken.
 *
 * @param blockLength characters that a piece has at least; 0: each text is sent at once
 */
export function textStream(
  texts: AsyncIterable<string>,
  signal: AbortSignal,
  blockLength = 64 * 1024,
): ReadableStream<Uint8Array> {
  const iterator = texts[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      try {
        signal.throwIfAborted()
        let block = ''
        do {
          const { done, value } = await iterator.next()
          if (done) {
            if (block !== '') controller.enqueue(encoder.encode(block))
            controller.close()
            return
          }
          block += value
        } while (block.length < blockLength)
        controller.enqueue(encoder.encode(block))
      } catch (error) {
        // A body that breaks off is an answer that failed; closing it would make half a file look whole.
        controller.error(error)
      }
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
