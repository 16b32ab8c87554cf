import type { MovedCount } from '@trueup/core'
import { movedCounts, SourceError } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import type { CheckProgress } from './progress.ts'

/** What is to be done about a part that is not what it was, in the words of the message. */
const confirm = 'if it is right, run `trueup check --accept-changes`'

/**
 * Compares what each part gave with what it gave in the last check that read everything. A part whose count moved too
 * far counts as not read whole: nothing is concluded from what it lacks, nothing is resolved, and `source-unreadable`
 * is filed, until a person looked and said that it is right.
 *
 * Keeps the counts and the shapes of the tables of this check for the next one.
 *
 * @param isAccepted Whether a person said so.
 */
export async function holdMovedParts(
  { project, billing, access }: CheckDependencies,
  checkId: string,
  isAccepted: boolean,
  report: (progress: CheckProgress) => void,
): Promise<void> {
  const { now, before } = await project.rowCounts(checkId, billing.name)
  await keepShapes({ project, access }, checkId)
  if (isAccepted || before === null) return
  const check = await project.loadCheck(checkId)
  for (const moved of movedCounts(now, before)) {
    if (check?.parts[moved.part]?.state !== 'complete') continue
    const [source = '', part = ''] = moved.part.split('/')
    const message = messageOf(moved)
    await project.setPart(checkId, source, part, { state: 'failed', code: 'count-moved', message })
    report({ kind: 'part', source, part, state: 'failed', message })
  }
}

function messageOf({ before, now }: MovedCount): string {
  const rows = now === 0 ? 'No row was read' : `${now} rows were read`
  const cause =
    now < before
      ? 'look whether the key or role may still see them all, and whether it is the right database'
      : 'look whether it is the right account or table'
  return `${rows}, and ${before} in the last complete check. Nothing is concluded from that: ${cause}; ${confirm}.`
}

/** A source that cannot say it now was heard by the read itself, and what it said there counts. */
async function keepShapes(
  { project, access }: Pick<CheckDependencies, 'project' | 'access'>,
  checkId: string,
): Promise<void> {
  const check = await project.loadCheck(checkId)
  const shapes: Record<string, string> = {}
  for (const source of access) {
    for (const part of ['users', 'organizations'] as const) {
      const name = `${source.name}/${part}`
      if (!source.shape || check?.parts[name]?.state !== 'complete') continue
      try {
        shapes[name] = (await source.shape(part)).shape
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
      }
    }
  }
  await project.keepShapes(checkId, shapes)
}
