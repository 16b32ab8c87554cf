import { Link } from '@tanstack/react-router'
import type { Check } from '../../api/follow-check.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Moment } from '../../ui/moment.tsx'
import { phaseWords } from './check-words.ts'

const kinds: Readonly<Record<Check['kind'], string>> = {
  full: 'Full check',
  recent: 'Recent check',
  single: 'Single check',
}

function standing({ kind, finishedAt, complete, phase, dryRun }: Check): readonly [Tone, string] {
  if (finishedAt === null) return ['info', phaseWords[phase]]
  if (dryRun) return ['neutral', 'dry run']
  if (kind !== 'full') return ['neutral', 'finished']
  return complete ? ['success', 'complete'] : ['warning', 'incomplete']
}

/** The last checks, and what each came to. */
export function LastChecks({ checks }: { readonly checks: readonly Check[] }) {
  const projectId = useProjectId()
  return (
    <ul className="divide-y divide-line border-line border-t">
      {checks.map((check) => {
        const { id, kind, startedAt, counts } = check
        const [tone, words] = standing(check)
        return (
          <li key={id}>
            <Link
              to="/projects/$projectId/checks/$checkId"
              params={{ projectId, checkId: id }}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm outline-offset-[-2px] hover:bg-hover"
            >
              <span className="font-medium">{kinds[kind]}</span>
              <Badge tone={tone}>{words}</Badge>
              <Moment at={startedAt} className="ml-auto text-muted" />
              <span className="w-full text-muted">
                {counts
                  ? `${counts.agrees.toLocaleString('en-GB')} agree, ${counts.drifts.toLocaleString('en-GB')} drift, ${counts.cannotTell.toLocaleString('en-GB')} cannot be told`
                  : 'At work'}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
