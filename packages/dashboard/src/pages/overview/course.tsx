import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChartLine } from 'lucide-react'
import { useMemo } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Card } from '../../ui/card.tsx'
import { Chart } from '../../ui/chart.tsx'
import { Select } from '../../ui/field.tsx'
import { moneyText } from '../../ui/money.tsx'
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx'
import { percentText } from './percent.ts'

const lengths = [7, 30, 90] as const
const views = ['parity', 'money'] as const
const height = 220

/** Parity and money at risk, day by day. What is shown stands in the address. */
export function Course() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const days = lengths.find((length) => length === Number(search.days)) ?? 30
  const view = views.find((one) => one === search.show) ?? 'parity'
  const show = (next: { readonly days?: number; readonly show?: string }) => {
    const { days: length = days, show: what = view } = next
    void navigate({
      to: '/projects/$projectId/overview',
      params: { projectId },
      search: { ...(length === 30 ? {} : { days: length }), ...(what === 'parity' ? {} : { show: what }) },
      replace: true,
      resetScroll: false,
    })
  }
  return (
    <Card
      title="Over time"
      actions={
        <div className="flex w-full gap-2 sm:w-auto">
          <Select
            aria-label="What is shown"
            className="h-7 w-auto py-0 text-sm"
            value={view}
            onChange={({ target }) => show({ show: target.value })}
          >
            <option value="parity">In agreement</option>
            <option value="money">Money at risk</option>
          </Select>
          <Select
            aria-label="How long"
            className="h-7 w-auto py-0 text-sm"
            value={days}
            onChange={({ target }) => show({ days: Number(target.value) })}
          >
            {lengths.map((length) => (
              <option key={length} value={length}>
                {length} days
              </option>
            ))}
          </Select>
        </div>
      }
    >
      {view === 'parity' ? <ParityCourse days={days} /> : <MoneyCourse days={days} />}
    </Card>
  )
}

function Place() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="mb-2 h-7 w-48" />
      <Skeleton className="h-[220px]" />
    </div>
  )
}

function ParityCourse({ days }: { readonly days: number }) {
  const projectId = useProjectId()
  const parity = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/parity', { path: { projectId }, query: { days } }),
  )
  const drawn = useMemo(() => {
    const all = sinceBegun(parity.data?.days ?? [], parity.data?.days ?? [])
    return {
      times: all.map(({ until }) => Date.parse(until)),
      series: [
        {
          name: 'In agreement',
          color: 'accent',
          isFilled: true,
          values: all.map((day) => (day.parity ? day.parity.share * 100 : null)),
        },
      ],
    }
  }, [parity.data])
  return (
    <Loaded query={parity} skeleton={<Place />}>
      {() =>
        drawn.times.length < 2 ? (
          <Beginning isBegun={drawn.times.length > 0} />
        ) : (
          <Chart
            label="The share in agreement, by the last whole check of each day"
            height={height}
            valueText={percentOf}
            range={scaleOf(drawn.series[0]?.values ?? [])}
            {...drawn}
          />
        )
      }
    </Loaded>
  )
}

function percentOf(value: number): string {
  return Number.isInteger(value) ? `${value}%` : percentText(value / 100)
}

/** The days from the first one of which anything is known: a course begins where somebody first looked. */
function sinceBegun<Day extends { readonly day: string }>(
  days: readonly Day[],
  known: readonly { readonly day: string; readonly parity: unknown }[],
): readonly Day[] {
  const first = known.find(({ parity }) => parity !== null)?.day
  return first === undefined ? [] : days.filter(({ day }) => day >= first)
}

/** In the place of a course that is a point so far, as high as it will be. */
function Beginning({ isBegun }: { readonly isBegun: boolean }) {
  return (
    <EmptyState
      icon={<ChartLine aria-hidden />}
      title={isBegun ? 'The course begins today' : 'Nothing is known yet'}
      className="min-h-64 justify-center py-0"
    >
      {isBegun
        ? 'How it stands now is said above. From tomorrow on each day is drawn beside the one before.'
        : 'The course begins with the first check that reads everything.'}
    </EmptyState>
  )
}

const scales: readonly (readonly [number, number])[] = [
  [99, 100],
  [95, 100],
  [80, 100],
  [50, 100],
  [0, 100],
]

/** The closest scale that shows all of the values: the same object for the same scale, so that nothing is drawn anew. */
function scaleOf(values: readonly (number | null)[]): readonly [number, number] {
  const least = Math.min(...values.filter((value) => value !== null), 100)
  return scales.find(([from]) => least >= from) ?? [0, 100]
}

function MoneyCourse({ days }: { readonly days: number }) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const money = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/money', { path: { projectId }, query: { days } }),
  )
  const parity = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/parity', { path: { projectId }, query: { days } }),
  )
  const currencies = useMemo(() => {
    const all = (money.data?.days ?? []).flatMap(({ atRisk }) => [...atRisk.customer, ...atRisk.business])
    const known = [...new Set(all.map(({ currency }) => currency))]
    return known.length > 0 ? known : ['usd']
  }, [money.data])
  const currency = currencies.find((one) => one === search.currency) ?? currencies[0] ?? 'usd'
  const drawn = useMemo(() => {
    const all = sinceBegun(money.data?.days ?? [], parity.data?.days ?? [])
    const of = (hurts: 'customer' | 'business') =>
      all.map(({ atRisk }) => atRisk[hurts].find((sum) => sum.currency === currency)?.amount ?? 0)
    return {
      times: all.map(({ until }) => Date.parse(until)),
      series: [
        { name: 'Paid for, and not granted', color: 'danger', values: of('customer') },
        { name: 'Granted, and not paid for', color: 'warning', isDashed: true, values: of('business') },
      ],
      valueText: (amount: number) => moneyText({ amount: Math.round(amount), currency }).replace(/\.00$/, ''),
    }
  }, [money.data, parity.data, currency])
  return (
    <Loaded query={parity.data ? money : parity} skeleton={<Place />}>
      {() =>
        drawn.times.length < 2 ? (
          <Beginning isBegun={drawn.times.length > 0} />
        ) : (
          <>
            {currencies.length > 1 ? (
              <Select
                aria-label="Currency"
                className="mb-2 h-7 w-auto py-0 text-sm"
                value={currency}
                onChange={({ target }) =>
                  void navigate({
                    to: '/projects/$projectId/overview',
                    params: { projectId },
                    search: { ...search, currency: target.value },
                    replace: true,
                    resetScroll: false,
                  })
                }
              >
                {currencies.map((one) => (
                  <option key={one} value={one}>
                    {one.toUpperCase()}
                  </option>
                ))}
              </Select>
            ) : null}
            <Chart label={`Money at risk a month, in ${currency.toUpperCase()}`} height={height} {...drawn} />
          </>
        )
      }
    </Loaded>
  )
}
