import type { ItemOf } from '../../api/operation.ts'
import type { Repair } from './repair-words.ts'
import type { Incident } from './words.ts'

type Entry = ItemOf<'GET /api/v1/projects/{projectId}/ledger'>

/** One act in the history of an incident. */
export interface HistoryLine {
  readonly key: string
  readonly at: string
  readonly by: string
  readonly words: string
  /** The class of its point. */
  readonly tone: string
  readonly note: string | null
  /** Whose work it became; left out: the act is another. */
  readonly assignee?: string | null
  /** Its entry in the ledger; `null`: it is not entered yet. */
  readonly sequence: number | null
}

const acts: Readonly<Record<string, readonly [words: string, tone: string]>> = {
  'incident-opened': ['Opened', 'bg-danger'],
  'incident-seen-again': ['Seen again', 'bg-faint'],
  'incident-reopened': ['Opened again', 'bg-danger'],
  'incident-acknowledged': ['Acknowledged', 'bg-accent'],
  'incident-ignored': ['Ignored', 'bg-faint'],
  'incident-assigned': ['Assigned', 'bg-faint'],
  'incident-commented': ['Commented', 'bg-faint'],
  'incident-resolved': ['Resolved', 'bg-success'],
  'config-version': ['Configuration changed', 'bg-faint'],
  'cause-found': ['Cause worked out', 'bg-faint'],
  'repair-proposed': ['Repair proposed', 'bg-info'],
  'repair-approved': ['Repair approved', 'bg-accent'],
  'repair-rejected': ['Repair rejected', 'bg-faint'],
  'repair-intended': ['Repair sent', 'bg-warning'],
  'repair-applied': ['Repair applied', 'bg-warning'],
  'repair-conflicted': ['Repair met another value', 'bg-warning'],
  'repair-superseded': ['Repair superseded', 'bg-faint'],
  'repair-expired': ['Approval of the repair ran out', 'bg-faint'],
  'repair-denied': ['Repair denied by the target', 'bg-danger'],
  'repair-abandoned': ['Repair given up', 'bg-faint'],
  'repair-verified': ['Repair verified', 'bg-success'],
  'repair-failed': ['Repair not verified', 'bg-danger'],
  'repair-undone': ['Repair taken back', 'bg-warning'],
}

/**
 * The acts on an incident and its repairs in order. What is in the ledger has the number of its entry; what only the
 * ledger knows of is there too.
 */
export function historyLines(
  history: Incident['history'],
  repairs: readonly Pick<Repair, 'id' | 'history'>[],
  entries: readonly Pick<Entry, 'sequence' | 'at' | 'act' | 'by' | 'about'>[],
): readonly HistoryLine[] {
  const left = [...entries]
  const line = (act: string, at: string, by: string, note: string | null, about: string | null) => {
    const place = left.findIndex(
      (entry) => entry.act === act && entry.at === at && (about === null || entry.about.repair === about),
    )
    const [entry] = place < 0 ? [] : left.splice(place, 1)
    return lineOf(act, at, by, note, entry?.sequence ?? null, about ?? '')
  }
  const lines = [
    ...history.map(({ act, at, by, note, assignee }) => ({
      ...line(act, at, by, note, null),
      ...(act === 'incident-assigned' ? { assignee: assignee ?? null } : {}),
    })),
    ...repairs.flatMap(({ id, history: steps }) =>
      steps.map(({ act, at, by, note }) => line(act, at, by, note, id)),
    ),
  ]
  const others = left.map(({ act, at, by, sequence }) => lineOf(act, at, by, null, sequence, ''))
  return [...lines, ...others].toSorted(
    (one, other) => Date.parse(one.at) - Date.parse(other.at) || (one.sequence ?? 0) - (other.sequence ?? 0),
  )
}

/** An act of the ledger as it is read. */
export function actWords(act: string): string {
  return acts[act]?.[0] ?? act.replaceAll('-', ' ')
}

function lineOf(
  act: string,
  at: string,
  by: string,
  note: string | null,
  sequence: number | null,
  about: string,
): HistoryLine {
  const words = actWords(act)
  const tone = acts[act]?.[1] ?? 'bg-faint'
  return { key: `${sequence ?? ''} ${act} ${at} ${about}`, at, by, words, tone, note, sequence }
}
