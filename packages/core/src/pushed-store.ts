import type { PushedSubject } from './grant/pushed/pushed-subject.ts'
import type { LedgerDraft } from './ledger/draft.ts'
import type { SubjectId, SubjectType } from './subject/subject.ts'

/**
 * What a push does when it is finished. `full` replaces everything that the source holds; who is not in it is gone.
 * `incremental` adds and replaces the subjects that are in it, and leaves the others alone.
 */
export type PushMode = 'full' | 'incremental'

/** What is kept of a source that the app pushes or imports. */
export interface PushedSourceState {
  /** When the last full push that was finished was begun: what is known is as of then. `null`: there was none. */
  readonly lastFullAt: Date | null
  /** When the last push of any kind was finished. */
  readonly lastPushAt: Date | null
  /** Subjects that are held and not marked as deleted. */
  readonly subjects: number
}

/** What a finished push came to. */
export interface PushResult {
  readonly mode: PushMode
  /** Subjects that it brought. */
  readonly received: number
  /** Of them, those that were left out because the source holds a record that was updated later. */
  readonly older: number
  /** Subjects that a full push did not bring and that were kept all the same. */
  readonly kept: number
  /** Subjects held before and after, those marked as deleted left out. */
  readonly before: number
  readonly after: number
  readonly finishedAt: Date
}

/** A push that is under way or was finished. */
export interface PushState {
  readonly id: string
  readonly mode: PushMode
  readonly begunAt: Date
  /** The sequence number of the part that comes next; the first part is 1. */
  readonly nextSequence: number
  readonly received: number
  /** `null` until it is finished. */
  readonly result: PushResult | null
}

/** Why a push was not taken further. It changed nothing. Closed list. */
export type PushRefusal =
  | { readonly kind: 'refused'; readonly code: 'push-unknown' }
  /** A newer full push was begun, which ends an older one. */
  | { readonly kind: 'refused'; readonly code: 'push-superseded' }
  | { readonly kind: 'refused'; readonly code: 'push-finished' }
  /** The id belongs to a push of the other mode. */
  | { readonly kind: 'refused'; readonly code: 'mode-differs'; readonly mode: PushMode }
  | { readonly kind: 'refused'; readonly code: 'sequence-unexpected'; readonly nextSequence: number }
  /** A part with this number was written before and held something else. */
  | { readonly kind: 'refused'; readonly code: 'part-differs' }
  /** These subjects stand in the push more than once; the first few of them. */
  | { readonly kind: 'refused'; readonly code: 'subject-duplicate'; readonly subjects: readonly SubjectId[] }
  /** A full push that is empty, or less than half of what the source holds. */
  | {
      readonly kind: 'refused'
      readonly code: 'push-too-small'
      readonly before: number
      readonly after: number
    }

export type PushRefusalCode = PushRefusal['code']

/** One push of one source. */
export interface PushName {
  readonly source: string
  readonly push: string
}

/**
 * Subjects that the app pushes or imports, by source. A push is begun, takes parts in their order, and is finished; only
 * then does what it brought become visible, all at once. A push that is broken off changes nothing and can be gone on
 * with. At most one full push of a source is open: beginning another ends it.
 */
export interface PushedSubjectStore {
  /** `null`: nothing was ever pushed to this source. */
  pushedSource(source: string): Promise<PushedSourceState | null>
  /** Begins a push, or says how far it has come where it was begun before. */
  beginPush(push: PushName & { readonly mode: PushMode; readonly at: Date }): Promise<PushState | PushRefusal>
  /**
   * Takes one part. A part that was taken before, by its number and digest, is answered as then and not written again.
   *
   * @param part.digest says, in as many characters as it takes, what the part holds
   */
  writePushPart(
    part: PushName & {
      readonly sequence: number
      readonly digest: string
      readonly subjects: readonly PushedSubject[]
      readonly at: Date
    },
  ): Promise<PushState | PushRefusal>
  /**
   * Makes what a push brought visible; one that is finished already is answered as then.
   *
   * @param finish.allowShrink take a full push that is empty or less than half of what the source holds
   * @param finish.keepMissing keep the subjects that a full push does not bring, since it may have lost some
   * @param finish.entriesOf what the ledger is to hold of it; entered in the same transaction
   */
  finishPush(
    finish: PushName & {
      readonly at: Date
      readonly allowShrink: boolean
      readonly keepMissing: boolean
      readonly entriesOf: (result: PushResult) => readonly LedgerDraft[]
    },
  ): Promise<PushResult | PushRefusal>
  /** Gives up a push that is not finished; nothing of what it brought is ever shown. */
  abandonPush(push: PushName): Promise<void>

  /** The subjects that the source holds, in the order of their ids, at most `limit` after `after`. */
  pushedSubjects(
    source: string,
    type: SubjectType,
    after: string | null,
    limit: number,
  ): Promise<readonly PushedSubject[]>
  /** Those of these subjects that the source holds. */
  pushedSubjectsById(source: string, subjects: readonly SubjectId[]): Promise<readonly PushedSubject[]>
  /** The subjects that incremental pushes brought at this moment or after it, in the order of their ids. */
  incrementedSubjects(
    source: string,
    type: SubjectType,
    since: Date,
    after: string | null,
    limit: number,
  ): Promise<readonly PushedSubject[]>
  /** The subjects that were changed last. */
  recentPushedSubjects(source: string, type: SubjectType, count: number): Promise<readonly PushedSubject[]>
}

/** Whether a push was refused. */
export function isRefused<Answer extends object>(answer: Answer | PushRefusal): answer is PushRefusal {
  return 'kind' in answer && answer.kind === 'refused'
}
