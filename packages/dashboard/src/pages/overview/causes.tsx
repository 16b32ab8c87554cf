import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { type Amount, Money } from '../../ui/money.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { causeWords, confidenceTones } from '../incident/words.ts'

/** What probably broke, those of the most incidents first: each has one fix for all of them. */
export function Causes() {
  const projectId = useProjectId()
  const causes = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/causes', { path: { projectId }, query: { limit: 20 } }),
  )
  const pending = causes.data?.pending ?? 0
  return (
    <Card
      title="Causes"
      description={
        pending > 0
          ? `One fix each. Of ${pending.toLocaleString('en-GB')} incidents it is being worked out.`
          : 'What incidents have in common: one fix each.'
      }
      isFlush
    >
      <div className="min-h-72">
        <Loaded query={causes}>
          {({ items }) => {
            // What is not known is no cause to begin with.
            const known = [...items].sort(
              (one, other) => Number(one.kind === 'unknown') - Number(other.kind === 'unknown'),
            )
            if (known.length === 0) return <EmptyState title="Nothing is broken that is known of" />
            return (
              <ul className="max-h-96 divide-y divide-line overflow-y-auto border-line border-t">
                {known.map(({ id, kind, confidence, sentence, fix, incidents, moneyAtRisk }) => (
                  <li key={id}>
                    <Link
                      to="/projects/$projectId/incidents"
                      params={{ projectId }}
                      search={{ cause: id }}
                      className="block px-4 py-2.5 text-sm outline-offset-[-2px] hover:bg-hover"
                    >
                      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                        <span className="font-medium">{causeWords[kind]}</span>
                        {confidence ? <Badge tone={confidenceTones[confidence]}>{confidence}</Badge> : null}
                        <span className="tabular ml-auto whitespace-nowrap text-muted">
                          {incidents === 1 ? '1 incident' : `${incidents.toLocaleString('en-GB')} incidents`}
                        </span>
                      </span>
                      <span className="mt-0.5 block text-muted">
                        <Untrusted text={sentence} isWhole maxLength={300} />
                      </span>
                      <span className="mt-0.5 block">
                        <Untrusted text={fix} isWhole maxLength={300} />
                      </span>
                      <span className="mt-0.5 flex flex-wrap gap-x-3 text-muted text-xs">
                        {moneyAtRisk.customer.filter(isSome).map((amount) => (
                          <span key={`customer ${amount.currency}`}>
                            <Money {...amount} /> not granted
                          </span>
                        ))}
                        {moneyAtRisk.business.filter(isSome).map((amount) => (
                          <span key={`business ${amount.currency}`}>
                            <Money {...amount} /> not paid for
                          </span>
                        ))}
                      </span>
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

function isSome({ amount }: Amount): boolean {
  return amount !== 0
}
