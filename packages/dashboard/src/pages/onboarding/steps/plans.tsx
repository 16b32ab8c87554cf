import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, RefreshCw } from 'lucide-react'
import { useId, useState } from 'react'
import type { ItemOf } from '../../../api/operation.ts'
import { queryOf } from '../../../api/query.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { cx } from '../../../ui/cx.ts'
import { Input } from '../../../ui/field.tsx'
import { Money } from '../../../ui/money.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../../ui/states.tsx'
import { Untrusted } from '../../../ui/untrusted.tsx'
import { type DraftConfig, mapPrice, movePlan, planOfPrice, setPlanValues } from '../draft.ts'
import { DraftFrame } from '../draft-frame.tsx'
import type { StepProps } from '../use-onboarding.ts'

const list = 'GET /api/v1/projects/{projectId}/setup/prices'
type Price = ItemOf<typeof list>

/** Which price buys which plan. */
export function PlanMapping(props: StepProps) {
  const prices = useQuery({
    ...queryOf(list, { path: { projectId: props.projectId }, query: { usage: 'true' } }),
    staleTime: 60_000,
  })
  return (
    <DraftFrame step={props} isPending={prices.isPending}>
      {(config, change) => (
        <>
          <Card
            title="Prices"
            description="Each price that is sold, and the plan that your app knows it by."
            isFlush
            actions={
              <Button
                icon={<RefreshCw aria-hidden />}
                isBusy={prices.isFetching}
                onClick={() => void prices.refetch()}
              >
                Load from Stripe
              </Button>
            }
          >
            {prices.error ? <ErrorState error={prices.error} className="m-4" /> : null}
            {prices.isPending ? <SkeletonRows rows={6} /> : null}
            {prices.data ? <Prices prices={prices.data.items} config={config} change={change} /> : null}
          </Card>
          {prices.isPending ? null : <PlanOrder config={config} change={change} />}
        </>
      )}
    </DraftFrame>
  )
}

