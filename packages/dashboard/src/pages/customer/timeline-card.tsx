import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/field.tsx'
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx'
import { visible } from '../../ui/untrusted.tsx'
import { AccessChart } from './access-chart.tsx'
import { AccessTable } from './access-table.tsx'
import { type Component, courseOf } from './course.ts'

const components: Readonly<Record<Component, string>> = {
  plan: 'Plan',
  paid: 'Paid access',
  entitlements: 'Entitlements',
  seats: 'Seats',
}
const lengths = [7, 30, 90, 365] as const
const dayMs = 86_400_000
const selectLook = 'h-7 w-auto py-0 text-sm'

/** Promised against granted over time: a band from owed to allowed, and a line for what the app granted. */
export function TimelineCard({ customerId }: { readonly customerId: string }) {
  const projectId = useProjectId()
  const [component, setComponent] = useState<Component>('plan')
  const [days, setDays] = useState(90)
  const [key, setKey] = useState<string | undefined>(undefined)
  const [isTable, setTable] = useState(false)
  // The same moment until another length is asked for: each other one would be another question.
  const from = useMemo(() => new Date(Date.now() - days * dayMs).toISOString(), [days])
  const history = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/customers/{customerId}/history', {
      path: { projectId, customerId },
      query: { from },
    }),
    placeholderData: (before) => before,
  })
  const course = useMemo(() => (history.data ? courseOf(history.data, key) : null), [history.data, key])
  const pairs = history.data?.pairs ?? []
  return (
    <Card
      title="Timeline"
      description="Granted should lie within the band from owed to allowed."
      actions={
        <div className="flex flex-wrap gap-2">
          {pairs.length > 1 ? (
            <Select
              aria-label="Account"
              className={`${selectLook} max-w-48`}
              value={key ?? pairs[0]?.key}
              onChange={({ target }) => setKey(target.value)}
            >
              {pairs.map((pair) => (
                <option key={pair.key} value={pair.key}>
                  {visible(pair.key).slice(0, 60)}
                </option>
              ))}
            </Select>
          ) : null}
          <Select
            aria-label="Part of the access"
            className={selectLook}
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
          <Select
            aria-label="How long"
            className={selectLook}
            value={days}
            onChange={({ target }) => setDays(Number(target.value))}
          >
            {lengths.map((length) => (
              <option key={length} value={length}>
                {length === 365 ? 'A year' : `${length} days`}
              </option>
            ))}
          </Select>
          <Button size="small" kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? 'Show the picture' : 'Show as a table'}
          </Button>
        </div>
      }
    >
      <div className="min-h-64">
        <Loaded
          query={history}
          skeleton={
            <div role="status" aria-label="Loading">
              <Skeleton className="h-64" />
            </div>
          }
        >
          {({ levels, marksCut }) =>
            course === null ? (
              <EmptyState title="Nothing is known yet" className="h-64 justify-center py-0">
                The next full check reads both sides, and the picture begins there.
              </EmptyState>
            ) : (
              <>
                {isTable ? (
                  <AccessTable course={course} component={component} />
                ) : (
                  <AccessChart course={course} component={component} plans={levels} />
                )}
                {marksCut ? (
                  <p className="mt-2 text-muted text-xs">More happened than is marked; the latest is.</p>
                ) : null}
              </>
            )
          }
        </Loaded>
      </div>
    </Card>
  )
}
