import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { actWords } from '../incident/history-lines.ts'
import { Who } from '../incident/who.tsx'

/** What the ledger holds about a customer, the latest first. */
export function LedgerSteps({
  customerId,
  person,
}: {
  readonly customerId: string
  readonly person: string | null
}) {
  const projectId = useProjectId()
  const timeline = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/customers/{customerId}/timeline', {
      path: { projectId, customerId },
      query: { limit: 500 },
    }),
  )
  return (
    <Card
      title="Ledger"
      actions={
        person ? (
          <Link
            to="/projects/$projectId/ledger"
            params={{ projectId }}
            search={{ person }}
            className={buttonLook({ size: 'small' })}
          >
            In the ledger
          </Link>
        ) : null
      }
      isFlush
    >
      <Loaded query={timeline}>
        {({ steps }) =>
          steps.length === 0 ? (
            <EmptyState title="No entry">Nothing was done about this customer yet.</EmptyState>
          ) : (
            <ol className="max-h-96 divide-y divide-line overflow-y-auto border-line border-t">
              {steps.toReversed().map(({ sequence, at, act, by, sentence, erased }) => (
                <li key={sequence} className="px-4 py-2.5 text-sm">
                  <p className="flex flex-wrap items-baseline gap-x-2">
                    <Link
                      to="/projects/$projectId/ledger"
                      params={{ projectId }}
                      search={{ ...(person ? { person } : {}), entry: sequence }}
                      className="tabular rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
                    >
                      {sequence}
                    </Link>
                    <span className="font-medium">{actWords(act)}</span>
                    <span className="ml-auto text-muted text-xs">
                      <Who by={by} /> · <Moment at={at} />
                    </span>
                  </p>
                  {sentence ? (
                    <p className="text-muted">
                      <Untrusted text={sentence} isWhole maxLength={300} />
                    </p>
                  ) : erased ? (
                    <p className="text-faint">What was personal in it is erased.</p>
                  ) : null}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Card>
  )
}
