import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Shape } from '../../api/operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { type Amount, MoneyList } from '../../ui/money.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { componentWord, kindWords, severityTones, severityWords } from '../incident/words.ts'
import type { WhatIf } from './ask-what-if.ts'
import type { WhatIfAsked } from './use-what-if.ts'

type Totals = NonNullable<WhatIf['totals']>
type Sum = Shape<'WhatIfSum'>
type Change = WhatIf['items'][number]

/** What a document would open and close: sums with money, what to beware of, and who it is about. */
export function WhatIfAnswer({
  projectId,
  asked,
  answer: { told, because, check, complete, totals, items, next },
}: {
  readonly projectId: string
  readonly asked: WhatIfAsked
  readonly answer: WhatIf
}) {
  if (!told) {
    return (
      <EmptyState icon={<TriangleAlert aria-hidden />} title="It cannot be told beforehand">
        <ul className="flex flex-col gap-2">
          {because.map(({ code, message, fix }) => (
            <li key={code}>
              {message} {fix}
            </li>
          ))}
        </ul>
      </EmptyState>
    )
  }
  return (
    <section aria-label="What it would change" className="flex flex-col gap-4 text-sm">
      {totals ? <Sums totals={totals} /> : null}
      <p className="text-muted">
        {totals ? <>{totals.pairs.toLocaleString('en-GB')} were judged, as the </> : <>As the </>}
        {check ? (
          <Link
            to="/projects/$projectId/checks/$checkId"
            params={{ projectId, checkId: check.id }}
            className="text-accent underline"
          >
            last full check
          </Link>
        ) : (
          'last full check'
        )}{' '}
        read them{check ? <> </> : null}
        {check ? <Moment at={check.startedAt} /> : null}.
        {complete ? null : ' That check did not read everything, so there may be more.'}
      </p>
      {totals ? <Brakes totals={totals} /> : null}
      {items.length + (totals?.shared.length ?? 0) > 0 ? (
        <ul className="divide-y divide-line rounded-md border border-line">
          {totals?.shared.map((change) => (
            <ChangeLine key={`shared ${keyOf(change)}`} projectId={projectId} change={change} />
          ))}
          {items.map((change) => (
            <ChangeLine key={keyOf(change)} projectId={projectId} change={change} />
          ))}
        </ul>
      ) : null}
      {asked.moreError ? <ErrorState error={asked.moreError} onRetry={asked.more} /> : null}
      {next ? (
        <div>
          <Button isBusy={asked.isReadingMore} onClick={asked.more}>
            Show more
          </Button>
        </div>
      ) : null}
    </section>
  )
}

function Sums({ totals: { opens, closes, stays, verdicts } }: { readonly totals: Totals }) {
  if (opens.total + closes.total === 0) {
    return (
      <p role="status" className="rounded-md bg-success-soft px-3 py-2">
        Nothing would open and nothing close. {stays.total.toLocaleString('en-GB')} stay open.
      </p>
    )
  }
  const difference = verdicts.after.agrees - verdicts.before.agrees
  return (
    <div role="status" className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <SumCard title="Would open" sum={opens} tone="text-danger" />
        <SumCard title="Would close" sum={closes} tone="text-success" />
      </div>
      <p className="text-muted">
        {stays.total.toLocaleString('en-GB')} stay open. {verdicts.after.agrees.toLocaleString('en-GB')} agree
        in place of {verdicts.before.agrees.toLocaleString('en-GB')}
        {difference === 0
          ? ''
          : ` (${difference > 0 ? '+' : '−'}${Math.abs(difference).toLocaleString('en-GB')})`}
        .
      </p>
    </div>
  )
}

function SumCard({ title, sum, tone }: { readonly title: string; readonly sum: Sum; readonly tone: string }) {
  const { total, byKind, money, withoutMoney } = sum
  const borne: readonly (readonly [string, readonly Amount[]])[] = [
    ['customers', money.customer],
    ['the business', money.business],
    ['both', money.both],
  ]
  return (
    <section aria-label={title} className="rounded-md border border-line px-3 py-2.5">
      <h3 className="text-muted">{title}</h3>
      <p className={`tabular font-semibold text-2xl ${total > 0 ? tone : ''}`}>
        {total.toLocaleString('en-GB')}
      </p>
      {borne
        .filter(([, amounts]) => amounts.length > 0)
        .map(([who, amounts]) => (
          <p key={who}>
            <MoneyList amounts={amounts} /> <span className="text-muted">a month, borne by {who}</span>
          </p>
        ))}
      {withoutMoney > 0 && total > 0 ? (
        <p className="text-muted">{withoutMoney.toLocaleString('en-GB')} of which no sum can be named</p>
      ) : null}
      {byKind.length > 0 ? (
        <ul className="mt-2 border-line border-t pt-2">
          {byKind.map(({ kind, count, money: ofKind }) => (
            <li key={kind} className="flex flex-wrap justify-between gap-x-3">
              <span>
                {count.toLocaleString('en-GB')} {kindWords[kind]}
              </span>
              <MoneyList amounts={[...ofKind.customer, ...ofKind.business, ...ofKind.both]} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function Brakes({ totals: { brakes } }: { readonly totals: Totals }) {
  if (!brakes.holds && brakes.collapsed.length === 0) return null
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-md bg-warning-soft px-3 py-2">
      {brakes.holds ? (
        <p>
          More than {brakes.holdLimit.toLocaleString('en-GB')} would newly drift: repairs would be held until
          a person releases them.
        </p>
      ) : null}
      {brakes.collapsed.map(({ kind, component, pairs }) => (
        <p key={`${kind} ${component}`}>
          {pairs.toLocaleString('en-GB')} alike ({kindWords[kind]}, {componentWord(component)}): one incident
          would stand for them all. That is a sign of a wrong mapping.
        </p>
      ))}
    </div>
  )
}

function ChangeLine({ projectId, change }: { readonly projectId: string; readonly change: Change }) {
  const { becomes, kind, severity, subject, customerId, component, incident, moneyAtRisk } = change
  const who = subject?.id ?? customerId
  const link = 'rounded-sm hover:underline'
  const about: ReactNode =
    who === null ? (
      <span>Many at once</span>
    ) : customerId ? (
      <Link
        to="/projects/$projectId/customers/$customerId"
        params={{ projectId, customerId }}
        className={link}
      >
        <Untrusted text={who} isMono maxLength={60} />
      </Link>
    ) : (
      <Untrusted text={who} isMono maxLength={60} />
    )
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <Badge tone={becomes === 'opens' ? 'danger' : 'success'}>{becomes}</Badge>
      <span className="font-medium">{kindWords[kind]}</span>
      <span className="text-muted">{componentWord(component)}</span>
      <span className="min-w-0">{about}</span>
      <span className="ml-auto flex items-center gap-3">
        {moneyAtRisk ? <MoneyList amounts={[moneyAtRisk]} /> : null}
        <Badge tone={severityTones[severity]}>{severityWords[severity]}</Badge>
        {incident ? (
          <Link
            to="/projects/$projectId/incidents/$incidentId"
            params={{ projectId, incidentId: incident.id }}
            className="text-accent underline"
          >
            Incident
          </Link>
        ) : null}
      </span>
    </li>
  )
}

function keyOf({ becomes, kind, component, subject, customerId, incident }: Change): string {
  return [becomes, kind, component, subject?.id, customerId, incident?.id].join(' ')
}
