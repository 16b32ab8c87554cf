import { createHash } from 'node:crypto'
import type { PushedSubject, PushedSubjectStore, PushRefusal, PushState } from '@trueup/core'
import { isRefused } from '@trueup/core'
import { importDraft } from './import-draft.ts'
import type { PushRequest } from './push-request.ts'

/**
 * Takes one part of a push into the store: the first begins it, the last makes it visible. The same part may be sent
 * any number of times.
 */
export async function takePart(
  store: PushedSubjectStore,
  request: PushRequest,
  subjects: readonly PushedSubject[],
  at: Date,
): Promise<PushState | PushRefusal> {
  const { target, push, mode, sequence } = request
  const named = { source: target.name, push }
  if (sequence === 1) {
    const begun = await store.beginPush({ ...named, mode, at })
    if (isRefused(begun)) return begun
  }
  const written = await store.writePushPart({
    ...named,
    sequence,
    digest: partDigest(subjects),
    subjects,
    at,
  })
  if (isRefused(written)) return written
  if (written.mode !== mode) return { kind: 'refused', code: 'mode-differs', mode: written.mode }
  if (!request.last || written.result) return written
  const result = await store.finishPush({
    ...named,
    at,
    allowShrink: request.allowShrink,
    keepMissing: false,
    // A ledger of every increment would bury what it is read for.
    entriesOf: (done) => (mode === 'full' ? [importDraft(named, done, `push:${target.name}`)] : []),
  })
  return isRefused(result) ? result : { ...written, result }
}

/** What a part holds, in a few characters. */
export function partDigest(subjects: readonly PushedSubject[]): string {
  return createHash('sha256').update(JSON.stringify(subjects)).digest('base64url')
}
