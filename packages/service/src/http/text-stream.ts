const blockLength = 64 * 1024

/** Texts as the body of an answer, in few large pieces, made no faster than they are taken. */
export function textStream(texts: AsyncIterable<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const iterator = texts[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      try {
        signal.throwIfAborted()
        let block = ''
        while (block.length < blockLength) {
          const { done, value } = await iterator.next()
          if (done) {
            if (block !== '') controller.enqueue(encoder.encode(block))
            controller.close()
            return
          }
          block += value
        }
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