function Prices({
  prices,
  config,
  change,
}: {
  readonly prices: readonly Price[]
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
}) {
  const plansId = useId()
  if (prices.length === 0) {
    return (
      <EmptyState title="There are no prices in this account">
        Make them in Stripe, then load them here.
      </EmptyState>
    )
  }
  return (
    <div className="@container border-line border-t">
      <datalist id={plansId}>
        {config.catalogue.plans.map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <table className="w-full table-fixed text-sm">
        <thead className="text-left text-muted text-xs">
          <tr>
            <th className="px-4 py-2 font-medium">Price id</th>
            <th className="hidden w-40 px-2 py-2 font-medium @2xl:table-cell">Lookup key</th>
            <th className="hidden w-24 px-2 py-2 text-right font-medium @lg:table-cell">Customers</th>
            <th className="w-36 px-4 py-2 font-medium @lg:w-48 @2xl:w-64">App plan value</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-t">
          {prices.map((price) => (
            <PriceRow key={price.id} price={price} config={config} change={change} plansId={plansId} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PriceRow({
  price,
  config,
  change,
  plansId,
}: {
  readonly price: Price
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
  readonly plansId: string
}) {
  const plan = planOfPrice(config, price)
  const [typed, setTyped] = useState<string | null>(null)
  // What buys no plan of its own, such as an add-on, is mapped in the configuration.
  const other = price.mapping && price.mapping.kind !== 'plan' ? price.mapping : null
  const customers = price.usage?.customers ?? null
  const isUnmapped = plan === null && other === null
  const isOnOwn = config.catalogue.plans.some(({ prices = [] }) =>
    prices.some((name) => name === price.id || name === `lookup:${price.lookupKey}`),
  )
  return (
    <tr className={cx(isUnmapped && 'bg-warning-soft')}>
      <td className="px-4 py-2">
        <Untrusted text={price.id} isMono className="text-xs" />

        <div className="flex flex-wrap gap-x-2 text-muted text-xs">
          {price.lookupKey === null ? null : (
            <Untrusted text={price.lookupKey} isMono className="@2xl:hidden" />
          )}
          <Untrusted text={price.nickname ?? price.productName ?? price.productId} maxLength={60} />
          {price.unitAmount !== null && /^\d+$/.test(price.unitAmount) ? (
            <span>
              <Money amount={Number(price.unitAmount)} currency={price.currency} />
              {price.recurring
                ? ` / ${price.recurring.count > 1 ? `${price.recurring.count} ` : ''}${price.recurring.interval}`
                : ' once'}
            </span>
          ) : null}
          {price.active ? null : <Badge>archived</Badge>}
        </div>
      </td>
      <td className="hidden px-2 py-2 @2xl:table-cell">
        {price.lookupKey === null ? (
          <span className="text-faint">–</span>
        ) : (
          <Untrusted text={price.lookupKey} isMono className="text-xs" />
        )}
      </td>
      <td className="tabular hidden px-2 py-2 text-right @lg:table-cell">{customers ?? '–'}</td>
      <td className="px-4 py-2">
        {other ? (
          <Badge className="max-w-full">
            <span className="truncate">
              {other.kind}: {other.id}
            </span>
          </Badge>
        ) : (
          <div className="flex flex-col gap-1">
            <Input
              aria-label={`App plan value of ${price.id}`}
              list={plansId}
              value={typed ?? plan ?? ''}
              placeholder="No plan"
              className="h-8"
              onChange={({ target }) => setTyped(target.value)}
              onBlur={() => {
                if (typed !== null && typed.trim() !== (plan ?? ''))
                  change(mapPrice(config, price, typed.trim()))
                setTyped(null)
              }}
            />
            {isUnmapped ? (
              <span className="text-warning text-xs">
                Unmapped
                {customers === null || customers === 0
                  ? ''
                  : `: touches ${customers} ${customers === 1 ? 'customer' : 'customers'}`}
              </span>
            ) : plan !== null && !isOnOwn ? (
              <span className="text-muted text-xs">by its product</span>
            ) : null}
          </div>
        )}
      </td>
    </tr>
  )
}

/** The order of plans decides what is too low and what too high. */
function PlanOrder({
  config,
  change,
}: {
  readonly config: DraftConfig
  readonly change: (config: DraftConfig) => void
}) {
  const { plans } = config.catalogue
  return (
    <Card
      title="Plans, the lowest first"
      description="The order says what is too low and what too high. The first stands for those who pay nothing. App values: how your app writes the plan, where it is not its name."
    >
      <ol className="flex flex-col gap-1.5">
        {plans.map(({ id, values = [], prices = [], products = [] }, place) => (
          <li
            key={id}
            className="flex flex-wrap items-center gap-2 rounded-md border border-line px-3 py-1.5 text-sm"
          >
            <span className="tabular w-4 text-faint">{place + 1}</span>
            <span className="min-w-24 flex-1 font-medium">
              <Untrusted text={id} />
              <span className="ml-2 font-normal text-muted text-xs">
                {prices.length + products.length === 0
                  ? 'no price'
                  : `${prices.length} ${prices.length === 1 ? 'price' : 'prices'}${products.length > 0 ? `, ${products.length} products` : ''}`}
              </span>
            </span>
            <Input
              aria-label={`App values of ${id}`}
              defaultValue={values.join(', ')}
              placeholder={id}
              className="h-8 w-56"
              onBlur={({ target }) =>
                change(
                  setPlanValues(
                    config,
                    id,
                    target.value
                      .split(',')
                      .map((value) => value.trim())
                      .filter(Boolean),
                  ),
                )
              }
            />
            <Button
              size="small"
              kind="quiet"
              label={`Move ${id} down in rank`}
              icon={<ArrowUp aria-hidden />}
              unless={place === 0 ? 'It is the lowest.' : null}
              onClick={() => change(movePlan(config, id, -1))}
            />
            <Button
              size="small"
              kind="quiet"
              label={`Move ${id} up in rank`}
              icon={<ArrowDown aria-hidden />}
              unless={place === plans.length - 1 ? 'It is the highest.' : null}
              onClick={() => change(movePlan(config, id, 1))}
            />
          </li>
        ))}
      </ol>
    </Card>
  )
}
