import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '../../api/problem.ts'
import { askWhatIf, type Progress, type WhatIf } from './ask-what-if.ts'

/** What a document would open and close: asked once, then page by page. */
export function useWhatIf(projectId: string) {
  const running = useRef<AbortController | null>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const [asked, setAsked] = useState<{ readonly document: unknown; readonly answer: WhatIf } | null>(null)
  // An answer that nobody waits for any more is not worked out further.
  useEffect(() => () => running.current?.abort(), [])
  const ask = async (document: unknown, after?: string): Promise<WhatIf> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setProgress(null)
    const question = after === undefined ? { document } : { document, after }
    return await askWhatIf(projectId, question, { onProgress: setProgress, signal: controller.signal })
  }
  const first = useMutation({
    mutationFn: (document: unknown) => ask(document),
    onSuccess: (answer, document) => setAsked({ document, answer }),
  })
  const more = useMutation({
    mutationFn: (kept: NonNullable<typeof asked>) => ask(kept.document, kept.answer.next ?? undefined),
    onSuccess: (page, { document, answer }) =>
      setAsked({
        document,
        answer: { ...answer, items: [...answer.items, ...page.items], next: page.next },
      }),
  })
  return {
    ask: (document: unknown) => first.mutate(document),
    isAsking: first.isPending,
    progress: first.isPending ? progress : null,
    error: first.error ? asProblem(first.error) : null,
    /** The document that was asked about last. */
    document: asked?.document ?? null,
    answer: asked?.answer ?? null,
    more: () => {
      if (asked) more.mutate(asked)
    },
    isReadingMore: more.isPending,
    moreError: more.error ? asProblem(more.error) : null,
  }
}

export type WhatIfAsked = ReturnType<typeof useWhatIf>
