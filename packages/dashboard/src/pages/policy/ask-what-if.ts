import { addressOf } from '../../api/call.ts'
import type { AnswerOf } from '../../api/operation.ts'
import { ApiProblem, outOfReach, problemOf } from '../../api/problem.ts'
import { eventsIn } from './event-text.ts'

const route = 'POST /api/v1/projects/{projectId}/config/what-if'

export type WhatIf = AnswerOf<typeof route>
export interface Progress {
  readonly pairs: number
  readonly of: number
}

/**
 * Asks what a configuration would open and close, and is told meanwhile how far that has come.
 *
 * @throws ApiProblem
 */
export async function askWhatIf(
  projectId: string,
  question: { readonly document: unknown; readonly after?: string; readonly becomes?: 'opens' | 'closes' },
  { onProgress, signal }: { readonly onProgress: (progress: Progress) => void; readonly signal: AbortSignal },
): Promise<WhatIf> {
  const response = await fetch(addressOf(route, { path: { projectId } }), {
    method: 'POST',
    credentials: 'same-origin',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal,
  })
  if (!response.ok || !response.body) throw await problemOf(response)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value = '' } = await reader.read()
    const { events, rest } = eventsIn(text + value)
    text = rest
    for (const { name, data } of events) {
      const told: unknown = JSON.parse(data)
      if (name === 'progress') onProgress(told as Progress)
      if (name === 'problem') throw new ApiProblem(told as object, 400)
      if (name === 'answer') return told as WhatIf
    }
    if (done) throw outOfReach()
  }
}
