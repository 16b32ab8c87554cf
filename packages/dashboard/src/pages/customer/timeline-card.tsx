import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/field.tsx'
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx'
import { AccessChart, AccessTable } from './access-chart.tsx'
import { type Component, courseOf } from './course.ts'
import type { Pair } from './verdict.ts'

const components: Readonly<Record<Component, string>> = {
  plan: 'Plan',
  paid: 'Paid access',
  entitlements: 'Entitlements',
  seats: 'Seats',
}

/** Promised against granted over time: a band from owed to allowed, and a line for what the app granted. */
export function TimelineCard({
  customerId,
  pair,
}: {
  readonly customerId: string
  readonly pair: Pair | undefined
}) {
  const projectId = useProjectId()
  const [component, setComponent] = useState<Component>('plan')
  const [isTable, setTable] = useState(false)
  const timeline = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/customers/{customerId}/timeline', {
      path: { projectId, customerId },
      query: { limit: 500 },
    }),
  )
  const plans = usePlans()
  const course = useMemo(
    () => (timeline.data ? courseOf(timeline.data.steps, pair, new Date()) : null),
    [timeline.data, pair],
  )
  return (
    <Card
      title="Timeline"
      description="Granted should lie within the band from owed to allowed."
      actions={
        <div className="flex flex-wrap gap-2">
          <Select
            aria-label="Part of the access"
            className="h-7 w-auto py-0 text-sm"
            value={component}
            onChange={({ target }) => {
              const chosen = Object.keys(components).find((one) => one === target.value)
              if (chosen) setComponent(chosen as Component)
            }}
          >
            {Object.entries(components).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
          <Button size="small" kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? 'Show the picture' : 'Show as a table'}
          </Button>
        </div>
      }
    >
      <Loaded
        query={timeline}
        skeleton={
          <div role="status" aria-label="Loading">
            <Skeleton className="h-64" />
          </div>
        }
      >
        {() =>
          course === null ? (
            <EmptyState title="Nothing is known yet" className="h-64 justify-center py-0">
              The next check reads both sides, and the picture begins there.
            </EmptyState>
          ) : isTable ? (
            <AccessTable course={course} component={component} />
          ) : (
            <AccessChart course={course} component={component} plans={plans} />
          )
        }
      </Loaded>
    </Card>
  )
}

/** The plans of the catalogue, the lowest first. */
function usePlans(): readonly string[] {
  const projectId = useProjectId()
  const { data } = useQuery(queryOf('GET /api/v1/projects/{projectId}/config', { path: { projectId } }))
  return useMemo(() => {
    const document: unknown = data?.document
    const plans = part(part(document, 'catalogue'), 'plans')
    if (!Array.isArray(plans)) return []
    return plans.flatMap((plan) => {
      const id = part(plan, 'id')
      return typeof id === 'string' ? [id] : []
    })
  }, [data])
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
