import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { kindWords, namesOf } from '../incident/words.ts'

/** How many incidents are open or acknowledged, by kind, each kind a way to its list. */
export function OpenByKind() {
  const projectId = useProjectId()
  const counts = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/incidents/counts', {
      path: { projectId },
      query: { state: ['open', 'acknowledged'] },
    }),
  )
  return (
    <Card
      title="Open incidents"
      description={counts.data ? `${counts.data.total.toLocaleString('en-GB')} by kind` : ' '}
      actions={
        <Link
          to="/projects/$projectId/incidents"
          params={{ projectId }}
          className={buttonLook({ size: 'small' })}
        >
          Show all
        </Link>
      }
      isFlush
    >
      <div className="min-h-72">
        <Loaded query={counts}>
          {({ byKind, total }) => {
            const kinds = namesOf(kindWords)
              .map((kind) => ({ kind, count: byKind[kind] ?? 0 }))
              .filter(({ count }) => count > 0)
              .toSorted((one, other) => other.count - one.count)
            if (total === 0) {
              return (
                <EmptyState icon={<CircleCheck aria-hidden />} title="Nothing is open">
                  Everybody whom the last check could tell has what was promised.
                </EmptyState>
              )
            }
            const most = kinds[0]?.count ?? 1
            return (
              <ul className="max-h-96 overflow-y-auto pb-2">
                {kinds.map(({ kind, count }) => (
                  <li key={kind}>
                    <Link
                      to="/projects/$projectId/incidents"
                      params={{ projectId }}
                      search={{ kind }}
                      className="group grid grid-cols-[minmax(0,11rem)_minmax(0,1fr)_2.5rem] items-center gap-3 px-4 py-1.5 text-sm outline-offset-[-2px] hover:bg-hover"
                    >
                      <span className="truncate">{kindWords[kind]}</span>
                      <span
                        className="h-1.5 overflow-hidden rounded-full bg-hover group-hover:bg-line"
                        aria-hidden
                      >
                        <span
                          className="block h-full rounded-full bg-accent-solid"
                          style={{ width: `${(count / most) * 100}%` }}
                        />
                      </span>
                      <span className="tabular text-right font-medium">{count.toLocaleString('en-GB')}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }}
        </Loaded>
      </div>
    </Card>
  )
}
